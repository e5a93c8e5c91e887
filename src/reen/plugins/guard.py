"""Guard: whatever a plugin raises becomes a `PluginError` that names the plugin.

The one place that catches everything: a plugin is somebody else's code, its host must survive it
and be told whose fault it is.  reen's own errors pass, since they already say what is wrong with
the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reen.errors import PluginError, ReenError, UndeclaredColumnError

__all__ = ["blame"]


@contextmanager
def blame(plugin: str, doing: str) -> Iterator[None]:
    """Turn any exception raised inside into a `PluginError` of `plugin`.

    Parameters
    ----------
    plugin
        Name and version of the plugin, method or importer.
    doing
        What it was doing, as in "failed *while preparing*".

    Raises
    ------
    PluginError
        The plugin raised something else than an error of reen, or read an undeclared column.
    """
    try:
        yield
    except UndeclaredColumnError as error:
        raise PluginError(plugin, str(error)) from error
    except (ReenError, OSError, MemoryError):
        raise
    except Exception as error:
        raise PluginError(plugin, f"failed {doing} with {type(error).__name__}: {error}") from error
