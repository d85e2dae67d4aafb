"""The mark of a view that programs ask. Imports no Django.

``codes`` only says *that* a view is for programs; who is asking is the business of the middleware
in ``accounts``, which reads the token of the request, never its cookies.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def for_programs(view: View) -> View:
    """Mark a view as asked by programs: its user is the owner of the token that is sent.

    Cookies say nothing there, so a page of another site cannot ask in its reader's name.
    """
    view.for_programs = True  # type: ignore[attr-defined]  # the mark itself
    return view
