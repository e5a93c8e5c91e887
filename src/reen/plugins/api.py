"""API version: what a plugin was written for, against what this reen asks of plugins.

A plugin says it once, beside its hooks: ``reen_api = "1.0"``.  Input: that text.  Output: a
sentence for a plugin older than a change that concerns it, an error for one that is newer than
this reen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reen.errors import PluginError

__all__ = ["API_VERSION", "CHANGES", "check_api"]

#: Version of the hooks and contracts: the first number rises when existing plugins must change, the
#: second when something is added that only new plugins use.  The first release is 1.0, whatever
#: changed before it.
API_VERSION = "1.0"

#: What an older plugin must look at, by first number.
CHANGES: Mapping[int, str] = {}

#: The attribute of a plugin, module or object, that says its version.
ATTRIBUTE = "reen_api"

#: What a plugin that says nothing was written for.
_UNSAID = "1.0"

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


def check_api(
    plugin: object, name: str, *, version: str = "", changes: Mapping[int, str] | None = None
) -> str:
    """Check the version that a plugin was written for.

    Parameters
    ----------
    plugin
        Module or object with hooks; without a version it was written for the first.
    name
        Its name and distribution, for messages.
    version, changes
        Those of this reen when absent.

    Returns
    -------
    str
        What has changed since and concerns the plugin; empty when nothing has.

    Raises
    ------
    PluginError
        It was written for a newer reen, or its version is no version.
    """
    version = version or API_VERSION
    changes = CHANGES if changes is None else changes
    declared: object = getattr(plugin, ATTRIBUTE, _UNSAID)
    if not isinstance(declared, str) or not (parts := _VERSION.fullmatch(declared)):
        expected = f'{ATTRIBUTE} = "{version}": two whole numbers as text'
        raise PluginError(name, f"says {ATTRIBUTE} = {declared!r}; expected such as {expected}")
    wanted = int(parts[1]), int(parts[2])
    major, minor = (int(part) for part in version.split("."))
    if wanted > (major, minor):
        raise PluginError(
            name,
            f"was written for version {declared} of the plugin API and this reen has {version};"
            " install a newer reen, or an older version of the plugin",
        )
    since = [f"{number}.0: {changes[number]}" for number in sorted(changes) if number > wanted[0]]
    if not since:
        return ""
    return (
        f"{name} was written for version {declared} of the plugin API and this reen has {version}."
        f" What changed: {' '.join(since)} Look for a newer version of the plugin."
    )
