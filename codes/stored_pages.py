"""The parts of a code page as they were rendered last; codes/page.py makes and reads them."""

from __future__ import annotations

from django.db import models

from codes.models import Code


class StoredPage(models.Model):
    """The parts of a code page, rendered once and kept until something in them changes.

    A row counts only while its two revisions equal those of the code and of its system, and its
    build that of the running program (codes/page.py), and only until its last day. So an edit,
    which raises a revision in its own transaction, is seen at once. What nobody has asked for yet
    is empty.
    """

    code = models.OneToOneField(
        Code, on_delete=models.CASCADE, primary_key=True, related_name="stored_page"
    )
    code_revision = models.PositiveBigIntegerField()
    system_revision = models.PositiveBigIntegerField()
    build = models.CharField(max_length=64)
    fresh_until = models.DateField(
        null=True, help_text="The last day on which it is right; empty where no day changes it."
    )
    head = models.BinaryField()
    lead = models.BinaryField()
    described = models.BinaryField(null=True)
    locked = models.BinaryField(null=True)
    unlocked = models.BinaryField(null=True)
    after = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"page of {self.code_id}"
