"""Changes of lists: more than one row each, and safe when two windows do them at once.

Every action locks the list first, so that the limit of its size and its order hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Now

from codes.lists import (
    MAX_CODES,
    MAX_LISTS,
    CodeList,
    CodeListEntry,
    CodeListEntryQuerySet,
    CodeListQuerySet,
    RemovedEntry,
)
from codes.models import Code, Release

FIRST_NAME = "My codes"
"""The list that is made for whoever adds a code without having one."""


class Full(Exception):
    """A limit is reached; the text says which, for the reader."""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding codes did: those that are new in the list, and those that were there."""

    to: CodeList
    new: list[Code]
    there: list[Code]


class Gone(Exception):
    """The list was deleted in another window."""


class NameTaken(Exception):
    """The user has another list of this name."""


@transaction.atomic
def create_list(*, owner: AbstractBaseUser, name: str, about: str = "") -> CodeList:
    """Return a new list; ``Full`` at the limit, ``NameTaken`` where the name is."""
    own = _lists_locked(owner)
    if own.named(name).exists():
        raise NameTaken
    if own.count() >= MAX_LISTS:
        raise Full(f"You have {MAX_LISTS} lists, which is the most. Delete one first.")
    return CodeList.objects.create(owner_id=owner.pk, name=name, about=about)


@transaction.atomic
def rename_list(*, of: CodeList, owner: AbstractBaseUser, name: str, about: str) -> None:
    """Give a list of the owner another name and purpose; ``NameTaken``, ``Gone``."""
    own = _lists_locked(owner)
    if own.named(name).exclude(pk=of.pk).exists():
        raise NameTaken
    if not own.filter(pk=of.pk).update(name=name, about=about):
        raise Gone


@transaction.atomic
def add_to_named(
    *, owner: AbstractBaseUser, name: str, codes: Sequence[Code], note: str = ""
) -> Added:
    """Put codes into the list of this name, which is made if there is none; all or nothing."""
    to = _lists_locked(owner).named(name).first() or create_list(owner=owner, name=name)
    return add_codes(to=to, codes=codes, note=note)


@transaction.atomic
def add_to_last(*, owner: AbstractBaseUser, codes: Sequence[Code], note: str = "") -> Added:
    """Put codes into the list used last, or into a first one; all or nothing."""
    to = _lists_locked(owner).first() or create_list(owner=owner, name=FIRST_NAME)
    return add_codes(to=to, codes=codes, note=note)


@transaction.atomic
def add_codes(*, to: CodeList, codes: Sequence[Code], note: str = "") -> Added:
    """Put codes at the end of a list, each once; all of them, or ``Full`` or ``Gone``.

    Five statements.
    """
    entries = _locked(to)
    there = set(entries.filter(code__in=codes).values_list("code_id", flat=True))
    new = list({code.pk: code for code in codes if code.pk not in there}.values())
    last = entries.aggregate(last=Max("position", default=0))["last"]
    if last + len(new) > MAX_CODES:
        raise Full(f"A list holds at most {MAX_CODES} codes; “{to.name}” has {last}.")
    shown = _shown_editions({code.system_id for code in new})
    CodeListEntry.objects.bulk_create(
        CodeListEntry(
            list=to, code=code, note=note, position=last + i, seen_id=shown.get(code.system_id)
        )
        for i, code in enumerate(new, start=1)
    )
    RemovedEntry.objects.filter(list=to, code__in=new).delete()
    CodeList.objects.filter(pk=to.pk).update(used_at=Now())
    return Added(to, new, [code for code in codes if code.pk in there])


@transaction.atomic
def remove_entry(*, entry: CodeListEntry) -> None:
    """Take a code out of its list; until the next one it can be put back."""
    entries = _locked(entry.list)
    current = entries.filter(pk=entry.pk).first()
    if current is None:
        return
    kept = ("code_id", "note", "position", "seen_id")
    values = {name: getattr(current, name) for name in kept}
    RemovedEntry.objects.update_or_create(list=entry.list, defaults=values)
    current.delete()
    entries.filter(position__gt=current.position).update(position=F("position") - 1)


@transaction.atomic
def restore_removed(*, of: CodeList) -> Code | None:
    """Put the code that was removed last back where it was; return it.

    Nothing where none was removed, or where it is in the list again.
    """
    entries = _locked(of)
    removed = RemovedEntry.objects.filter(list=of).select_related("code__system").first()
    if removed is None:
        return None
    removed.delete()
    if entries.filter(code=removed.code_id).exists():
        return None
    size = entries.count()
    if size >= MAX_CODES:
        raise Full(f"A list holds at most {MAX_CODES} codes; “{of.name}” has {size}.")
    position = min(removed.position, size + 1)
    entries.filter(position__gte=position).update(position=F("position") + 1)
    entries.create(
        list=of, code=removed.code, note=removed.note, position=position, seen_id=removed.seen_id
    )
    return removed.code


@transaction.atomic
def move_entry(*, entry: CodeListEntry, to: int) -> None:
    """Give a code another place in its list, counted from 1; beyond the end is the end.

    Nothing where it was taken out in another window meanwhile.
    """
    entries = _locked(entry.list)
    current = entries.filter(pk=entry.pk).first()
    if current is None:
        return
    target = max(1, min(to, entries.count()))
    between = entries.exclude(pk=entry.pk)
    if target < current.position:
        moved = between.filter(position__gte=target, position__lt=current.position)
        moved.update(position=F("position") + 1)
    else:
        moved = between.filter(position__gt=current.position, position__lte=target)
        moved.update(position=F("position") - 1)
    entries.filter(pk=entry.pk).update(position=target)


@transaction.atomic
def sort_by_code(*, of: CodeList) -> None:
    """Order a list by system and then as the systems print their codes."""
    entries = _locked(of)
    printed = list(entries.order_by("code__system__position", "code__position", "pk"))
    for i, entry in enumerate(printed, start=1):
        entry.position = i
    CodeListEntry.objects.bulk_update(printed, ["position"])


def mark_seen(*, of: CodeList) -> None:
    """Note that the owner has seen what changed up to the editions shown now; one statement."""
    shown = Release.objects.current().filter(system__codes=OuterRef("code_id")).values("pk")[:1]
    of.entries.update(seen_id=Subquery(shown))


def _lists_locked(owner: AbstractBaseUser) -> CodeListQuerySet:
    """Have other changes of the user's lists wait; return them, the last used first."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    return CodeList.objects.for_user(owner)


def _locked(of: CodeList) -> CodeListEntryQuerySet:
    """Have other changes of the list wait; return its entries, or ``Gone``."""
    if CodeList.objects.select_for_update(no_key=True).filter(pk=of.pk).first() is None:
        raise Gone
    return CodeListEntry.objects.filter(list=of)


def _shown_editions(systems: set[int]) -> dict[int, int]:
    """Return the current edition of each system, by system; one query."""
    current = Release.objects.current().filter(system__in=systems)
    return {system: pk for pk, system in current.values_list("pk", "system_id") if system}
