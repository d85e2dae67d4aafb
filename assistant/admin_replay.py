"""The admin page of a receipt: a stored question asked again of what is held today."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assistant.actions import display_modes
from assistant.conversations import Turn
from assistant.receipts import Became, Change, Replay, asker_then, replay
from assistant.showing import may_show
from codes.textdiff import Piece, compare

if TYPE_CHECKING:
    from django.contrib import admin

    TurnModelAdmin = admin.ModelAdmin[Turn]

_TITLES = (
    (Became.CHANGED, "Changed"),
    (Became.NEW, "Added"),
    (Became.GONE, "No longer said"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The statements that became the same thing, with the words that differ."""

    title: str
    rows: list[tuple[Change, list[Piece]]]


@require_safe
def replay_page(request: HttpRequest, pk: Any, model_admin: "TurnModelAdmin") -> HttpResponse:
    """Show what the same asker would be told today, compared with what was stored.

    Stores nothing and charges nobody. Five queries, and those of one answer; no answer is made
    where the licence of the stored one has ended.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    turn = get_object_or_404(Turn.objects.select_related("conversation"), pk=pk)
    is_shown = may_show(turn.modes, display_modes())
    again = replay(turn, asker_then(turn)) if is_shown else None
    values = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": turn,
        "title": "Replay against today's editions",
        "change_url": reverse("admin:assistant_turn_change", args=[turn.pk]),
        "replay": again,
        "groups": list(_groups(again)) if again else [],
    }
    return render(request, "admin/assistant/replay.html", values)


def _groups(again: Replay) -> Iterator[Group]:
    for became, title in _TITLES:
        rows = [
            (change, compare(change.before, change.now))
            for change in again.changes
            if change.became is became
        ]
        if rows:
            yield Group(title, rows)
