"""What a long import tells the person who waits for it. Pure: imports no Django."""

import time
from collections.abc import Callable
from typing import Final, Self, TextIO

REDRAW_SECONDS: Final = 0.1


class Progress:
    """Writes one line per step: redrawn with rate and time left on a terminal, plain elsewhere.

    Without a stream it is silent. ``clock`` gives seconds.
    """

    def __init__(
        self, stream: TextIO | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._redraws = bool(stream and stream.isatty())
        self._name, self._done, self._total = "", 0, 0
        self._started = self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def step(self, name: str, total: int = 0) -> None:
        """Begin a step of ``total`` rows; 0 where the number is unknown. Ends the one before."""
        self.finish()
        self._name, self._done, self._total = name, 0, total
        self._started = self._drawn = self._clock()
        if self._redraws:
            self._write(f"\r\x1b[K{name} …")

    def advance(self, count: int = 1) -> None:
        """Say that ``count`` more rows of the step are done; redraws at most ten times a second."""
        self._done += count
        if self._redraws and self._clock() - self._drawn >= REDRAW_SECONDS:
            self._drawn = self._clock()
            self._write(f"\r\x1b[K{self._name} {self._state()}")

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

    def _state(self) -> str:
        rate = self._done / max(self._elapsed(), 0.001)
        if not self._total:
            return f"{self._done:,} · {rate:,.0f}/s"
        left = max(0, self._total - self._done) / max(rate, 0.001)
        return f"{self._done:,} of {self._total:,} · {rate:,.0f}/s · {left:.0f} s left"

    def _elapsed(self) -> float:
        return self._clock() - self._started

    def _write(self, text: str) -> None:
        if self._stream:
            self._stream.write(text)
            self._stream.flush()
