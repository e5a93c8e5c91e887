"""The account that a table in memory carries of the files that its rows were read from.

An inventory that is given as an Arrow table takes its account along, in the metadata of the schema,
as a written Parquet file does; a table that has the columns of a read list, but no account any
more, is doubted.  Input: a schema and its rows.  Output: the account, or the doubt.  Opens no file.
"""

from __future__ import annotations

import json

import attrs
import pyarrow as pa

from reen.inventory.account import Account, Fate
from reen.inventory.issues import Issue, Severity
from reen.inventory.table_kinds import KIND_KEY
from reen.inventory.users import Users
from reen.reasons import Reason

__all__ = [
    "METADATA_KEY",
    "WRITTEN",
    "Kept",
    "account_of_text",
    "carried",
    "kept_text",
    "outdated",
    "settle_carried",
    "settled",
    "with_account",
    "without_account",
]

#: Version of the form.
FORM = "reen-account/1"

#: Where the metadata of a schema holds it.
METADATA_KEY = b"reen.account"

#: Columns by which a list that reen wrote is known, whatever else it has lost.
WRITTEN = frozenset({"source", "source_row"})


@attrs.frozen(eq=False, repr=False)
class Kept:
    """The account that a file or a table carries of the files that it was made from.

    Attributes
    ----------
    account
        The account that was kept; None when there is none that can be trusted.
    issue
        Why not, if there should be one.
    users
        What was counted of its users.
    """

    account: Account | None = None
    issue: Issue | None = None
    users: Users | None = None


def kept_text(
    account: Account, digest: str, kind: str = "equipment", users: Users | None = None
) -> str:
    """Return an account, the digest and the kind of the rows that it is about, as JSON text.

    The digest is empty where the rows are in memory.
    """
    content: dict[str, object] = {
        "form": FORM,
        "kind": kind,
        "sha256": digest,
        "account": account.to_dict(),
    }
    if users is not None:
        content["users"] = users.to_dict()
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def account_of_text(text: str | bytes) -> tuple[Kept, str] | None:
    """Return what `kept_text` wrote, with the digest; None where it cannot be read."""
    try:
        content = json.loads(text)
        if content["form"] != FORM:
            return None
        account = Account.from_dict(content["account"])
        users = Users.from_dict(content["users"]) if "users" in content else None
        return Kept(account, users=users), content["sha256"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # told as an issue: the list itself can be read
        return None


def with_account(table: pa.Table, account: Account, users: Users | None = None) -> pa.Table:
    """Return a table of equipment that takes the account of its rows along."""
    about = {METADATA_KEY: kept_text(account, "", users=users), KIND_KEY: "equipment"}
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **about})


def without_account(schema: pa.Schema) -> pa.Schema:
    """Return a schema without the account, which would travel with every part."""
    metadata = dict(schema.metadata or {})
    metadata.pop(METADATA_KEY, None)
    return schema.with_metadata(metadata) if metadata else schema.remove_metadata()


def carried(schema: pa.Schema, name: str) -> Kept:
    """Return the account that a table carries of the files that its rows were read from.

    Parameters
    ----------
    schema
        Its columns, and their metadata.
    name
        What it is called.
    """
    text = (schema.metadata or {}).get(METADATA_KEY)
    if text is None:
        lost = set(schema.names) >= WRITTEN
        return Kept(None, _doubt(name, "account_lost") if lost else None)
    found = account_of_text(text)
    return Kept(None, _doubt(name, "account_unreadable")) if found is None else found[0]


def outdated(kept: Kept, rows: int, name: str) -> Issue | None:
    """Return the doubt about a table of so many rows: its account is lost, or of other rows.

    Rows that were taken out of a complete list are complete; where the list was not, or where there
    are more rows than it had, nobody knows any more which of its refusals are theirs.
    """
    if kept.account is None:
        return kept.issue
    before = kept.account.rows_of(Fate.COUNTED)
    if rows == before or (rows < before and kept.account.is_complete):
        return None
    return _doubt(name, "account_outdated")


def settle_carried(kept: Kept, counted: Account, name: str) -> Account:
    """Return the account of a table from what it carries and from that of its rows."""
    doubt = outdated(kept, counted.rows_of(Fate.COUNTED), name)
    account = counted if kept.account is None else settled(kept.account, counted)
    return account if doubt is None else account + Account.of(issues=[doubt])


def settled(kept: Account, counted: Account) -> Account:
    """Return the account of a file from the one that it kept and from that of its own reading.

    Where every row is counted, as it was when the file was written, this is what was kept.  Where
    some are not, the rows of the file stand for those that were counted.
    """
    if counted.rows == counted.rows_of(Fate.COUNTED) == kept.rows_of(Fate.COUNTED):
        return kept
    return kept.uncounted + counted


def _doubt(name: str, code: str) -> Issue:
    return Issue(
        "",
        name,
        Reason(code),
        expected=Reason("account_expected_of_table"),
        severity=Severity.DOUBT,
        source=name,
    )
