"""The tables of the assistant, each beside what it is about."""

from assistant.conversations import AskMeter, Conversation, Turn

__all__ = ["AskMeter", "Conversation", "Turn"]
