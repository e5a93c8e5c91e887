"""What has a view: mixed into results, for notebooks and for pages.

Input: a result, whose class says by name where its view is made.  Output: its view, as a picture or
as HTML too.  A view is made of the whole result, so its module imports the class of the result; the
class knows it by name alone, and measuring imports no page.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, ClassVar

from reen.lazy_names import lazy_module
from reen.views.model import View

if TYPE_CHECKING:
    from reen.views import plot as plots
else:
    plots = lazy_module("reen.views.plot")

__all__ = ["Viewed"]


class Viewed:
    """A result that can be shown to a person.

    Attributes
    ----------
    made_by
        The function that makes the view of the class, as ``package.module:function``.
    """

    __slots__ = ()

    made_by: ClassVar[str]

    def view(self) -> View:
        """Return what the result says to a person, in the language in force."""
        module, _, function = self.made_by.partition(":")
        view: View = getattr(importlib.import_module(module), function)(self)
        return view

    def plot(self) -> plots.Picture:
        """Return the largest parts of the result as bars, in SVG bytes that notebooks show.

        Raises
        ------
        MissingExtraError
            matplotlib is not installed (``pip install '.[plot]'``).
        OptionError
            The result has no parts, such as a footprint without groups.
        """
        return plots.picture(self.view())

    def _repr_html_(self) -> str:
        from reen.views.web import fragment

        return fragment(self.view())
