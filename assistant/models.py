"""The tables of the assistant, each beside what it is about."""

from assistant.conversations import AskMeter, Conversation, Turn
from assistant.taught import Alias, CuratedAnswer

__all__ = ["Alias", "AskMeter", "Conversation", "CuratedAnswer", "Turn"]
