"""What a long import tells the person who waits for it. Pure: imports no Django."""

import shutil
import time
from collections.abc import Callable
from typing import Final, Self, TextIO

REDRAW_SECONDS: Final = 0.1
_BAR: Final = 16
_SHORTEST_NAME: Final = 12
"""Columns of the bar, and below how many of the name the bar is left out."""


class Progress:
    """Writes one line per step: a bar with rate and time left on a terminal, plain elsewhere.

    Without a stream it is silent. ``clock`` gives seconds. What is redrawn never exceeds the width
    of the terminal, for a line that wraps could not be taken back.
    """

    def __init__(
        self, stream: TextIO | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._redraws = bool(stream and stream.isatty())
        self._name, self._done, self._total = "", 0, 0
        self._started = self._drawn = 0.0
        self._bytes_read: Callable[[], int] = lambda: 0
        self._bytes, self._read_before = 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def follow(self, bytes_read: Callable[[], int], total: int) -> None:
        """Measure steps of an unknown number of rows by how much of the files they have read."""
        self._bytes_read, self._bytes = bytes_read, total

    def step(self, name: str, total: int = 0) -> None:
        """Begin a step of ``total`` rows; 0 where the number is unknown. Ends the one before."""
        self.finish()
        self._name, self._done, self._total = name, 0, total
        self._read_before = self._bytes_read()
        self._started = self._drawn = self._clock()
        if self._redraws:
            self._draw(name, " …")

    def advance(self, count: int = 1) -> None:
        """Say that ``count`` more rows of the step are done; redraws at most ten times a second."""
        self._done += count
        if self._redraws and self._clock() - self._drawn >= REDRAW_SECONDS:
            self._drawn = self._clock()
            self._draw(self._name, *self._state())

    def finish(self) -> None:
        """End the step and say how long it took."""
        if self._name:
            rows = f": {self._done:,}" if self._done else ""
            start = "\r\x1b[K" if self._redraws else ""
            self._write(f"{start}{self._name}{rows}, {self._elapsed():.1f} s\n")
        self._name = ""

    def note(self, text: str) -> None:
        """Say something beside the steps, on a line of its own."""
        self.finish()
        self._write(f"{text}\n")

    def _draw(self, name: str, state: str, bar: str = "") -> None:
        room = shutil.get_terminal_size().columns - 1
        if room - len(bar) - len(state) >= min(len(name), _SHORTEST_NAME):
            state = bar + state
        left = max(0, room - len(state))
        if len(name) > left:
            name = f"{name[: left - 1]}…" if left > 1 else ""
        self._write(f"\r\x1b[K{f'{name}{state}'[:room]}")

    def _state(self) -> tuple[str, str]:
        """Return count, rate and time left, and the bar; without the latter two if unknown."""
        elapsed = max(self._elapsed(), 0.001)
        rate = f"{self._done / elapsed:,.0f}/s"
        share = self._share()
        if not share:
            return f" {self._done:,} · {rate}", ""
        of = f" of {self._total:,}" if self._total else ""
        left = f"{elapsed * (1 - share) / share:.0f} s left"
        full = round(_BAR * share)
        return f" {self._done:,}{of} · {rate} · {left}", f" [{'#' * full}{'-' * (_BAR - full)}]"

    def _share(self) -> float:
        """Return how much of the step is done, 0 to 1; 0 where that is unknown."""
        if self._total:
            return min(1.0, self._done / self._total)
        read = self._bytes_read() - self._read_before
        return min(1.0, read / self._bytes) if self._bytes else 0.0

    def _elapsed(self) -> float:
        return self._clock() - self._started

    def _write(self, text: str) -> None:
        if self._stream:
            self._stream.write(text)
            self._stream.flush()
