"""Columns of the NumEcoEval and G4IT files: which file is which, and what each header means.

Input: the cells of a header.  Output: the kind of the file, told by the name that only it has, and
the canonical column of every header.  Both generations of headers and the optional columns that
G4IT added are listed; the order of columns does not matter, nor do case, accents or underscores.

Declarations only; reads no row.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Mapping, Sequence

import attrs

from reen import (
    APPLICATIONS,
    DATACENTERS,
    EQUIPMENT,
    VIRTUAL_MACHINES,
    SchemaError,
    TableSchema,
    normalise_text,
)

__all__ = ["FileKind", "Headings", "kind_of", "map_headers"]


class FileKind(enum.StrEnum):
    """The four files; the values are the names of the canonical tables."""

    DATACENTERS = "datacenters"
    EQUIPMENT = "equipment"
    VIRTUAL_MACHINES = "virtual_machines"
    APPLICATIONS = "applications"

    @property
    def schema(self) -> TableSchema:
        """Return the canonical columns of the file's rows."""
        return {
            FileKind.DATACENTERS: DATACENTERS,
            FileKind.EQUIPMENT: EQUIPMENT,
            FileKind.VIRTUAL_MACHINES: VIRTUAL_MACHINES,
            FileKind.APPLICATIONS: APPLICATIONS,
        }[self]

    @property
    def words(self) -> str:
        """Return the kind in words."""
        return "data centres" if self is FileKind.DATACENTERS else self.value.replace("_", " ")


#: The header that tells each file; a file is the first of these that it has, since applications
#: name their machines, machines their host, and equipment its data centre.
_SIGNATURES = (
    ("nomApplication", FileKind.APPLICATIONS),
    ("nomEquipementVirtuel", FileKind.VIRTUAL_MACHINES),
    ("nomEquipementPhysique", FileKind.EQUIPMENT),
    ("nomCourtDatacenter", FileKind.DATACENTERS),
)

#: Headers, as the publishers write them, by canonical column.
_HEADERS: Mapping[FileKind, Mapping[str, tuple[str, ...]]] = {
    FileKind.DATACENTERS: {
        "id": ("nomCourtDatacenter",),
        "name": ("nomLongDatacenter",),
        "pue": ("pue",),
        "country": ("localisation",),
        "entity": ("nomEntite",),
    },
    FileKind.EQUIPMENT: {
        "id": ("nomEquipementPhysique",),
        "model": ("modele",),
        "quantity": ("quantite",),
        "datacenter_id": ("nomCourtDatacenter",),
        "purchase_date": ("dateAchat",),
        "retirement_date": ("dateRetrait",),
        "lifetime": ("dureeUsageInterne",),
        "upstream_lifetime": ("dureeUsageAmont",),
        "downstream_lifetime": ("dureeUsageAval",),
        "equipment_type": ("type",),
        "status": ("statut",),
        "country": ("paysDUtilisation", "paysUtilisation"),
        "annual_energy": ("consoElecAnnuelle", "consoElecAn"),
        "cpu_cores": ("nbCoeur",),
        "ownership": ("modeUtilisation",),
        "usage_share": ("tauxUtilisation",),
        "entity": ("nomEntite",),
        "manufacturer": ("fabricant",),
        "cpu_model": ("typeDeProcesseur",),
    },
    FileKind.VIRTUAL_MACHINES: {
        "id": ("nomEquipementVirtuel",),
        "host_id": ("nomEquipementPhysique",),
        "allocation_share": ("cleRepartition",),
        "vcpu": ("vCPU",),
        "cluster": ("cluster",),
        "annual_energy": ("consoElecAnnuelle", "consoElecAn"),
        "kind": ("typeEqv",),
        "storage": ("capaciteStockage",),
        "infrastructure": ("typeInfrastructure",),
        "provider": ("provider",),
        "quantity": ("quantite",),
        "entity": ("nomEntite",),
    },
    FileKind.APPLICATIONS: {
        "id": ("nomApplication",),
        "environment": ("typeEnvironnement",),
        "virtual_machine_id": ("nomEquipementVirtuel",),
        "equipment_id": ("nomEquipementPhysique",),
        "domain": ("domaine",),
        "sub_domain": ("sousDomaine",),
        "entity": ("nomEntite",),
    },
}

#: Headers that name persons: their cells are not read.
_PERSONAL = ("utilisateur",)


def header_key(text: str) -> str:
    """Return the form by which headers are compared: ``nom_court_datacenter`` is one of them."""
    return normalise_text(text).replace(" ", "")


_KINDS = {header_key(name): kind for name, kind in _SIGNATURES}
_COLUMNS = {
    kind: {header_key(name): column for column, names in columns.items() for name in names}
    for kind, columns in _HEADERS.items()
}
_LEFT_OUT = frozenset(map(header_key, _PERSONAL))


def kind_of(cells: Sequence[str]) -> FileKind | None:
    """Return which file has a line with these cells as its header, None for no header.

    Examples
    --------
    >>> kind_of(["pue", "nomCourtDatacenter", ""])
    <FileKind.DATACENTERS: 'datacenters'>
    """
    keys = {header_key(cell) for cell in cells}
    return next((kind for key, kind in _KINDS.items() if key in keys), None)


@attrs.frozen
class Headings:
    """What the columns of one file are.

    Attributes
    ----------
    mapped
        Position of each canonical column.
    kept
        Position of each column kept as it is, by the name that it gets.
    personal
        Headers left out because they name persons.
    said
        Headers that the user's `columns` named.
    """

    mapped: Mapping[str, int]
    kept: Mapping[str, int]
    personal: tuple[str, ...]
    said: frozenset[str]

    @property
    def read(self) -> list[int]:
        """Return the positions of the columns to read."""
        return sorted({*self.mapped.values(), *self.kept.values()})


def map_headers(
    cells: Sequence[str], kind: FileKind, given: Mapping[str, str], source: str
) -> Headings:
    """Return what the columns of a file are.

    Parameters
    ----------
    cells
        The header, as written.
    kind
        Which file it is.
    given
        Header to canonical column, as the user says; an empty column leaves it out.
    source
        The file, for messages.

    Raises
    ------
    SchemaError
        Two headers claim one column, or the user names a column that the table does not have.
    """
    said = {header_key(header): column for header, column in given.items()}
    mapped: dict[str, int] = {}
    kept: dict[str, int] = {}
    personal = []
    texts = [" ".join(cell.split()) for cell in cells]
    for position, text in enumerate(texts):
        key = header_key(text)
        if not text or said.get(key) == "":
            continue
        column = said.get(key, _COLUMNS[kind].get(key))
        if key in _LEFT_OUT and key not in said:
            personal.append(text)
        elif column is None:
            kept[_named_apart(text, kind, kept)] = position
        else:
            _check(column, kind, source)
            if column in mapped:
                raise SchemaError(_conflict(texts[mapped[column]], text, column, source))
            mapped[column] = position
    here = frozenset(header for header in given if header_key(header) in map(header_key, texts))
    return Headings(mapped, kept, tuple(personal), here)


def _named_apart(text: str, kind: FileKind, kept: Mapping[str, int]) -> str:
    """Return a name that no canonical column and no other header has."""
    name, number = text, 2
    while name in kind.schema or name in kept:
        name, number = f"{text} ({number})", number + 1
    return name


def _check(column: str, kind: FileKind, source: str) -> None:
    if column in kind.schema:
        return
    near = difflib.get_close_matches(column, kind.schema, 2)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    message = f"{source}: {kind.words} have no column {column!r}, which columns= names{hint}"
    raise SchemaError(message)


def _conflict(one: str, other: str, column: str, source: str) -> str:
    return (
        f"{source}: the columns {one!r} and {other!r} both claim {column!r}; remove one of them, or"
        f" leave one out with columns={{{other!r}: ''}}."
    )
