"""The command line: `reen measure`, `explain`, `read` and the lists of what is installed.

A thin layer over the public functions of `reen`, and over nothing else of it.  click and rich come
with the extra `reen[cli]` and are imported when a command runs; `main` is the entry point.
"""

from __future__ import annotations

import gc
import sys
import warnings

from reen.reasons import Reason

__all__ = ["main"]

#: New objects until the collector looks among them for cycles, some 100 MB.  A command makes
#: hundreds of classes as it starts, and all of them stay: with Python's 700 objects it looks at
#: them again and again.
_OBJECTS_BETWEEN_COLLECTIONS = 1_000_000


def main() -> None:
    """Run the command line; the program `reen` calls this.

    Exit code 0 when the work is done, 2 for bad input (said in one line), 1 when interrupted or
    when nobody reads the output any more.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)  # of our own process, never of a host's
    try:
        import click  # noqa: F401 - looked for here, so that its absence is said in one line
        import rich  # noqa: F401
    except ImportError as error:
        from reen.errors import MissingExtraError

        missing = MissingExtraError(error.name or "click", "cli", Reason("error_command_line"))
        sys.stderr.write(f"error: {missing}\n")
        raise SystemExit(2) from None
    from reen.cli.app import app

    warnings.formatwarning = _in_one_line
    try:
        app(prog_name="reen")
    finally:
        # The process ends here and its memory with it: without this the collector looks at every
        # object once more, for a sixth of the time of a small command.
        gc.freeze()


def _in_one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """Return a warning about the user's own file without the place in the program."""
    from reen.errors import FactorWarning

    if issubclass(category, FactorWarning):
        return f"warning: {message}\n"
    return _written(message, category, filename, lineno, line)


_written = warnings.formatwarning
