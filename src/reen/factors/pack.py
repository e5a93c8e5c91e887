"""Factor packs: a named, versioned, licensed and hashed set of factors and type defaults.

Input: rows given by a plugin, or tables of text that were read.  Output: `FactorPack`, whose
content is made on first use.  Reads no file: folders of packs are read in `reen.sources`, other
formats (Base Carbone's export...) by readers in plugins.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import attrs

from reen.errors import FactorDataError, UnknownNameError
from reen.factors.content import PackContent, TypeDefault
from reen.factors.factor_set import FactorSet
from reen.inventory.issues import Issue
from reen.lazy_names import lazy_module
from reen.reasons import spoken
from reen.values import Compared
from reen.vocabulary.criteria import Criterion, own_criteria
from reen.vocabulary.equipment_types import EquipmentTypes

if TYPE_CHECKING:
    from reen.factors import columns, pack_tables, text_rows
else:  # costly, and needed for packs without a compact form alone
    columns = lazy_module("reen.factors.columns")
    pack_tables = lazy_module("reen.factors.pack_tables")
    text_rows = lazy_module("reen.factors.text_rows")

__all__ = ["FactorPack", "same_content"]


def _no_earlier() -> tuple[FactorPack, ...]:
    return ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FactorPack(Compared):
    """A named, versioned, licensed set of factors.

    Attributes
    ----------
    name, version, title, publisher, licence, source, url, description
        What a reader must know to cite it.
    notes
        What a reader must know before using it: breaks in a series, what was left out and why.
    title_fr, description_fr, notes_fr
        The same in French, where the pack has it (see `words`).
    load
        Called once, on first use of the content; a module-level function, or a partial of one, so
        that the pack can be pickled.
    find_earlier
        Called for the earlier versions that are kept; as `load`.
    proxies
        Whether its figures are borrowed from other things by an argument: no method counts them
        among published ones.

    Examples
    --------
    >>> import reen
    >>> pack = reen.default_registry().factor_pack("base-carbone")
    >>> [earlier.version for earlier in pack.earlier]
    ['2026.1']
    >>> pack.at("2026.1").version
    '2026.1'
    """

    name: str
    version: str
    title: str
    publisher: str
    licence: str
    source: str
    load: Callable[[], PackContent] = attrs.field(repr=False, eq=False)
    url: str = ""
    description: str = ""
    notes: str = ""
    title_fr: str = ""
    description_fr: str = ""
    notes_fr: str = ""
    proxies: bool = False
    find_earlier: Callable[[], tuple[FactorPack, ...]] = attrs.field(
        default=_no_earlier, repr=False, eq=False
    )

    def words(self, of: Literal["title", "description", "notes"]) -> str:
        """Return a text in the language in force; in English where the pack has no other."""
        given: str = getattr(self, of)
        french: str = getattr(self, f"{of}_fr")
        return french if french and spoken() == "fr" else given

    @functools.cached_property
    def earlier(self) -> tuple[FactorPack, ...]:
        """Return the earlier versions that are kept, by which an earlier result is made again."""
        return self.find_earlier()

    def at(self, version: str) -> FactorPack:
        """Return this pack at a version: itself, or an earlier one that is kept.

        Raises
        ------
        UnknownNameError
            No such version is kept.
        """
        known = {pack.version: pack for pack in (self, *self.earlier)}
        if version not in known:
            import difflib

            near = difflib.get_close_matches(version, list(known), 2)
            names = [f"{self.name}@{kept}" for kept in known]
            raise UnknownNameError(
                "factor pack", f"{self.name}@{version}", [f"{self.name}@{v}" for v in near], names
            )
        return known[version]

    @functools.cached_property
    def content(self) -> PackContent:
        """Return the content, read on first use.

        Raises
        ------
        FactorDataError
            A row that does not fit the declared schema.
        """
        content: object = self.load()
        if not isinstance(content, PackContent):
            expected = f"a PackContent from its load function, not {type(content).__name__}"
            raise FactorDataError(self.name, None, "", "", expected)
        return content

    @property
    def factors(self) -> FactorSet:
        """Return the factors."""
        return self.content.factors

    @property
    def defaults(self) -> tuple[TypeDefault, ...]:
        """Return the type defaults."""
        return self.content.defaults

    @property
    def matching(self) -> tuple[tuple[str, str, str], ...]:
        """Return the matching table: (``type`` or ``model``, key, flow id)."""
        return self.content.matching

    @functools.cached_property
    def doubts(self) -> tuple[Issue, ...]:
        """Return the factors that are implausible in their unit, one issue for each kind."""
        from reen.factors.plausibility import doubts_of

        matched = frozenset(key for match, key, _ in self.matching if match == "type")
        return doubts_of(self.factors, self.name, matched=matched)

    @functools.cached_property
    def digest(self) -> str:
        """Return a SHA-256 of the content."""
        return self.content.digest()

    @classmethod
    def from_rows(  # noqa: PLR0913 - a citation has that many parts, each by its name
        cls,
        *,
        name: str,
        version: str,
        title: str,
        publisher: str,
        licence: str,
        source: str,
        factors: Iterable[Mapping[str, str]] = (),
        defaults: Iterable[Mapping[str, str]] = (),
        matching: Iterable[Mapping[str, str]] = (),
        url: str = "",
        description: str = "",
        notes: str = "",
        type_names: Iterable[str] = (),
        equipment_types: EquipmentTypes | None = None,
        criteria: Iterable[Criterion] = (),
    ) -> FactorPack:
        """Make a pack of long-form rows (see the factor file page for the columns).

        Parameters
        ----------
        name, version, title, publisher, licence, source, url, description, notes
            As the attributes.
        factors, defaults, matching
            Rows of text; the first of each counts as line 2 of its file.
        type_names
            Names of types that are no keys, which the inventories that the pack is for write too:
            its defaults may be of them.
        equipment_types
            Taxonomy that the rows refer to, the bundled one by default; a plugin that adds types
            gives ``bundled_equipment_types().extended(types)``.
        criteria
            Criteria that the rows may name besides those that reen ships; the content holds the
            definitions of those that it uses.

        Raises
        ------
        FactorDataError
            A row that does not fit the declared schema.
        VocabularyError
            One of `criteria` claims a key, alias or unit that another has.
        """
        content = pack_tables.content_of_tables(
            name,
            equipment_types,
            own_criteria(criteria),
            factors=text_rows.given_rows(factors, place=name, columns=columns.FACTOR_COLUMNS),
            defaults=text_rows.given_rows(defaults, place=name, columns=columns.DEFAULT_COLUMNS),
            matching=text_rows.given_rows(matching, place=name, columns=columns.MATCH_COLUMNS),
            type_names=frozenset(type_names),
        )
        return cls(
            name=name,
            version=version,
            title=title,
            publisher=publisher,
            licence=licence,
            source=source,
            load=functools.partial(same_content, content),
            url=url,
            description=description,
            notes=notes,
        )


def same_content(content: PackContent) -> PackContent:
    """Return a content that is known already: what `FactorPack.load` calls then."""
    return content
