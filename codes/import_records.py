"""What is kept about imports besides their releases: refusals, and terms that were accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class RefusedImport(models.Model):
    """An import that was refused, with what was wrong; nothing of its files was stored."""

    format = models.CharField(max_length=60, help_text="As it is typed at the command.")
    files = models.TextField()
    at = models.DateTimeField("refused at", db_default=Now())
    message = models.TextField()
    problem_count = models.PositiveIntegerField("number of problems", default=0, db_default=0)
    problems = models.JSONField(
        default=list, blank=True, help_text="The first problems, each with file and line."
    )

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.format}, {self.at:%Y-%m-%d %H:%M}"


class NoticeAcceptance(models.Model):
    """Who accepted the terms under which files of a publisher are used, and when; never changed.

    ``notice`` "ama": public files keyed by CPT codes, which carry the AMA's notice. "cpt": the
    AMA's own files, by a licence, which is then recorded too, once a year.
    """

    class Notice(models.TextChoices):
        """Whose terms."""

        AMA = "ama", "AMA notice in files keyed by CPT codes"
        CPT = "cpt", "licence for the AMA’s CPT files"

    notice = models.CharField(max_length=10, choices=Notice)
    accepted_by = models.CharField(max_length=200, help_text="The name of a person.")
    at = models.DateTimeField("accepted at", db_default=Now())
    licence_holder = models.CharField(max_length=200, blank=True, db_default="")
    licence_number = models.CharField(max_length=60, blank=True, db_default="")
    licence_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice"], condition=~Q(notice="cpt"), name="noticeacceptance_once"
            ),
            models.UniqueConstraint(
                fields=["licence_number", "licence_year"],
                condition=Q(notice="cpt"),
                name="noticeacceptance_licence_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__regex=r"\S"), name="noticeacceptance_names_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(notice="cpt")
                | Q(
                    licence_holder__regex=r"\S",
                    licence_number__regex=r"\S",
                    licence_year__isnull=False,
                    licence_year__gte=1966,
                ),
                name="noticeacceptance_names_licence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_notice_display()}, accepted by {self.accepted_by}"
