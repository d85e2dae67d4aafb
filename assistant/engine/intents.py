"""What one may want to know, and which of the seven topics that is. Pure data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from assistant.engine.answer import Topic


class Intent(StrEnum):
    """What one may want to know."""

    WHAT_IS = "what is"
    DIFFERENCE = "difference"
    WHICH_CODE = "which code"
    TOGETHER = "billed together"
    UNITS = "units"
    MODIFIERS = "modifiers"
    COVERED = "covered"
    PAYS = "pays"
    STATUS = "status"
    CHANGED = "changed"
    BILLABLE = "billable"
    GUIDELINES = "guidelines"
    MAP = "map"
    ADD_ON = "add-on"
    COMPLIANCE = "compliance"
    HIERARCHY = "hierarchy"


UNTOPICAL: Final = {Intent.WHAT_IS, Intent.BILLABLE, Intent.WHICH_CODE, Intent.HIERARCHY}
"""Intents that any question about codes may seem to have."""

TOPIC_OF: Final[Mapping[Intent, Topic]] = {
    Intent.WHAT_IS: Topic.CODES,
    Intent.DIFFERENCE: Topic.CODES,
    Intent.WHICH_CODE: Topic.CODES,
    Intent.BILLABLE: Topic.CODES,
    Intent.HIERARCHY: Topic.CODES,
    Intent.TOGETHER: Topic.NCCI,
    Intent.UNITS: Topic.NCCI,
    Intent.MODIFIERS: Topic.MODIFIERS,
    Intent.COVERED: Topic.COVERAGE,
    Intent.PAYS: Topic.COVERAGE,
    Intent.STATUS: Topic.GUIDELINES,
    Intent.GUIDELINES: Topic.GUIDELINES,
    Intent.MAP: Topic.CROSSWALKS,
    Intent.ADD_ON: Topic.CROSSWALKS,
    Intent.CHANGED: Topic.COMPLIANCE,
    Intent.COMPLIANCE: Topic.COMPLIANCE,
}
