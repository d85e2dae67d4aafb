"""What each edition of a code system says of its codes, and what it changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from codes.models import Code, CodeNote, Release


class NoteSet(models.Model):
    """What stands below the name of a code: its notes, terms, 7th characters and successors.

    Editions that print the same share it, so that an edition costs only what it changed. Never
    changed itself. A code below which nothing stands has none.
    """

    code = models.ForeignKey(
        Code, on_delete=models.CASCADE, related_name="note_sets", db_index=False
    )
    inclusion_terms = ArrayField(models.TextField(), default=list)
    notes = models.JSONField(default=list, help_text="Pairs of kind and text, as printed.")
    characters = models.JSONField(default=list, help_text="Pairs of 7th character and meaning.")
    successors = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of codes.")
    digest = models.UUIDField(help_text="MD5 of all that, by which editions find what is the same.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "digest"], name="noteset_once"),
        ]

    def __str__(self) -> str:
        return f"notes of {self.code_id}"

    def lines(self, term_title: str) -> list[str]:
        """Return the terms, notes and 7th characters as lines, each with its printed heading.

        Successors are no lines: the page of a deleted code names them.
        """
        headings = dict(CodeNote.Kind.choices)
        return [
            *(f"{term_title}: {term}" for term in self.inclusion_terms),
            *(f"{headings[kind]}: {text}" for kind, text in self.notes),
            *(f"7th character {value}: {meaning}" for value, meaning in self.characters),
        ]


class CodeVersion(models.Model):
    """What one edition says of one code or heading; written once by its import, never changed.

    ``Code`` is what is shown now. A code that an edition does not name has no version of it.
    ``ancestors`` and ``note_set`` are kept where the edition is whole (``Release.is_whole``).
    """

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=10, choices=Code.Kind)
    key = models.CharField(max_length=40)
    display = models.CharField(max_length=40)
    billable = models.BooleanField()
    short_descriptor = models.CharField(max_length=400)
    medium_descriptor = models.CharField(max_length=400, blank=True)
    long_descriptor = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="The last day of use, as the edition has it.")
    position = models.PositiveIntegerField()
    ancestors = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    note_set = models.ForeignKey(
        NoteSet, on_delete=models.CASCADE, related_name="+", null=True, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "kind", "key"], name="codeversion_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["chapter", "section", "category", "code"]),
                name="codeversion_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display} in release {self.release_id}"


class CodeChange(models.Model):
    """What one edition changed about one code, against the edition before; see codes/changes.py.

    ``before`` and ``after`` are what the two editions say; either may say nothing of the code.
    """

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="changes")
    before = models.ForeignKey(CodeVersion, on_delete=models.CASCADE, related_name="+", null=True)
    after = models.ForeignKey(CodeVersion, on_delete=models.CASCADE, related_name="+", null=True)
    is_added = models.BooleanField(help_text="New, or in use again after it had ended.")
    is_deleted = models.BooleanField(help_text="No longer there, or there with a last day.")
    is_revised = models.BooleanField(help_text="One of its descriptors has another wording.")
    is_rebilled = models.BooleanField(help_text="It became billable, or stopped being so.")
    is_renoted = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Other notes, inclusion terms or 7th characters stand below it.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code"], name="codechange_once"),
            models.CheckConstraint(
                condition=Q(is_added=True)
                | Q(is_deleted=True)
                | Q(is_revised=True)
                | Q(is_rebilled=True)
                | Q(is_renoted=True),
                name="codechange_is_one",
            ),
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False),
                name="codechange_has_a_side",
            ),
        ]

    def __str__(self) -> str:
        return f"change of {self.code_id} in release {self.release_id}"


class EditionText(models.Model):
    """A text about a code that came with an edition, such as a publisher's words for lay people.

    ``AuthoredText`` is what is shown now, and what an editor made of it.
    """

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="edition_texts", db_index=False
    )
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    markdown = models.TextField()
    html = models.TextField(help_text="Sanitised when it was read.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code", "kind"], name="editiontext_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.code_id} in release {self.release_id}"
