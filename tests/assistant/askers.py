"""Who asks the engine in tests."""

from collections.abc import Mapping, Sequence

from assistant.engine.answer import Asker, CodeRef
from codes.metering import Access


def everything(codes: Sequence[CodeRef]) -> Mapping[int, Access]:
    """Open every page that is asked about."""
    return {code.code_id: Access.UNLOCKED for code in codes if code.code_id is not None}


MEMBER = Asker(is_registered=True, unlock=everything)
"""A registered user who has opened every page asked about."""
LOCKED = Asker(is_registered=True)
"""A registered user who has opened no page."""
