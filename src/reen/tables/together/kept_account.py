"""Kept account: the account that a written inventory keeps of the files that it was made from.

A Parquet file holds its account in the metadata of its schema, a text file has it beside it, as
``NAME.account.json``: columns of their own would be read as data by every other program.  With it
stands a SHA-256 of the rows as they were written (the file itself; of Parquet, all but the footer),
so that a file that was changed since is known.  Knows no importer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from reen.gate.reads import noted
from reen.inventory.account import Account
from reen.inventory.carried_account import (
    METADATA_KEY,
    WRITTEN,
    Kept,
    account_of_text,
    kept_text,
    settled,
)
from reen.inventory.issues import Issue, Severity
from reen.inventory.table_kinds import KIND_KEY
from reen.reasons import Reason

__all__ = [
    "KIND_KEY",
    "METADATA_KEY",
    "WRITTEN",
    "Kept",
    "account_path",
    "body_digest",
    "file_metadata",
    "find_kept",
    "kept_issue",
    "kept_text",
    "settle_files",
    "settled",
]

_PARQUET = b"PAR1"
_BLOCK = 1 << 20


def account_path(path: Path) -> Path:
    """Return where the account of a text file is."""
    return path.with_name(path.name + ".account.json")


def body_digest(file: BinaryIO) -> str:
    """Return the SHA-256 of the rows of a file: of all of it, or of all but a Parquet footer."""
    digest = hashlib.sha256()
    left = file.seek(0, 2)
    file.seek(0)
    if left >= 12 and file.read(4) == _PARQUET:  # noqa: PLR2004 - magic, length, magic
        file.seek(-8, 2)
        left = max(0, left - 8 - int.from_bytes(file.read(4), "little"))
    file.seek(0)
    while left and (block := file.read(min(_BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def file_metadata(path: Path) -> Mapping[bytes, bytes] | None:
    """Return the metadata of the schema of a Parquet file; None of any other file."""
    with path.open("rb") as file:
        if file.read(len(_PARQUET)) != _PARQUET:
            return None
        import pyarrow.parquet as pq  # here: most files are none

        file.seek(0)
        metadata: Mapping[bytes, bytes] | None = pq.read_schema(file).metadata
    return metadata


def find_kept(path: Path, metadata: Mapping[bytes, bytes] | None, written: frozenset[str]) -> Kept:
    """Return what is known of the files that a file was made from.

    Parameters
    ----------
    path
        The file that was read.
    metadata
        Metadata of its schema, if it has any.
    written
        Its columns that only a list that was read before has.
    """
    beside = account_path(path)
    text: str | bytes | None = (metadata or {}).get(METADATA_KEY)
    try:
        if text is None and beside.is_file():
            text = noted(beside).read_text(encoding="utf-8")
        if text is None:
            return Kept(None, kept_issue(path, "account_lost") if written >= WRITTEN else None)
    except (OSError, ValueError):
        # told as an issue: the list itself can be read
        return Kept(None, kept_issue(path, "account_unreadable"))
    found = account_of_text(text)
    if found is None:
        return Kept(None, kept_issue(path, "account_unreadable"))
    kept, sha256 = found
    with path.open("rb") as file:
        digest = body_digest(file)
    return kept if sha256 == digest else Kept(None, kept_issue(path, "account_outdated"))


def kept_issue(path: Path, code: str) -> Issue:
    """Return the doubt about a list whose account is lost, outdated or unreadable."""
    return Issue(
        "",
        path.name,
        Reason(code),
        expected=Reason("account_expected", name=account_path(path).name),
        severity=Severity.DOUBT,
        source=path.name,
    )


def settle_files(files: Iterable[tuple[str, Kept]], counted: Account) -> Account:
    """Return the account of files whose rows were counted piece by piece.

    Parameters
    ----------
    files
        Each file's name, and what it kept.
    counted
        The account of the rows.
    """
    by_name: dict[str, list[Kept]] = {}
    for name, kept in files:
        by_name.setdefault(name, []).append(kept)
    found = [Account.of(issues=[k.issue for each in by_name.values() for k in each if k.issue])]
    for source in counted.sources:
        own, accounts = counted.of_source(source), [k.account for k in by_name.get(source, ())]
        known = [account for account in accounts if account is not None]
        if known and len(known) == len(accounts):
            found.append(settled(Account.sum(known), own))
        else:
            found += [own, *(account.uncounted for account in known)]
    return Account.sum(found)
