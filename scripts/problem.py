"""The one way in which the scripts say that something is wrong."""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Problem(Exception):
    """What went wrong and what to do about it, in one line for the person at the terminal."""


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn the usual failures to write below ``folder`` into a ``Problem``."""
    try:
        yield
    except OSError as error:
        raise Problem(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    where = error.filename or folder
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk that holds {folder} is full. Free some space, then run this again."
        case errno.EACCES | errno.EPERM:
            return f"No permission for {where}. Run as its owner, or change the owner with chown."
        case errno.EROFS:
            return f"{where} is on a read-only disk. Use a copy of the project that can be written."
        case _:
            return f"{where}: {error.strerror}."


def exit_code(main: Callable[[], int]) -> int:
    """Run ``main``; print a ``Problem`` as one line and answer 1, and 130 after Ctrl-C."""
    try:
        return main()
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        return 130
