"""What is listed beside equipment and has no hardware of its own: virtual machines, licences.

Input: rows and their headings.  Output: which rows are virtual machines (told by maker, model,
serial number or type, or by a column "Physique / Virtuel") and which are software.  A physical host
("VMware ESX server") is no virtual machine.  A network address alone proves nothing: containers
report the hardware of their host.

Must not drop anything, nor know what a machine runs on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Heading, Headings
from reen.tables.sheet import Sheet, codes_of
from reen.tables.typed.proofs import holds_byte, may_hold_words
from reen.vocabulary.text import normalise

__all__ = ["licences", "names_virtual_machine", "virtual_machines"]

#: Makers and models of hypervisors, as virtual hardware reports them.
_HARDWARE = (
    r"(?i)^(vmware|qemu|bochs|virtualbox|innotek|xen\b|hvm domu|parallels virtual"
    r"|parallels software|openstack|amazon ec2|google compute engine|virtual machine|kvm$"
    r"|standard pc \(|cloud pc)"
)
_SERIAL = r"^(VM[Ww][Aa][Rr][Ee]-[0-9A-Fa-f]|0000-00\d\d-\d{4})"
_TYPE = r"(?i)^(vmware|virtual|vm$|vm |machine virtuelle|cloud pc|.*\bvirtuel(le)?s?$)"

#: Words for what is virtual and for what has hardware of its own, where both stand in a column, and
#: yes and no.  "Virtualisation" is what runs on a host.
_VIRTUAL = frozenset(
    {"vm", "virtuel", "virtuelle", "virtual", "virtualise", "machine virtuelle", "virtual machine"}
    | {"serveur virtuel", "virtual server"}
)
_PHYSICAL = frozenset(
    {"physique", "physical", "serveur physique", "machine physique", "bare metal", "hote", "host"}
)
_YES = frozenset({"oui", "yes", "vrai", "true", "x", "1", "o"})
_NO = frozenset({"non", "no", "faux", "false", "0", "n", ""})
#: Headers of columns that say yes or no.
_IS_VIRTUAL = frozenset(map(key_of, ("virtuel", "virtuelle", "vm", "machine virtuelle", "virtual")))
#: Words of a column that says it, at most.
_FEW = 20

#: What each of these has one of.
_IN_TEXT = {
    _HARDWARE: (
        *("vmware", "qemu", "bochs", "virtual", "innotek", "xen", "hvm", "parallels", "openstack"),
        *("amazon", "google", "kvm", "standard pc", "cloud pc"),
    ),
    _SERIAL: ("-",),
    _TYPE: ("vm", "virtu", "cloud pc"),
}
#: What every serial number of virtual hardware has.
_IN_SERIAL = "-"

_SOFTWARE = frozenset(
    map(key_of, ("licence", "license", "logiciel", "software", "licence logicielle", "abonnement"))
)


def licences(sheet: Sheet, headings: Headings) -> npt.NDArray[np.bool_]:
    """Return which rows are software, by their type."""
    found = np.zeros(len(sheet), np.bool_)
    for heading in headings.columns.get("equipment_type", ()):
        words = sheet.words(heading.position)
        table = [key_of(word) in _SOFTWARE for word in words.dictionary.to_pylist()]
        if any(table):
            found |= np.array([*table, False], np.bool_)[codes_of(words)]
    return found


def names_virtual_machine(word: str) -> bool:
    """Tell whether a type word that resolves to no equipment means a virtual machine."""
    return re.match(_TYPE, word) is not None


def virtual_machines(
    sheet: Sheet, headings: Headings, resolve_type: Callable[[str], str | None]
) -> npt.NDArray[np.bool_]:
    """Return which rows are virtual machines.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    resolve_type
        Resolves a word to an equipment type, or to None: a word that does is no virtual machine.
    """
    found = np.zeros(len(sheet), np.bool_)
    for column, pattern in (
        ("manufacturer", _HARDWARE),
        ("model", _HARDWARE),
        ("serial_number", _SERIAL),
        ("equipment_type", _TYPE),
    ):
        for heading in headings.columns.get(column, ()):
            cells = sheet.plain_cells(heading.position)
            if cells is not None and not _may_match(cells, pattern):
                continue
            words = sheet.words(heading.position)
            if not may_hold_words(words.dictionary, _IN_TEXT[pattern]):
                continue
            hits = pc.match_substring_regex(words.dictionary, pattern)
            if not pc.any(hits).as_py():
                continue
            table = np.zeros(len(words.dictionary) + 1, np.bool_)
            for place in pc.indices_nonzero(hits).to_pylist():
                word = words.dictionary[place].as_py()
                table[place] = column != "equipment_type" or resolve_type(word) is None
            found |= table[codes_of(words)]
    for heading in headings.kept.values():
        found |= _said_virtual(sheet, heading)
    return found


def _said_virtual(sheet: Sheet, heading: Heading) -> npt.NDArray[np.bool_]:
    """Return the rows that a column which nothing knows calls virtual, and others physical."""
    found = np.zeros(len(sheet), np.bool_)
    if sheet.plain_cells(heading.position) is not None:
        return found
    words = sheet.words(heading.position)
    texts = [normalise(text) for text in words.dictionary.to_pylist()]
    if not 0 < len(texts) <= _FEW:
        return found
    if key_of(heading.text) in _IS_VIRTUAL and set(texts) <= _YES | _NO:
        virtual = [text in _YES for text in texts]
    else:
        if not set(texts) <= _VIRTUAL | _PHYSICAL | {""}:
            return found
        virtual = [text in _VIRTUAL for text in texts]
    return found | np.array([*virtual, False], np.bool_)[codes_of(words)]


def _may_match(cells: pa.Array, pattern: str) -> bool:
    if pattern == _SERIAL and not holds_byte(cells, _IN_SERIAL):
        return False
    return bool(pc.any(pc.match_substring_regex(cells, pattern)).as_py())
