"""The importer `ecodiag-list`: the list of devices that EcoDiag's page saves as JSON.

Input: ``{"devices": [{"laptop/latitude_7xxx": {"nb": 3, "lifetime": 5}}, {"screen": 12}]}``, with
or without comments.  Output: a row for each device: its type, EcoDiag's own name of it as the model
(``screen/default`` for a type alone), how many, and the lifetime where the list says it.

Must not know a figure of EcoDiag; the method ``ecodiag`` knows what the names mean.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from reen.errors import EmptyInventoryError, FileFormatError
from reen.plugin import Reason
from reen.plugin.files import Imported, ReadOptions, Sample, Sniff
from reen.tables.cells_to_columns import constant
from reen.tables.conversion import assumed_status
from reen.tables.files import readable
from reen.types import Issue, ReadReport, Severity

__all__ = ["EcoDiagList"]

#: The start of such a list: its first device is a number, or an object of number and lifetime.
_START = re.compile(
    r'\{\s*"devices"\s*:\s*\[\s*\{\s*"[^"\n]{1,80}"\s*:\s*(?:\d|\{\s*"(?:nb|lifetime)"\s*:)'
)

#: A text, kept, or a comment, left out.
_TEXT_OR_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|//[^\n]*', re.DOTALL)

#: Equipment type of each type of EcoDiag.
_TYPES = {
    "desktop": "desktop",
    "allinone": "all_in_one",
    "laptop": "laptop",
    "screen": "monitor",
    "videoprojector": "video_projector",
    "pad": "tablet",
    "smartphone": "smartphone",
    "printer": "printer",
    "ipphone": "desk_phone",
    "dockingstation": "docking_station",
    "keyboard": "keyboard",
    "mouse": "mouse",
    "wifihub": "wifi_access_point",
    "server": "server",
    "harddrive": "external_hdd",
    "gpu": "graphics_card",
}

#: Electricity factor of the list, kgCO2e/kWh, where it is not EcoDiag's own.
_CONSTANT = "kWh2CO2"

_EXPECTED = Reason("error_list_of_ecodiag")


def _plain(text: str) -> str:
    """Return JSON without comments, nor the line of a script (``var ... =``) before it."""
    text = text.removeprefix("\ufeff").lstrip()
    if text.startswith("var"):
        text = text.partition("\n")[2]
    return _TEXT_OR_COMMENT.sub(lambda found: found.group(1) or " ", text).strip()


@attrs.frozen(eq=False, repr=False)
class EcoDiagList:
    """Reader of the lists that EcoDiag's page saves."""

    name: str = attrs.field(default="ecodiag-list", init=False)
    title: str = attrs.field(
        default="EcoDiag: list of devices saved by its page (JSON)", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file, from its first device."""
        if b'"devices"' not in sample.head:  # most files, whose comments nobody need look for
            return Sniff(0.0)
        if _START.match(_plain(sample.head.decode("utf-8", errors="replace"))):
            return Sniff(0.97, ("a list of devices as EcoDiag saves it",))
        return Sniff(0.0)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        """Read the list.

        Raises
        ------
        FileFormatError
            It is no JSON, or no list of devices.
        EmptyInventoryError
            It has no device.
        """
        del options
        try:
            root = json.loads(_plain(path.read_bytes().decode("utf-8")))
        except (ValueError, RecursionError) as error:
            raise FileFormatError(
                str(path), Reason("error_no_json_expected", error=str(error), expected=_EXPECTED)
            ) from error
        devices = root.get("devices") if isinstance(root, dict) else None
        if not isinstance(devices, list):
            raise FileFormatError(
                str(path), Reason("error_no_list_devices_expected", expected=_EXPECTED)
            )
        if not devices:
            raise EmptyInventoryError(
                Reason("error_list_has_no_device_expected", path=str(path), expected=_EXPECTED)
            )
        name = readable(path.name)
        rows = [_row(entry, number, name) for number, entry in enumerate(devices, start=1)]
        return _imported(name, rows, root.get(_CONSTANT))


@attrs.define(eq=False, repr=False)
class _Row:
    """One device of a list."""

    number: int
    model: str
    quantity: float
    lifetime: float | None
    issues: list[Issue]

    @property
    def equipment_type(self) -> str | None:
        """Return the type that its name says, None for a model alone."""
        return _TYPES.get(self.model.partition("/")[0])


def _row(entry: Any, number: int, source: str) -> _Row:  # noqa: ANN401 - a value of a document
    """Return a device.

    Raises
    ------
    FileFormatError
        It is no object of one name.
    """
    if not isinstance(entry, dict) or len(entry) != 1:
        reason = Reason(
            "error_device_no_object_one_name_expected", number=number, expected=_EXPECTED
        )
        raise FileFormatError(source, reason)
    ((name, known),) = entry.items()
    about = known if isinstance(known, dict) else {"nb": known}
    issues: list[Issue] = []

    def amount(key: str, column: str) -> float | None:
        value = about.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        issues.append(
            Issue(
                column,
                json.dumps(value),
                Reason("is_no_number_from_0"),
                source=source,
                rows=(number,),
            )
        )
        return math.nan

    quantity, lifetime = amount("nb", "quantity"), amount("lifetime", "lifetime")
    model = f"{name}/default" if name in _TYPES else name
    return _Row(number, model, math.nan if quantity is None else quantity, lifetime, issues)


def _imported(source: str, rows: list[_Row], own_constant: object) -> Imported:
    status, said = assumed_status(len(rows), None)
    table = pa.table(
        {
            "equipment_type": pa.array([row.equipment_type for row in rows], pa.string()),
            "model": pa.array([row.model for row in rows], pa.string()),
            "quantity": pa.array([row.quantity for row in rows], pa.float64()),
            "lifetime": pa.array([row.lifetime for row in rows], pa.float64()),
            "status": status,
            "source": constant(source, len(rows)),
            "source_row": pa.array([row.number for row in rows], pa.int64()),
        }
    )
    issues = [issue for row in rows for issue in row.issues]
    if own_constant is not None:
        shown = json.dumps(own_constant)
        issues.append(
            Issue(
                _CONSTANT,
                shown,
                Reason("electricity_of_list"),
                expected=Reason("expect_electricity_constant", value=shown),
                severity=Severity.NOTE,
                source=source,
            )
        )
    report = ReadReport(
        source=source,
        importer=EcoDiagList().name,
        details={"format": "JSON"},
        mapped={"nb": "quantity", "lifetime": "lifetime"},
        assumptions=(said,),
    )
    return Imported(
        table=table,
        issues=tuple(issues),
        report=report,
        rows_read=len(rows),
        kind="equipment",
        passed=True,
    )
