"""Verdicts: whether the records that share an identifier are one asset, by the evidence.

Input: the evidence of groups, inside one list or across lists.  Output: for each group whether it
is one asset, several, or neither is shown, and the reason.

Inside one list an identifier on up to `FEW` records that differ in nothing makes them one asset.
Where they differ in what may change (name with a suffix, id of an agent, configuration), dates,
states or a second identifier must show it too.  An identifier on more records than that is believed
only beside a second one that all share, or for the id of a log, with a date each.  Across lists,
each record is the only one of its list; another name is another custom, if the lists have many
assets in common.
"""

from __future__ import annotations

import enum

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.schema import EQUIPMENT
from reen.reasons import Reason
from reen.tables.identity.evidence import CONFIGURATION, SEEN, WHAT_IT_IS, Evidence
from reen.tables.identity.identifiers import is_short

__all__ = ["FEW", "Verdict", "Verdicts", "identifier_word", "verdicts_across", "verdicts_inside"]

Truths = npt.NDArray[np.bool_]

#: Records of one list that may share an identifier because one asset was entered again.
FEW = 3

#: Identifiers that are equal in two lists only when the asset is the same.
_HARD = ("equipment_type", "serial_number", "asset_tag")
_SOFT = tuple(name for name in WHAT_IT_IS if name not in _HARD)
#: Descriptions of which two must differ before it is sure that there are two assets.
_SURE = 2


class Verdict(enum.IntEnum):
    """What a group is."""

    #: Several assets: the identifier is none.
    SEVERAL = 0
    #: Not shown: counted apart, and doubted.
    UNDECIDED = 1
    #: One asset.
    ONE = 2
    #: Nothing suggests that it is one asset: there is nothing to tell.
    UNRELATED = 3


@attrs.frozen(eq=False, repr=False)
class Verdicts:
    """What some groups are, and why."""

    verdict: npt.NDArray[np.int8]
    reasons: tuple[Reason, ...]


def identifier_word(name: str, evidence: Evidence | None = None) -> Reason:
    """Return what an identifier is called."""
    if evidence is not None and name in evidence.records.uuid:
        return Reason("word_uuid")
    if evidence is not None and name in evidence.records.mac:
        return Reason("word_mac")
    return Reason(f"word_{name}")


class _Writing:
    """Verdicts while they are found: the first reason that holds for a group is kept."""

    def __init__(self, count: int) -> None:
        self._verdict = np.full(count, -1, np.int8)
        self._reasons: list[Reason] = [Reason("total")] * count

    def say(self, where: Truths, verdict: Verdict, reason: Reason) -> None:
        for group in np.flatnonzero(where & (self._verdict < 0)).tolist():
            self._verdict[group] = verdict
            self._reasons[group] = reason

    def verdicts(self) -> Verdicts:
        return Verdicts(self._verdict, tuple(self._reasons))


def verdicts_inside(evidence: Evidence, own_names: Truths, numbered: Truths) -> Verdicts:
    """Return what the groups of one list are.

    Parameters
    ----------
    evidence
        What is known of them.
    own_names
        Where all share a name that no other row has.
    numbered
        Where all share a cell of a column that numbers the rows of the list, and differ in no
        column that the schema does not know.
    """
    sizes = evidence.groups.sizes
    writing = _Writing(evidence.groups.count)
    key = evidence.key
    few, names = sizes <= FEW, evidence.names_agree()
    one_name = evidence.distinct("name") <= 1
    one_id = evidence.distinct("id") <= 1
    steady = (*CONFIGURATION, *SEEN) if key == "id" else CONFIGURATION
    steady = tuple(name for name in steady if name != "last_seen")
    alike = one_name & one_id & (evidence.differing(steady) == 0)
    trusted = ~evidence.shapeless() if key != "id" else np.ones(len(sizes), np.bool_)
    moved_only = few & trusted & (_proved(evidence, numbered) | own_names)
    _contradictions(evidence, writing, moved_only)
    replaced, dated = evidence.replaced(), evidence.dated()
    seconds = [*_others(evidence), *(["id"] if key != "id" else [])]
    word = identifier_word(key, evidence)
    for second in seconds:
        shared = evidence.second_is(second)
        agrees = shared & trusted & one_name
        said = Reason("merged_second", identifier=word, second=identifier_word(second, evidence))
        writing.say(agrees & ~few, Verdict.ONE, said)
        # the numbers of the rows of a list prove nothing beside words that stand for no serial
        renamed = shared & names if second != "id" else shared & names & trusted
        writing.say((renamed | (shared & replaced & trusted)) & few, Verdict.ONE, said)
    named = Reason("merged_second", identifier=word, second=identifier_word("name"))
    log = dated & trusted & one_name & (own_names | (key == "id"))
    writing.say(own_names & few & trusted, Verdict.ONE, named)
    writing.say(few & alike & trusted, Verdict.ONE, Reason("merged_alike", identifier=word))
    earlier = Reason("merged_replaced", identifier=word)
    writing.say(few & names & replaced & trusted, Verdict.ONE, earlier)
    writing.say(log & ~few, Verdict.ONE, earlier)
    _undecided(evidence, writing, names)
    return writing.verdicts()


def _others(evidence: Evidence) -> list[str]:
    """Return the identifiers that an asset has in any list, but for the one that is shared."""
    records = evidence.records
    names = ("serial_number", *records.uuid, "asset_tag", *records.mac)
    return [name for name in names if name != evidence.key]


def _proved(evidence: Evidence, numbered: Truths) -> Truths:
    """Tell where a second identifier shows one asset, even if it has moved to another entity.

    The numbers of the rows of a list may start anew in each of its sections: one proves it only
    where the place and all else that is seen agree.
    """
    seen = tuple(name for name in SEEN if name != "last_seen")
    still = evidence.differing(seen) == 0
    proved = evidence.second(_others(evidence))
    if evidence.key == "id":
        return np.asarray(proved & still & (evidence.distinct("site") == 1), np.bool_)
    numbered = numbered | (evidence.second_is("id") & (evidence.distinct("site") == 1))
    return np.asarray(proved | (numbered & still), np.bool_)


def _contradictions(evidence: Evidence, writing: _Writing, moved_only: Truths) -> None:
    """Say which groups differ in what they are, or stand for several items more than once.

    Parameters
    ----------
    evidence, writing
        What is known, and where it is said.
    moved_only
        Where another entity alone contradicts nothing.
    """
    identities = ("serial_number", "asset_tag", *evidence.records.uuid)
    described = tuple(name for name in WHAT_IT_IS if name not in identities)
    hard, soft = evidence.differing(identities), evidence.differing(described)
    sure = (hard > 0) | (soft >= _SURE) | (evidence.groups.sizes > FEW) | (evidence.key == "id")
    for names in _differing_names(evidence, (*identities, *described)):
        where = names.where & ~moved_only if names.text == "entity" else names.where
        reason = Reason("assets_contradict", columns=names.text)
        writing.say(where & sure, Verdict.SEVERAL, reason)
        writing.say(where, Verdict.UNDECIDED, reason)
    several = evidence.several() > 1
    writing.say(several, Verdict.UNDECIDED, Reason("assets_of_several_items"))


@attrs.frozen(eq=False, repr=False)
class _Names:
    text: str
    where: Truths


def _differing_names(evidence: Evidence, names: tuple[str, ...]) -> list[_Names]:
    """Return the groups that differ, by the columns in which they do."""
    differ = np.zeros(evidence.groups.count, np.int64)
    for place, name in enumerate(names):
        if name != evidence.key:
            differ |= (evidence.distinct(name) > 1).astype(np.int64) << place
    return [
        _Names(
            ", ".join(name for place, name in enumerate(names) if pattern >> place & 1),
            differ == pattern,
        )
        for pattern in np.unique(differ[differ > 0]).tolist()
    ]


def _undecided(evidence: Evidence, writing: _Writing, names_agree: Truths) -> None:
    """Say which of the other groups name several assets, and which say too little."""
    sizes = evidence.groups.sizes
    each = (evidence.distinct("name") == sizes) | (evidence.distinct("id") == sizes)
    apart = ~names_agree & (evidence.distinct("name") >= FEW)
    many = sizes > FEW
    on_many = Reason("identifier_on_many")
    writing.say(apart | (many & each & ~names_agree), Verdict.SEVERAL, on_many)
    writing.say(many & (evidence.distinct("id") == sizes), Verdict.SEVERAL, on_many)
    # "N/C", "En attente": a word without a digit that many rows share numbers none of them
    writing.say(many & evidence.shapeless(), Verdict.SEVERAL, on_many)
    writing.say(~names_agree, Verdict.UNDECIDED, Reason("assets_of_other_names"))
    writing.say(many, Verdict.UNDECIDED, Reason("assets_too_many"))
    everything = np.ones(len(sizes), np.bool_)
    writing.say(everything, Verdict.UNDECIDED, Reason("assets_without_proof"))


def verdicts_across(evidence: Evidence, own_names: Truths, overlapping: Truths) -> Verdicts:
    """Return what the groups of several lists are.

    Parameters
    ----------
    evidence
        What is known of them.
    own_names
        Where all share a name that no other row of their lists has.
    overlapping
        Where the lists have many assets in common.
    """
    writing = _Writing(evidence.groups.count)
    key, sizes = evidence.key, evidence.groups.sizes
    single = evidence.distinct("source") == sizes
    names = evidence.names_agree()
    repeated_name = (evidence.distinct("name") < sizes) & (evidence.distinct("name") > 0)
    writing.say(~single & repeated_name, Verdict.UNDECIDED, Reason("assets_repeat_in_lists"))
    writing.say(~single, Verdict.UNRELATED, Reason("assets_repeat_in_lists"))
    plain = evidence.shapeless() | evidence.by_word(key, is_short)
    own_names = own_names & ~evidence.shapeless()
    second = evidence.second(_others(evidence)) | own_names
    proved = second | ~plain
    for names_of in _differing_names(evidence, (*_HARD, *evidence.records.uuid)):
        reason = Reason("assets_contradict", columns=names_of.text)
        writing.say(names_of.where & proved, Verdict.UNDECIDED, reason)
        writing.say(names_of.where, Verdict.UNRELATED, reason)
    several = evidence.several() > 1
    told = tuple(name for name in EQUIPMENT if name not in {"source", "source_row", key})
    unequal = several & (evidence.differing(told) > 0)
    writing.say(unequal, Verdict.UNDECIDED, Reason("assets_of_several_items"))
    word = identifier_word(key, evidence)
    for name in _others(evidence):
        said = Reason("merged_second", identifier=word, second=identifier_word(name, evidence))
        writing.say(evidence.second_is(name), Verdict.ONE, said)
    named = Reason("merged_second", identifier=word, second=identifier_word("name"))
    writing.say(own_names, Verdict.ONE, named)
    loose = evidence.loosely_differing(_SOFT)
    writing.say(plain & (loose > 0), Verdict.UNRELATED, Reason("assets_lists_differ"))
    writing.say(loose > 0, Verdict.UNDECIDED, Reason("assets_lists_differ"))
    writing.say(~plain & names, Verdict.ONE, Reason("merged_lists", identifier=word))
    writing.say(~plain & overlapping, Verdict.ONE, Reason("merged_lists", identifier=word))
    writing.say(plain & ~names, Verdict.UNRELATED, Reason("assets_of_other_names"))
    writing.say(~names, Verdict.UNDECIDED, Reason("assets_of_other_names"))
    everything = np.ones(len(sizes), np.bool_)
    writing.say(everything, Verdict.UNDECIDED, Reason("assets_without_proof"))
    return writing.verdicts()
