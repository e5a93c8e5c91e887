"""Faults of the system: a disk that is full, or a process that is killed, at the n-th operation.

What is replaced is the system's own (`os`), in a forked child: our own code runs as it is.
"""

from __future__ import annotations

import errno
import io
import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

#: Operations by which a file comes to be, but for the writes themselves.
OPERATIONS = ("open", "fsync", "chmod", "replace", "rename", "link", "unlink", "mkdir", "rmdir")


def killed(fault: int) -> NoReturn:
    """End this process as nothing can catch it."""
    del fault
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def full(fault: int) -> NoReturn:
    """Say what a full disk says."""
    del fault
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _File(io.FileIO):
    """A file of which a write fails half-way."""

    step: Callable[[Callable[[], None]], None]

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer
        whole = bytes(content)
        type(self).step(lambda: super(_File, self).write(whole[: len(whole) // 2]) and None)
        return super().write(whole)


def inject(at: int, fault: Callable[[int], NoReturn], names: tuple[str, ...] = OPERATIONS) -> None:
    """Let the operation of this number fail (from 0), and every later one of a disk that is full.

    Parameters
    ----------
    at
        Its number.
    fault
        `killed` or `full`.
    names
        Operations that count and fail, beside the writes.
    """
    count = iter(range(1 << 30))

    def step(first_half: Callable[[], None]) -> None:
        number = next(count)
        if number == at or (fault is full and number > at):
            first_half()
            fault(number)

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the system has it
            step(lambda: None)
            return function(*args, **kwargs)

        return run

    _File.step = staticmethod(step)
    opened = os.fdopen

    def fdopen(handle: int, mode: str = "r", *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as the system has it
        if "w" not in mode:
            return opened(handle, mode, *rest, **more)
        raw = _File(handle, mode.replace("b", ""))
        return io.BufferedRandom(raw)

    os.fdopen = fdopen
    for name in names:
        setattr(os, name, watched(getattr(os, name)))


def in_child(work: Callable[[], object], at: int, fault: Callable[[int], NoReturn]) -> str:
    """Run some work in a forked process with a fault: ``done``, ``killed`` or the error's text."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork: faults cannot be put into a child alone")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        said = b"done"
        try:
            # of the other operations, none needs space
            names = OPERATIONS if fault is killed else ("fsync",)
            inject(at, fault, names)
            work()
        except Exception as error:  # noqa: BLE001 - told to the parent
            said = f"{type(error).__name__}: {error}".encode()
        os.write(write, said)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else said


#: Runs work in a child whose system fails at the operation of a number.
Faulty = Callable[[Callable[[], object], int], str]


@pytest.fixture
def killed_at() -> Faulty:
    """Return a function that runs work in a process which is killed at an operation."""
    return lambda work, at: in_child(work, at, killed)


@pytest.fixture
def full_at() -> Faulty:
    """Return a function that runs work on a disk which is full from an operation on."""
    return lambda work, at: in_child(work, at, full)
