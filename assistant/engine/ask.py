"""One question of a message, as it was understood. Pure."""

from dataclasses import dataclass

from assistant.engine.answer import Reason
from assistant.engine.intents import Intent
from assistant.engine.reading import Reading


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a message.

    ``intents`` run from the most likely on; ``aspects`` name the kinds of facts that it wants
    first. ``subject_words`` are what is left for a search. ``refusal`` is what it asks for that
    nobody gets here.
    """

    text: str
    reading: Reading
    intents: tuple[Intent, ...]
    aspects: tuple[str, ...] = ()
    subject_words: str = ""
    is_follow_up: bool = False
    refusal: Reason = Reason.NONE
    refers_back: bool = False
    inherited: tuple[str, ...] = ()
    has_cue: bool = False

    @property
    def asks_something(self) -> bool:
        """Whether it names a subject or has a word that asks."""
        return self.has_cue or self.has_subject or bool(self.reading.others)

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that its codes are typed with."""
        return tuple(name for code in self.reading.codes for name in code.modifiers)

    @property
    def asks_of_its_own(self) -> bool:
        """Whether it stands without the question before it."""
        leans = self.refers_back or self.is_follow_up
        return self.has_subject or bool(self.reading.others) or not leans or self.has_cue

    @property
    def has_subject(self) -> bool:
        """Whether it names a code itself."""
        reading = self.reading
        return bool(reading.codes or reading.ranges or reading.icd9)
