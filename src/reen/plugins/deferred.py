"""What a plugin provides by name alone, until somebody asks for it.

Input: a name and where the object stands.  Output: the object, imported on first use and checked as
its hook would have checked it.  A command imports the method that it runs, and no other.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

from reen.errors import PluginError
from reen.values import Compared

__all__ = ["Deferred", "Objects"]

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class Deferred(Compared):
    """An object that a hook promises: its module is imported when the object is first used.

    Attributes
    ----------
    name
        Name of the object.
    home
        Its place, as ``package.module:attribute``: the object itself, a class to call without
        arguments, or several objects, one of them with that name.

    Examples
    --------
    >>> Deferred("base-carbone", "reen_plugins.base_carbone.method:BaseCarbone").load().name
    'base-carbone'
    """

    name: str
    home: str = attrs.field()

    @home.validator
    def _check_home(self, _attribute: object, value: object) -> None:
        if not isinstance(value, str) or not re.fullmatch(r"[^:]+:[^:]+", value):
            message = f"home {value!r} is no place; expected 'package.module:attribute'"
            raise PluginError(f"Deferred({self.name!r})", message)

    def load(self) -> object:
        """Return the object.

        Raises
        ------
        LookupError
            Several objects stand there, and none or more than one of that name.
        """
        module, _, attribute = self.home.partition(":")
        found: object = getattr(importlib.import_module(module), attribute)
        if isinstance(found, type):
            return found()
        if isinstance(found, Iterable):
            named = [each for each in found if getattr(each, "name", None) == self.name]
            if len(named) != 1:
                message = f"{self.home} has {len(named)} objects called {self.name!r}"
                raise LookupError(message)
            return named[0]
        return found


class Objects(Mapping[str, T]):
    """Objects of one kind by name, sorted, for reading only: what is deferred comes on first use.

    Parameters
    ----------
    given
        The objects, or what defers them, by name.
    arrive
        Loads and checks what is deferred; a module-level function, or a partial of one, so that
        the objects can be pickled.
    """

    def __init__(
        self, given: Mapping[str, T | Deferred], arrive: Callable[[Deferred], T] | None = None
    ) -> None:
        self._given = dict(sorted(given.items()))
        self._arrive = arrive
        self._found: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        """Return the object of a name, loaded when it is first asked for."""
        given = self._given[name]
        if not isinstance(given, Deferred):
            return given
        if name not in self._found:
            if self._arrive is None:
                raise LookupError(name)
            self._found[name] = self._arrive(given)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, sorted; nothing is loaded."""
        return iter(self._given)

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self._given)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is an object of a name; nothing is loaded."""
        return name in self._given

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what was given: another process loads what it uses."""
        return type(self), (self._given, self._arrive)
