"""What a long import tells at a terminal and elsewhere."""

import io
from collections.abc import Iterator
from itertools import count

from codes.importers.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def clock(seconds: float) -> Iterator[float]:
    return (number * seconds for number in count())


def test_one_plain_line_a_step_where_nobody_watches() -> None:
    stream, times = io.StringIO(), clock(0.5)
    with Progress(stream, clock=lambda: next(times)) as progress:
        progress.step("Copying", 2_000)
        progress.advance(1_500)
        progress.advance(500)
        progress.note("A note.")
        progress.step("Merging")
    assert stream.getvalue() == "Copying: 2,000, 0.5 s\nA note.\nMerging, 0.5 s\n"


def test_a_terminal_sees_rate_and_time_left() -> None:
    stream, times = Terminal(), clock(1)
    with Progress(stream, clock=lambda: next(times)) as progress:
        progress.step("Copying", 1_000)
        progress.advance(500)
        progress.step("Waiting")
        progress.advance(3)
    shown = stream.getvalue().split("\r\x1b[K")
    assert shown[1:] == [
        "Copying …",
        "Copying 500 of 1,000 · 167/s · 3 s left",
        "Copying: 500, 4.0 s\n",
        "Waiting …",
        "Waiting 3 · 1/s",
        "Waiting: 3, 4.0 s\n",
    ]


def test_a_terminal_is_redrawn_at_most_ten_times_a_second() -> None:
    stream, times = Terminal(), clock(0.01)
    with Progress(stream, clock=lambda: next(times)) as progress:
        progress.step("Copying", 1_000)
        for _ in range(30):
            progress.advance()
    assert stream.getvalue().count(" of 1,000") <= 5


def test_without_a_stream_nothing_is_told() -> None:
    with Progress() as progress:
        progress.step("Copying", 10)
        progress.advance(10)
        progress.note("A note.")
