import io

import pytest

from clausum.datasets.progress import Progress, describe_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("count", "fraction", "seconds", "text"),
    [
        (0, 0.0, 1.0, "[..............................]   0%  0 payments, 0/s"),
        (1500, 0.5, 3.0, "[###############...............]  50%  1,500 payments, 500/s, 3 s left"),
        (10, 1.2, 0.0, "[##############################] 100%  10 payments, 0/s, 0 s left"),
    ],
)
def test_progress_in_words(count: int, fraction: float, seconds: float, text: str) -> None:
    assert describe_progress(count, fraction, seconds=seconds) == text


def test_away_from_a_terminal_a_line_comes_every_ten_seconds() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream=stream, count=lambda: 20, fraction=lambda: 0.5, read_seconds=clock)

    for _ in range(25):
        clock.seconds += 1
        progress.tick()
    progress.end()

    assert stream.getvalue() == (
        "[###############...............]  50%  20 payments, 2/s, 10 s left\n"
        "[###############...............]  50%  20 payments, 1/s, 20 s left\n"
    )


def test_on_a_terminal_the_bar_redraws_itself_and_goes_away() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(stream=stream, count=lambda: 0, fraction=lambda: 0.0, read_seconds=clock)

    progress.tick()
    clock.seconds += 0.25
    progress.tick()
    progress.end()

    bar = "[..............................]   0%  0 payments, 0/s"
    assert stream.getvalue() == f"\r{bar}\r{' ' * len(bar)}\r"
