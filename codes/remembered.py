"""Reads that several parts of a page share: done once for a code in memory."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from codes.models import Code

Given = ParamSpec("Given")
Found = TypeVar("Found")


def remembered(
    read: Callable[Concatenate[Code, Given], Found], /
) -> Callable[Concatenate[Code, Given], Found]:
    """Return the read, which asks the database once for each code in memory and what is given.

    The locked card and the open section of a page ask the same. What is returned is shared, so it
    must not be changed; a code that is loaded anew is asked anew.
    """

    @wraps(read)
    def once(code: Code, /, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        known: dict[Any, Found] = code.__dict__.setdefault("_remembered", {})
        asked = (read, args, tuple(kwargs.items()))
        if asked not in known:
            known[asked] = read(code, *args, **kwargs)
        return known[asked]

    return once
