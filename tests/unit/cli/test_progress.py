"""Progress: nothing on quick work or pipes, one line on long work, nothing left afterwards."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from reen.cli.progress import Progress


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


def console_on(screen: io.StringIO) -> Console:
    return Console(file=screen, force_terminal=True, width=80, color_system=None)


def wait_until_shown(progress: Progress) -> None:
    assert progress._clock is not None
    progress._clock.join(timeout=60)


def test_quick_work_shows_nothing(screen: io.StringIO) -> None:
    with Progress("reading", console=console_on(screen), patience=3600.0) as progress:
        progress.update(1)
    assert screen.getvalue() == ""


def test_long_work_shows_rows_done_and_leaves_no_line(screen: io.StringIO) -> None:
    with Progress("measuring", total=2000, console=console_on(screen), patience=0.0) as progress:
        wait_until_shown(progress)
        progress.update(1000)
        progress._shown[0].refresh()
    shown = screen.getvalue()
    assert "measuring" in shown
    assert "1,000 of 2,000 rows" in shown
    assert shown.endswith("\x1b[2K")  # the line is erased


def test_what_was_done_before_it_showed_counts(screen: io.StringIO) -> None:
    with Progress("measuring", total=10, console=console_on(screen), patience=0.2) as progress:
        progress.update(4)
        wait_until_shown(progress)
    assert "4 of 10 rows" in screen.getvalue()


def test_a_pipe_gets_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("reading", patience=0.0):
        pass
    assert capsys.readouterr().err == ""


def test_an_error_takes_the_line_away_too(screen: io.StringIO) -> None:
    progress = Progress("reading", console=console_on(screen), patience=0.0)

    def fail() -> None:
        with progress:
            wait_until_shown(progress)
            raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        fail()
    assert not progress._shown[0].live.is_started
    assert screen.getvalue().endswith("\x1b[2K")
