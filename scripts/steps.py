"""One line per long step: what is being done, how far it is, how long it took."""

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self

QUIET = 0.4  # seconds; a step that takes less leaves no line
SIGN_OF_LIFE = 15.0  # seconds between lines where the output is no terminal


class Step:
    """A step that shows it is alive; use it with ``with``.

    On a terminal one line is redrawn every second. Elsewhere the step is named when it begins to
    take long, again every ``SIGN_OF_LIFE``, and when it ends.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._note = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        self._shown = False
        self._drawing = threading.Thread(target=self._draw, daemon=True)

    def note(self, text: str) -> None:
        """Say how far the step is, in a few words."""
        self._note = text

    def __enter__(self) -> Self:
        self._drawing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._drawing.join()
        if self._shown or error is not None:
            self._print("" if error is None else "not finished", last=True)

    def _draw(self) -> None:
        pause, live = QUIET, sys.stdout.isatty()
        while not self._over.wait(pause):
            self._print(self._note or "…")
            self._shown = True
            pause = 1.0 if live else SIGN_OF_LIFE

    def _print(self, note: str, *, last: bool = False) -> None:
        seconds = time.monotonic() - self._began
        line = f"  {self.title} {note}".rstrip() + (f" ({seconds:.0f} s)" if seconds >= 1 else "")
        if sys.stdout.isatty():
            room = shutil.get_terminal_size().columns - 1  # a line that wraps cannot be redrawn
            print(f"\r\033[K{line[:room]}", end="\n" if last else "", flush=True)
        else:
            print(line, flush=True)
