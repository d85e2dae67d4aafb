"""Medicare's list of telehealth services."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from codes.facts.base import FactQuerySet
from codes.models import Release


class TelehealthService(models.Model):
    """A service that Medicare pays when it is furnished by telehealth.

    ``status`` and ``limitation`` are in the file's words (such as Permanent) and empty where the
    file has no such column. ``audio_only``: whether sound without a picture can meet the
    requirements; null where the file says nothing.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_key = models.CharField(max_length=5)
    status = models.CharField(max_length=120, blank=True)
    audio_only = models.BooleanField(null=True)
    limitation = models.CharField(max_length=300, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code_key"], name="telehealthservice_once"),
        ]

    def __str__(self) -> str:
        return self.code_key
