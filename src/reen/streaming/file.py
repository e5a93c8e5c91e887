"""Files: those that an importer must read whole, each by whoever folds it.

Input: a path and the name of its importer.  Output: `FilePart`, which reads, checks and gives up
one file.  For several files of one inventory: each is in memory only while it is folded, and in
another process when there is one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import attrs

from reen.errors import InventoryError
from reen.inventory.batch import Batch
from reen.inventory.inventory import Inventory
from reen.inventory.ledger import Ledger
from reen.reading import read_with
from reen.streaming.part import View, held_parts

__all__ = ["FilePart"]


@attrs.frozen
class FilePart:
    """A file of equipment.

    Attributes
    ----------
    path
        The file; a worker on another machine must see it under this path.
    importer
        Name of the importer.
    today
        Day of the import.
    """

    path: Path
    importer: str
    today: dt.date

    @property
    def carries_rows(self) -> bool:
        """Return false: who has the part reads the file."""
        return False

    def batches(self, view: View, ledger: Ledger) -> Iterator[Batch]:
        """Read the file and give its rows.

        Raises
        ------
        FileFormatError
            The importer cannot read it.
        InventoryError
            It holds more than equipment, whose tables belong together.
        """
        found = read_with([self.path], self.importer, today=self.today, registry=view.registry)
        if not isinstance(found, Inventory):
            message = (
                f"{self.path} holds the tables of an information system, which belong together:"
                " read all the files with reen.read, and measure what it returns."
            )
            raise InventoryError(message)
        ledger.add(found.account)
        for part in held_parts(found, view):
            for batch in part.batches(view, ledger):
                batch.place = self.path.name
                yield batch
