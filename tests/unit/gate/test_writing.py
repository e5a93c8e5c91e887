"""The one writer: a file is old or new, never half, and never one that was read."""

from __future__ import annotations

import functools
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import reen
from reen.gate import reads
from reen.gate.reads import SET_FILE, Mark, digest_of, mark_of
from reen.gate.writing import (
    kept_as,
    staged_folder,
    write_file,
    write_files,
    write_new_folder,
    writing,
)

#: Runs work in a child whose system fails at the operation of a number.
Faulty = Callable[[Callable[[], object], int], str]

OLD, NEW = b"old\n" * 5000, b"the new content\n" * 9000

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def content(folder: Path) -> dict[str, bytes]:
    """Return the files that anybody sees (temporary ones are hidden)."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:])
    }


# -- what writes, with the states that may be seen ---------------------------------------------


def one_file(folder: Path) -> None:
    write_file(folder / "a.txt", NEW)


def one_new_file(folder: Path) -> None:
    with writing(folder / "c.txt", new=True, private=True) as file:
        file.write(NEW)


def several_files(folder: Path) -> None:
    write_files({folder / "a.txt": NEW, folder / "b.txt": NEW, folder / "sub/d.txt": NEW})


def with_backup(folder: Path) -> None:
    kept_as(folder / "a.txt")
    write_file(folder / "a.txt", NEW)


def by_somebody_else(folder: Path) -> None:
    with staged_folder(folder) as staged:
        (staged / "a.txt").write_bytes(NEW)
        (staged / "b.txt").write_bytes(NEW)


def inventory_as_csv(folder: Path) -> None:
    reen.write_inventory(FLEET, folder / "a.csv")


def inventory_as_parquet(folder: Path) -> None:
    reen.write_inventory(FLEET, folder / "a.parquet")


FLEET = reen.Inventory.from_equipment([reen.Equipment("laptop", quantity=12)])

#: Each with the files that must be old or new, each by itself.
WORKS = [
    one_file,
    one_new_file,
    several_files,
    with_backup,
    by_somebody_else,
    inventory_as_csv,
    inventory_as_parquet,
]


def prepared(folder: Path) -> Path:
    folder.mkdir()
    for name in ("a.txt", "b.txt", "a.csv", "a.parquet", "a.csv.account.json"):
        (folder / name).write_bytes(OLD)
    mark = Mark(written={"a.txt": digest_of(OLD), "b.txt": digest_of(OLD)})
    (folder / SET_FILE).write_text(mark.text(), "utf-8")
    return folder


@pytest.mark.slow
@needs_fork
@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_killed_at_every_operation_a_file_is_old_or_new(
    tmp_path: Path, work: Callable[[Path], None], killed_at: Faulty
) -> None:
    """The n-th operation ends the process, for every n: a write does so after half of its bytes."""
    whole = prepared(tmp_path / "whole")
    before = content(whole)
    work(whole)
    after = content(whole)
    seen = []
    for at in range(200):
        folder = prepared(tmp_path / f"{at}")
        ended = killed_at(functools.partial(work, folder), at)
        found = content(folder)
        for name, now in found.items():
            assert now in (before.get(name), after.get(name)), f"{name} at operation {at}"
        assert before.keys() <= found.keys(), f"a file is gone at operation {at}"
        seen.append(ended)
        if ended != "killed":
            break
    assert seen[-1] == "done"
    assert seen.count("killed") >= 3, "nothing was interrupted"
    assert found == after


@pytest.mark.slow
@needs_fork
@pytest.mark.parametrize("work", [several_files, by_somebody_else], ids=lambda work: work.__name__)
def test_a_set_that_is_half_new_is_told_until_it_is_written_again(
    tmp_path: Path, work: Callable[[Path], None], killed_at: Faulty
) -> None:
    """Killed at every operation: whoever reads the folder, or a file of it, has all of one set."""
    half = 0
    for at in range(200):
        folder = prepared(tmp_path / f"{at}")
        ended = killed_at(functools.partial(work, folder), at)
        found = content(folder)
        if len({found["a.txt"], found["b.txt"]}) > 1:
            half += 1
            for path in (folder, folder / "a.txt"):
                with pytest.raises(reen.errors.FileFormatError, match="not all of one writing"):
                    reads.note(path)
        reads.note(folder / "a.csv")  # of no set
        work(folder)
        reads.note(folder)
        if ended != "killed":
            break
    assert half


def test_a_set_stays_marked_while_some_of_it_is_old(tmp_path: Path) -> None:
    mark = Mark(coming={"a.txt": "0", "b.txt": "1"})
    (tmp_path / SET_FILE).write_text(mark.text(), "utf-8")
    write_files({tmp_path / "a.txt": NEW, tmp_path / "c.txt": NEW})
    reads.note(tmp_path / "a.txt")
    with pytest.raises(reen.errors.FileFormatError, match=r"\(b.txt\)"):
        reads.note(tmp_path)
    write_files({tmp_path / "b.txt": NEW})
    assert not (tmp_path / SET_FILE).exists()


# -- what a person changed ------------------------------------------------------------------------


def exported(folder: Path, *, replace: bool = False, content: bytes = NEW) -> None:
    """Write two files, one of them in a folder of its own, as exporters and reviews do."""
    with staged_folder(folder, replace=replace) as staged:
        (staged / "sub").mkdir()
        (staged / "a.txt").write_bytes(content)
        (staged / "sub" / "b.txt").write_bytes(content)


def test_what_nobody_changed_is_written_again(tmp_path: Path) -> None:
    exported(tmp_path, content=OLD)
    exported(tmp_path)
    assert content(tmp_path) == {"a.txt": NEW, "sub/b.txt": NEW}
    assert mark_of(tmp_path).written.keys() == {"a.txt", "sub/b.txt"}


@pytest.mark.parametrize(
    "how", ["changed", "made before", "mark lost", "mark damaged", "of a list"]
)
def test_what_a_person_changed_is_not_replaced(tmp_path: Path, how: str) -> None:
    """None of the files is, the error names those that stop it, and how to go on."""
    if how == "made before":
        (tmp_path / "sub").mkdir()
    else:
        exported(tmp_path, content=OLD)
    if how in {"changed", "made before"}:
        (tmp_path / "sub" / "b.txt").write_bytes(b"corrected by hand")
    elif how == "mark lost":
        (tmp_path / SET_FILE).unlink()
    else:
        (tmp_path / SET_FILE).write_text("[1" if how == "mark damaged" else '["a.txt"]', "utf-8")
    before = content(tmp_path)
    with pytest.raises(reen.errors.FileNotWrittenError, match=r"sub/b\.txt\).*--replace") as caught:
        exported(tmp_path)
    assert content(tmp_path) == before
    assert caught.value.path == str(tmp_path)
    with reen.language("fr"):
        assert "modifiés depuis que reen les a écrits" in str(caught.value)
    exported(tmp_path, replace=True)
    assert content(tmp_path) == {"a.txt": NEW, "sub/b.txt": NEW}
    exported(tmp_path, content=OLD)
    assert content(tmp_path) == {"a.txt": OLD, "sub/b.txt": OLD}


def test_a_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    exported(tmp_path)
    (tmp_path / "a.txt").unlink()
    exported(tmp_path)
    assert content(tmp_path) == {"a.txt": NEW, "sub/b.txt": NEW}


def test_what_other_writings_left_stays_theirs(tmp_path: Path) -> None:
    """Two exports in one folder, and a list with its account: each knows its own files."""
    exported(tmp_path)
    with staged_folder(tmp_path) as staged:
        (staged / "c.txt").write_bytes(NEW)
    reen.write_inventory(FLEET, tmp_path / "a.csv")
    assert mark_of(tmp_path).written.keys() == {"a.txt", "sub/b.txt", "c.txt"}
    (tmp_path / "a.txt").write_bytes(OLD)
    with staged_folder(tmp_path) as staged:
        (staged / "c.txt").write_bytes(OLD)
    with pytest.raises(reen.errors.FileNotWrittenError, match=r"\(a\.txt\)"):
        exported(tmp_path)


@needs_fork
@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_a_full_disk_leaves_what_was_there_and_names_the_file(
    tmp_path: Path, work: Callable[[Path], None], full_at: Faulty
) -> None:
    """Full from the n-th write on, for every n: an error that names the file, and no rest of it."""
    errors = 0
    for at in range(200):
        folder = prepared(tmp_path / f"{at}")
        before = content(folder)
        ended = full_at(functools.partial(work, folder), at)
        if ended == "done":
            break
        errors += 1
        assert ended.startswith("FileNotWrittenError: "), ended
        assert str(folder) in ended
        assert "No space left on device; what was there is unchanged" in ended
        assert not list(folder.rglob(".reen-*.tmp")), f"a temporary file is left at {at}"
        found = content(folder)
        assert {name: found.get(name) for name in before} == before
        assert all(name.endswith(".bak") for name in found.keys() - before.keys())
    assert errors >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the system")
@pytest.mark.slow
def test_a_limit_of_the_system_on_the_size_of_files(tmp_path: Path) -> None:
    """RLIMIT_FSIZE, as a quota of a disk is: no injected error, the kernel's own."""
    target = tmp_path / "a.txt"
    target.write_bytes(OLD)
    script = f"""
        import resource
        from reen.errors import FileNotWrittenError
        from reen.gate.writing import write_file
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            write_file({str(target)!r}, b"x" * 100_000)
        except FileNotWrittenError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        f"{target}: File too large; what was there is unchanged: free some space, or write"
        " elsewhere\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_bytes() == OLD


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "setuid"), reason="this system has no users of this kind")
def test_a_folder_closed_to_writing(tmp_path: Path) -> None:
    """As an ordinary user: named, with the remedy, and the old file is there."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.txt").write_bytes(OLD)
    closed.chmod(0o555)
    script = f"""
        import os
        import tempfile  # what writes takes it, and it is read while everything can be
        from reen.errors import FileNotWrittenError
        from reen.gate.writing import write_file
        from reen.reasons import say
        say("remedy_free_space")  # so is the catalogue
        if os.getuid() == 0:
            os.setuid(65534)
        for name in ("a.txt", "b.txt"):
            try:
                write_file({str(closed)!r} + "/" + name, b"x")
            except FileNotWrittenError as error:
                print(error.reason)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    said = done.stdout.splitlines()
    assert len(said) == 2
    assert "the folder must allow new files" in said[1]
    assert content(closed) == {"a.txt": OLD}


# -- links, permissions, streams ---------------------------------------------------------------


def linked(link: Path, target: Path) -> None:
    """Make a link, which Windows allows to some users only."""
    try:
        link.symlink_to(target)
    except OSError as error:
        pytest.skip(f"this user may make no links: {error}")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.txt", tmp_path / "link.txt"
    target.write_bytes(OLD)
    linked(link, target)
    write_file(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_are_kept_and_secrets_are_private(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(OLD)
    (tmp_path / "a").chmod(0o640)
    write_file(tmp_path / "a", NEW)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    with writing(tmp_path / "key", new=True, private=True) as file:
        file.write(b"secret")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    mask = os.umask(0o027)
    try:
        write_file(tmp_path / "new", NEW)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_what_should_be_new_replaces_nothing(tmp_path: Path) -> None:
    """Even when it comes to be between the look and the end."""
    path = tmp_path / "a.txt"

    def write() -> None:
        with writing(path, new=True) as file:
            file.write(NEW)
            path.write_bytes(OLD)

    with pytest.raises(reen.errors.FileNotWrittenError, match="is there already"):
        write()
    assert content(tmp_path) == {"a.txt": OLD}
    assert not list(tmp_path.glob(".reen-*.tmp"))


def test_an_error_of_who_writes_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(OLD)

    def write() -> None:
        with writing(path) as file:
            file.write(NEW)
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == OLD


def test_an_error_about_another_file_is_not_about_this_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, writing(tmp_path / "a.txt"):
        (tmp_path / "gone" / "b.txt").read_bytes()
    assert not isinstance(caught.value, reen.errors.FileNotWrittenError)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a folder"),
        ("none/a.txt", "make the folder first"),
        # Windows names the folder, not what it is
        ("file/a.txt", "Not a dir" if os.name == "posix" else "what was there is unchanged"),
    ],
)
def test_places_where_no_file_can_be(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(reen.errors.FileNotWrittenError, match=said):
        write_file(tmp_path / name, NEW)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_pipes_are_written_straight(tmp_path: Path) -> None:
    """A pipe is no file to be replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"hello")
        assert os.read(reader, 10) == b"hello"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    write_file("/dev/null", NEW)


def test_a_new_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    write_new_folder(tmp_path / "p", {Path("a/b.txt"): "x", Path("c.txt"): b"y"})
    assert content(tmp_path / "p") == {"a/b.txt": b"x", "c.txt": b"y"}
    with pytest.raises(reen.errors.FileNotWrittenError):
        write_new_folder(tmp_path / "p", {Path("a/b.txt"): "z"})
    assert content(tmp_path / "p") == {"a/b.txt": b"x", "c.txt": b"y"}
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


# -- what was read -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["same", "link", "hard link", "other spelling"])
def test_a_file_of_the_run_is_not_written_over(tmp_path: Path, how: str) -> None:
    """By whatever name: the number of the file counts, not its path."""
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_bytes(OLD)
    if how == "same":
        target = source
    elif how == "link":
        linked(target, source)
    elif how == "hard link":
        target.hardlink_to(source)
    else:
        target = tmp_path / ".." / tmp_path.name / "in.txt"
    with reads.run():
        assert reads.noted(source).read_bytes() == OLD
        with pytest.raises(
            reen.errors.FileNotWrittenError, match=r"is the file that is read, .*in"
        ):
            write_file(target, NEW)
    assert source.read_bytes() == OLD
    write_file(target, NEW)  # outside of the run nothing is remembered


def test_files_of_a_folder_are_of_the_run_too(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(OLD)
    with reads.run(), reads.run():
        reads.note(tmp_path)
        with pytest.raises(reen.errors.FileNotWrittenError):
            write_file(tmp_path / "sub" / "a.txt", NEW)
        write_file(tmp_path / "b.txt", NEW)
        with writing(tmp_path / "sub" / "a.txt", over_read=True) as file:
            file.write(NEW)
    assert (tmp_path / "sub" / "a.txt").read_bytes() == NEW


def test_what_was_there_is_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    assert kept_as(path) is None
    path.write_bytes(OLD)
    assert kept_as(path) == tmp_path / "m.toml.bak"
    assert (tmp_path / "m.toml.bak").read_bytes() == OLD
    path.write_bytes(NEW)
    assert kept_as(path) == tmp_path / "m.toml.2.bak"
    assert kept_as(path) == tmp_path / "m.toml.3.bak"
    assert (tmp_path / "m.toml.bak").read_bytes() == OLD
    assert (tmp_path / "m.toml.2.bak").read_bytes() == NEW
