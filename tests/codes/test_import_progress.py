"""What a long import tells at a terminal and elsewhere."""

import io
from collections.abc import Iterator
from itertools import count

import pytest

from codes.importers.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def clock(seconds: float) -> Iterator[float]:
    return (number * seconds for number in count())


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test depend on how wide the terminal is that it was started from."""
    monkeypatch.setenv("COLUMNS", "80")


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
        "Copying [########--------] 500 of 1,000 · 167/s · 3 s left",
        "Copying: 500, 4.0 s\n",
        "Waiting …",
        "Waiting 3 · 1/s",
        "Waiting: 3, 4.0 s\n",
    ]


def test_rows_of_unknown_number_are_measured_by_what_is_read() -> None:
    stream, times, read = Terminal(), clock(1), iter([100, 150, 150])
    with Progress(stream, clock=lambda: next(times)) as progress:
        progress.follow(lambda: next(read), 200)
        progress.step("Copying")
        progress.advance(500)
    shown = stream.getvalue().split("\r\x1b[K")
    assert shown[2] == "Copying [####------------] 500 · 167/s · 9 s left"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (62, "Copying what is … [########--------] 5 of 10 · 2/s · 3 s left"),
        (40, "Copying what … 5 of 10 · 2/s · 3 s left"),
        (20, " 5 of 10 · 2/s · 3 "),
    ],
)
def test_a_narrow_terminal_never_wraps(
    monkeypatch: pytest.MonkeyPatch, columns: int, expected: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    stream, times = Terminal(), clock(1)
    with Progress(stream, clock=lambda: next(times)) as progress:
        progress.step("Copying what is very long", 10)
        progress.advance(5)
    redrawn = stream.getvalue().split("\r\x1b[K")[1:3]
    assert redrawn[1] == expected
    assert all(len(text) < columns for text in redrawn)


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
