"""Claims: which importer reads a file, by its first bytes.

Every importer is asked how sure it is; each file is looked at once.  Two that claim a file alike
are an error: a format is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from reen.errors import FileFormatError, PluginError
from reen.gate.reads import note, noted
from reen.plugins.file_contracts import Importer
from reen.plugins.guard import answer_of
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.tables.importing import HEAD_BYTES, Sample, Sniff

__all__ = ["Claims", "claiming_importer", "existing", "head_of", "score_of"]

#: Two importers within this score of each other claim a file alike.
_TIE = 0.1


class Claims:
    """Which importer reads each file; every file is looked at once."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._found: dict[Path, Importer | None] = {}

    def of(self, path: Path) -> Importer | None:
        """Return the importer that is surest of a file or folder; None when none knows it.

        Raises
        ------
        FileFormatError
            There is no such file.
        FileFormatError
            Two claim it alike.
        """
        if path not in self._found:
            self._found[path] = claiming_importer(path, self.registry)
        return self._found[path]

    def chosen(self, path: Path) -> Importer:
        """Return the importer that is surest of a file, by its first bytes.

        Raises
        ------
        FileFormatError
            The file does not exist, or no importer knows it.
        FileFormatError
            Two importers claim it.
        """
        claim = self.of(path)
        if claim is None:
            what = Reason(
                "error_folder_of_no_importer" if path.is_dir() else "error_format_of_no_importer"
            )
            known = ", ".join(sorted(self.registry.importers))
            reason = Reason("error_no_importer_knows_installed_name_one", what=what, known=known)
            raise FileFormatError(str(path), reason)
        return claim


def claiming_importer(path: Path, registry: Registry) -> Importer | None:
    """Return the importer that is surest of a file or folder; None when none knows it.

    Raises
    ------
    FileFormatError
        There is no such file.
    FileFormatError
        Two claim it alike.
    """
    # who only reads factors needs no reader of tables
    from reen.tables.reader import TableReader

    existing(path)
    is_folder = path.is_dir()
    sample = Sample(path, b"" if is_folder else head_of(path))
    tables = {name for name, each in registry.importers.items() if isinstance(each, TableReader)}
    claims = _claims(sample, registry, [each for each in registry.importers if each not in tables])
    if not is_folder and not claims and len(tables) == 1:
        # it claims every file that nobody else does: how sure it is, reading the file shows
        return registry.importers[tables.pop()]
    claims = sorted([*claims, *_claims(sample, registry, tables)], reverse=True)
    if not claims:
        return None
    if len(claims) > 1 and claims[0][0] - claims[1][0] < _TIE:
        raise FileFormatError(
            str(path),
            Reason(
                "error_importers_claim_alike_name_one_importer",
                claims=claims[0][1],
                claims_2=f"{claims[0][0]:.2f}",
                claims_3=claims[1][1],
                claims_4=f"{claims[1][0]:.2f}",
            ),
        )
    return registry.importers[claims[0][1]]


def _claims(sample: Sample, registry: Registry, names: Iterable[str]) -> list[tuple[float, str]]:
    """Return those of some importers that know a file, and how sure they are."""
    scores = [
        (score_of(f"importer {name}", registry.importers[name].sniff, sample), name)
        for name in names
    ]
    return [(score, name) for score, name in scores if score > 0.0]


def existing(path: Path) -> None:
    """Raise FileFormatError when there is no such file; remember the others as read."""
    note(path)
    if not path.exists():
        raise FileFormatError(str(path), Reason("error_there_no_file_check_path"))


def score_of(plugin: str, sniff: Callable[[Sample], Sniff], sample: Sample) -> float:
    """Return how sure a plugin is of a file; what it does wrong is named."""
    doing = f"looking at {sample.path}"
    found: object = answer_of(plugin, doing, lambda: sniff(sample), reads_files=True)
    if not isinstance(found, Sniff) or not 0.0 <= found.score <= 1.0:
        raise PluginError(plugin, f"sniff returned {found!r}; expected a Sniff of 0 to 1")
    return found.score


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file, which importers look at.

    Raises
    ------
    FileFormatError
        The system does not let it be read.
    """
    try:
        with noted(path).open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        reason = Reason("error_cannot_opened_check_path", strerror=str(error.strerror or error))
        raise FileFormatError(str(path), reason) from error
