"""What every kind of fact shares."""

from __future__ import annotations

from typing import Self

from django.db import models

from codes.models import Release

PROCEDURE_SYSTEMS = ("cpt", "hcpcs")
"""The systems whose codes fees, edits and limits are about, by slug.

Rows of those files name keys only, and A01.00 of ICD-10-CM has the key of a HCPCS code.
"""


class FactQuerySet(models.QuerySet["models.Model"]):
    """Reads that every fact has."""

    def current(self) -> Self:
        """Return the rows of the editions that are shown now."""
        return self.filter(release__is_current=True)

    def of(self, release: Release | None) -> Self:
        """Return the rows of one edition; none without one."""
        return self.filter(release=release) if release else self.none()
