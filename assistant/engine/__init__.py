"""Question to answer: understood (reading, understanding), found (resolving, finding), composed.

The way in is ``assistant.engine.entry.answer``; what comes out is in ``assistant.engine.answer``.
"""
