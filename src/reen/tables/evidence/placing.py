"""Placing: the type of every row of a table, from all the evidence of the row.

Input: the columns of equipment as they are read, and the name of the list.  Output: the same
columns with types in place, which evidence each rests on, and, where it stays open, what it may
be.  Each distinct combination is decided once.

A contradiction is told and settles nothing; a type that no evidence names stays a question.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.inventory.schema import TableSchema
from reen.kernel import lendable, loops
from reen.reasons import Reason
from reen.tables.converted import Converted
from reen.tables.evidence.deciding import Clue, Decision, decide
from reen.tables.evidence.words import WordTypes, types_of_clue, types_of_words
from reen.tables.findings import Findings
from reen.tables.headers.wording import Wording
from reen.tables.importing import ReadOptions
from reen.tables.sheet import codes_of
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.lookup import word_form

__all__ = ["SECTION_TYPE", "Placing", "place_types", "placing_of"]

Codes: TypeAlias = npt.NDArray[np.int32]
Places: TypeAlias = npt.NDArray[np.int64]
#: Kind of a piece of evidence, the types that it leaves open, and whether it is a bundle.
_Said: TypeAlias = tuple[str, tuple[str, ...], bool]
K = TypeVar("K")

#: Characters beyond which a cell is prose and names neither type nor model.
_LONGEST = 300

_NO_WORD = WordTypes()

#: Column of the titles of sections that speak of equipment, which leaves with the types.
SECTION_TYPE = "section_type"

#: Columns that evidence is taken from.
_COLUMNS = (
    "equipment_type",
    "equipment_type_raw",
    "manufacturer",
    "model",
    "model_number",
    "platform",
    "operating_system",
    "form_factor",
    "role",
    "record_type",
    "description",
    SECTION_TYPE,
)
#: Those that speak of one model together.
_OF_MODELS = ("manufacturer", "model", "model_number")
#: Numbers up to which a table of all of them costs nothing.
_FEW = 1 << 8
#: Clues that a table answers, by column.
_CLUES = ("platform", "operating_system", "form_factor", "record_type")
_BESIDE = frozenset({*_CLUES, "role", "description"})
#: Columns by which a row says what it is.
_SAYING = frozenset({"equipment_type", "role", "description"})


@functools.lru_cache(maxsize=4096)
def _decided(*said: _Said) -> Decision:
    """Return what some evidence says together, which is the same for many words."""
    return decide(Clue(*each) for each in said)


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Placing:
    """What types are placed by, beside what the rows say.

    Attributes
    ----------
    known
        Taxonomy.
    models
        Types of models that the user says, by the normal form of maker and model or of the model.
    list_name
        Name of the file or sheet: the weakest evidence of all.
    """

    known: EquipmentTypes
    models: Mapping[str, str] = attrs.field(factory=dict)
    list_name: str = ""
    #: What was worked out on the words and models of the table.
    _said_by_words: dict[str, WordTypes] = attrs.field(factory=dict, init=False)
    _said_by_models: dict[tuple[str, str, str], tuple[_Said, ...]] = attrs.field(
        factory=dict, init=False, repr=False
    )

    def decide(self, cells: Mapping[str, str]) -> Decision:
        """Return the type of a row that says some words, by column."""
        return _decided(*self._clues(cells))

    def _clues(self, cells: Mapping[str, str]) -> Iterator[_Said]:
        maker, model = cells.get("manufacturer", ""), cells.get("model", "")
        number = cells.get("model_number", "")
        if self.models:
            # what the user says of a word is no guess that a model could contradict
            raw = cells.get("equipment_type_raw", "")
            for named in (f"{maker} {model}", model, number, raw):
                said = self.models.get(word_form(named))
                if said is not None and not self._names_all_of_a_maker(named, raw, said, cells):
                    yield "mapping", (said,), False
                    return
        word = self._words(cells.get("equipment_type", ""))
        yield "word", word.types, word.bundle
        if model or number:
            yield from self._of_model(maker, model, number)
        if not _BESIDE.isdisjoint(cells):
            yield from self._beside(cells)
        section = self._words(cells.get(SECTION_TYPE, ""))
        if section.plain:
            yield "list_name", section.types, False
            return
        # a list of screens holds screens, unless its rows say anything of themselves
        if self.list_name and _SAYING.isdisjoint(cells):
            yield "list_name", self._list.types, False

    def _names_all_of_a_maker(
        self, named: str, raw: str, said: str, cells: Mapping[str, str]
    ) -> bool:
        """Tell whether a name is that of a maker alone, in a row whose word says another type.

        "HP" in the column of models, said to be a laptop where nothing else is known, makes no
        laptop of HP's screens and printers.
        """
        from reen.tables.evidence.makers import is_maker

        if named == raw or not is_maker(named):
            return False
        word = self._words(cells.get("equipment_type", ""))
        return bool(word.types) and said not in word.types

    def _beside(self, cells: Mapping[str, str]) -> Iterator[_Said]:
        """Yield what the columns say that few tables have."""
        for column in _CLUES:
            text = cells.get(column, "")
            if text and len(text) <= _LONGEST:
                yield column, types_of_clue(column, text), False
        for column in ("role", "description"):
            if text := cells.get(column, ""):
                said = self._words(text)
                yield column, said.types, said.bundle

    def said_by_model(
        self, maker: str | None, model: str | None, number: str | None
    ) -> tuple[_Said, ...]:
        """Return what a maker, a model and its number say together; a maker alone says nothing."""
        return self._of_model(maker or "", model or "", number or "") if model or number else ()

    def _of_model(self, maker: str, model: str, number: str) -> tuple[_Said, ...]:
        """Return what a model says; many rows have it."""
        key = maker, model, number
        said = self._said_by_models.get(key)
        if said is None:
            if max(map(len, key)) > _LONGEST:
                maker, model, number = (text if len(text) <= _LONGEST else "" for text in key)
            from reen.tables.evidence.models import types_of_model

            family = types_of_model(maker, model, number).types
            said = (("model", family, False),)
            if not family and model:
                written = self._words(model)
                said += (("model_word", () if written.bundle else written.types, False),)
            self._said_by_models[key] = said
        return said

    @property
    def _list(self) -> WordTypes:
        return self._words(self.list_name)

    def _words(self, text: str) -> WordTypes:
        if not text or len(text) > _LONGEST:
            return _NO_WORD
        found = self._said_by_words.get(text)
        if found is None:
            found = self._said_by_words[text] = types_of_words(text, self.known)
        return found


def placing_of(options: ReadOptions, wording: Wording, source: str) -> Placing:
    """Return what the types of a table are placed by.

    Parameters
    ----------
    options
        What the user says.
    wording
        What kind of table it is, with what the mappings say: a model is a word for a type too.
    source
        File, with its sheet where it has several: the name of the sheet goes before the file's.
    """
    file, _, sheet = source.partition("[")
    name = sheet.rstrip("]") or PurePosixPath(file).stem
    return Placing(
        known=options.equipment_types,
        models={} if wording.layers is None else wording.layers.words.get("equipment_type", {}),
        list_name=name.replace("_", " "),
    )


def place_types(
    result: Converted,
    placing: Placing,
    findings: Findings,
    lines: npt.NDArray[np.int64],
    *,
    schema: TableSchema,
) -> None:
    """Put the types of all rows in their column, with their basis and what stays open.

    Parameters
    ----------
    result
        The columns, which are changed.
    placing
        Taxonomy, and what is known beside the rows.
    findings
        Where inferences and contradictions are told, by kind of evidence.
    lines
        Line of each row.
    schema
        Columns of the table: what it has no column for is not written.
    """
    given = {
        name: result.columns[name]
        for name in _COLUMNS
        if name in result.columns and len(result.columns[name])
    }
    result.columns.pop(SECTION_TYPE, None)
    if not given:
        return
    combinations = _combinations(given, placing)
    decided = [placing.decide(cells) for cells in combinations.cells]
    if any(each.against for each in decided):
        # what contradicts itself is told model by model
        combinations = _combinations(given)
        decided = [placing.decide(cells) for cells in combinations.cells]
    columns = _columns(given, combinations, decided, placing.known)
    for name, column in columns.items():
        if name in schema:
            result.columns.setdefault(name, column)
            if name == "equipment_type":
                result.columns[name] = column
    _tell(combinations, decided, findings, lines)


@attrs.frozen(eq=False, repr=False)
class _Combinations:
    """The distinct rows of some columns.

    Attributes
    ----------
    cells
        Words of each, by column.
    codes
        Combination of every row.
    """

    cells: list[dict[str, str]]
    codes: Codes


def _combinations(
    given: Mapping[str, pa.DictionaryArray], placing: Placing | None = None
) -> _Combinations:
    """Return the distinct combinations of some columns of words, in the order of the rows.

    With a `placing`, models of which it says the same are one: the cells are those of the first.
    """
    coded = {name: _Coded(codes_of(each), len(each.dictionary)) for name, each in given.items()}
    models = [name for name in _OF_MODELS if name in coded]
    if placing is not None and not placing.models and models:
        numbered, firsts = _numbered([coded.pop(name) for name in models])
        nothing = [None] * len(firsts)
        words = [
            _words_at(given[name], firsts) if name in given else nothing for name in _OF_MODELS
        ]
        places: dict[tuple[_Said, ...], int] = {}
        said = (placing.said_by_model(*row) for row in zip(*words, strict=True))
        alike = np.array([places.setdefault(each, len(places)) for each in said], np.int32)
        coded["model"] = _Coded(alike[numbered.codes], len(places))
    found, firsts = _numbered([*coded.values()])
    return _Combinations(_cells_at(given, firsts), found.codes)


@attrs.frozen(eq=False, repr=False)
class _Coded:
    """A number for each row, below `count`, or -1."""

    codes: Codes
    count: int


def _numbered(columns: Sequence[_Coded]) -> tuple[_Coded, Places]:
    """Return the combination of each row, numbered in the order of the rows, and its first row."""
    found, *others = columns
    found, firsts = _paired(None, found)
    for column in others:
        # pairs are numbered anew for every column, so that no product grows beyond a number
        found, firsts = _paired(found, column)
    return found, firsts


def _paired(left: _Coded | None, right: _Coded) -> tuple[_Coded, Places]:
    """Return pairs of codes numbered in the order in which they come, and where each does first."""
    width = right.count + 1
    size = width if left is None else left.count * width
    rows = len(right.codes)
    compiled = loops()
    if compiled is not None and size <= max(_FEW, rows):
        numbers, firsts = np.empty(rows, np.int32), np.empty(min(size, rows), np.int64)
        before = np.zeros(rows, np.int32) if left is None else lendable(left.codes)
        count = compiled.number(
            before, lendable(right.codes), width, np.zeros(size, np.int32), numbers, firsts
        )
        return _Coded(numbers, count), firsts[:count]
    codes = right.codes.astype(np.int64) + 1
    if left is not None:
        codes += left.codes.astype(np.int64) * width
    return _in_order(codes, size)


def _in_order(codes: Places, width: int) -> tuple[_Coded, Places]:
    """Return codes below `width` numbered in the order in which they come, and where each does."""
    if width > max(_FEW, len(codes)):
        encoded = pa.array(codes).dictionary_encode()
        codes, width = numpy_of(encoded.indices).astype(np.int64), len(encoded.dictionary)
    first = np.full(width, len(codes), np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    order = np.argsort(first, kind="stable")
    order = order[: np.searchsorted(first[order], len(codes))]
    rank = np.zeros(width, np.int32)
    rank[order] = np.arange(len(order))
    return _Coded(rank[codes], len(order)), first[order]


def _cells_at(given: Mapping[str, pa.DictionaryArray], rows: Places) -> list[dict[str, str]]:
    """Return the words of some rows, by column."""
    shown = [_words_at(column, rows) for column in given.values()]
    return [
        {name: word for name, word in zip(given, row, strict=True) if word}
        for row in zip(*shown, strict=True)
    ]


def _words_at(column: pa.DictionaryArray, rows: Places) -> list[str | None]:
    """Return the words of some rows."""
    words = [*column.dictionary.to_pylist(), None]
    return [words[code] for code in codes_of(column)[rows].tolist()]


def _columns(
    given: Mapping[str, pa.DictionaryArray],
    combinations: _Combinations,
    decided: Sequence[Decision],
    known: EquipmentTypes,
) -> dict[str, pa.DictionaryArray]:
    """Return the types, the words that they replace, their basis and what is open.

    A word that the taxonomy knows stays as it is: conforming resolves it.
    """
    written = [cells.get("equipment_type") for cells in combinations.cells]
    resolve = functools.cache(known.resolve)
    types = [
        word if not each.type or (word and resolve(word) == each.type) else each.type
        for each, word in zip(decided, written, strict=True)
    ]
    columns: dict[str, pa.DictionaryArray] = {}
    if types != written:
        columns["equipment_type"] = _spread(types, combinations.codes)
        if "equipment_type" in given:
            columns["equipment_type_raw"] = given["equipment_type"]
    if any(each.type and each.basis != "word" for each in decided):
        basis = [each.basis or None for each in decided]
        columns["equipment_type_basis"] = _spread(basis, combinations.codes)
    if any(each.candidates for each in decided):
        open_types = [", ".join(each.candidates) or None for each in decided]
        columns["equipment_type_candidates"] = _spread(open_types, combinations.codes)
    return columns


def _spread(values: Sequence[str | None], codes: Codes) -> pa.DictionaryArray:
    """Return one value per row from one per combination."""
    encoded = pa.array(values, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        encoded.indices.take(pa.array(codes)).cast(pa.int32()), encoded.dictionary
    )


def _tell(
    combinations: _Combinations,
    decided: Sequence[Decision],
    findings: Findings,
    lines: npt.NDArray[np.int64],
) -> None:
    """Tell what was inferred, one line per kind of evidence, and what contradicts itself."""
    codes = combinations.codes
    inferred = ((each.basis, k) for k, each in enumerate(decided) if each.basis != "word")
    for basis, group in _grouped(inferred).items():
        first = decided[group[0]]
        if first.type:
            findings.rows(
                "equipment_type",
                " ".join(combinations.cells[group[0]].values()),
                Reason("type_inferred", basis=Reason(f"basis_{basis}"), type=first.type),
                lines[np.isin(codes, group)],
                severity=Severity.NOTE,
            )
    against = (
        ((each.against, each.type, each.other), k) for k, each in enumerate(decided) if each.against
    )
    for (kind, word, other), group in _grouped(against).items():
        findings.values(
            "equipment_type",
            {k: _shown(combinations.cells[k], kind) for k in group},
            Reason("type_contradicted", word=word, kind=Reason(f"basis_{kind}"), other=other),
            codes,
            lines,
            expected=Reason("expected_one_type"),
            severity=Severity.DOUBT,
        )


def _shown(cells: Mapping[str, str], kind: str) -> str:
    """Return the words that contradict each other."""
    other = ("manufacturer", "model") if kind == "model" else (kind,)
    return " ".join(cells[name] for name in ("equipment_type", *other) if name in cells)


def _grouped(labelled: Iterable[tuple[K, int]]) -> dict[K, list[int]]:
    """Return numbers by their label."""
    groups: dict[K, list[int]] = {}
    for label, number in labelled:
        groups.setdefault(label, []).append(number)
    return groups
