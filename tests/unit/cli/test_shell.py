"""The program in a real shell: closed streams, pipes, interrupts, locales, names, folders."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="a POSIX shell"),
]

FLEET = "id,equipment_type,quantity,lifetime,declared_footprint,country\nPC-1,laptop,12,5,59,FR\n"
TOTAL = "Climate change: 141.6 kgCO2e/year"  # 12 x 59 / 5
CITY = Path(__file__).parents[3] / "examples" / "ville"
REEN = f"{sys.executable} -m reen.cli"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fleet.csv").write_text(FLEET, "utf-8")


def shell(
    command: str | bytes, *, data: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a line in bash; `reen` is the program of this environment."""
    line = command if isinstance(command, bytes) else command.encode()
    line = line.replace(b"reen ", REEN.encode() + b" ")
    return subprocess.run(
        ["bash", "-c", line],  # noqa: S607 - whichever bash is there
        input=data,
        capture_output=True,
        check=False,
        timeout=240,
        env={**os.environ, "COLUMNS": "100", **environment},
    )


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("reen measure fleet.csv -m declared >&-", 2, b"standard output is closed"),
        ("reen measure fleet.csv -m declared -f json >&-", 2, b"standard output is closed"),
        ("reen methods >&- 2>&- <&-", 2, b""),
        ("reen measure fleet.csv -m declared 2>&- >/dev/null", 0, b""),
        ("reen measure fleet.csv -m declared --output o.json >&- 2>&-", 0, b""),
        ("reen measure fleet.csv -m declared | head -c 1; exit ${PIPESTATUS[0]}", 1, b""),
        ("reen --help | true; exit $((PIPESTATUS[0] > 1))", 0, b""),
    ],
)
def test_streams_that_are_closed(command: str, code: int, said: bytes) -> None:
    """No traceback; a result that nobody can get is no success."""
    done = shell(command, PYTHONUNBUFFERED="1")
    assert b"Traceback" not in done.stderr
    assert said in done.stderr
    if "head" not in command:  # head may wait until all is written
        assert done.returncode == code, done.stderr
    if "o.json" in command:
        assert json.loads(Path("o.json").read_text("utf-8"))["form"] == "reen-footprint/2"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_screen_that_is_full() -> None:
    for words in ("--help", "methods", "measure fleet.csv -m declared -f csv"):
        done = shell(f"reen {words} >/dev/full")
        assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
        assert b"No space left on device" in done.stderr


def test_an_interrupt() -> None:
    """One word, and no result."""
    rows = "".join(f"PC-{k},laptop,1,5,59,FR\n" for k in range(400_000))
    Path("long.csv").write_text(FLEET + rows, "utf-8")
    with subprocess.Popen(
        [*REEN.split(), "measure", "long.csv", "-m", "declared", "--output", "o.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=240)
    if process.returncode == 0:
        pytest.skip("it was done before it could be interrupted")
    assert not Path("o.json").exists()
    assert not list(Path().glob(".reen-*.tmp"))
    # before the program has begun, Python itself says so
    assert b"interrupted" in err or b"KeyboardInterrupt" in err


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"},
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_plain_locale(environment: dict[str, str], language: str) -> None:
    """What the terminal lacks is a question mark; data are UTF-8."""
    done = shell(f"reen measure fleet.csv -m declared --lang {language}", **environment)
    assert done.returncode == 0, done.stderr
    assert b"141" in done.stdout
    data = shell("reen measure fleet.csv -m declared -f json --by entity", **environment)
    assert data.returncode in {0, 2}
    assert b"Traceback" not in data.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_names_that_are_no_text() -> None:
    os.mkdir(b"d\xff")  # noqa: PTH102 - of bytes
    with open(b"d\xff/p\xfe.csv", "wb") as file:  # noqa: PTH123 - as above
        file.write(FLEET.encode())
    for command in (b"reen measure d\xff/p\xfe.csv -m declared", b"reen measure d\xff -m declared"):
        done = shell(command)
        assert done.returncode == 0, done.stderr
        assert TOTAL.encode() in done.stdout
    done = shell(b"reen read d\xff/p\xfe.csv --output d\xff/o\xfe.csv && reen read d\xff/o\xfe.csv")
    assert done.returncode == 0, done.stderr
    for command in (
        b"reen read d\xff/o\xfe.csv --output d\xff/o\xfe.parquet --save-mapping d\xff/m\xfe.toml",
        b"reen read d\xff/o\xfe.parquet --full",
        b"reen explain d\xff/o\xfe.parquet PC-1 -m declared",
        b"reen measure d\xff/o\xfe.csv -m declared --mapping d\xff/m\xfe.toml -f json",
    ):
        done = shell(command)
        assert done.returncode == 0, done.stderr
    done = shell(b"reen measure d\xff/p\xfe.csv -m declared --encoding e\xff")
    assert (done.returncode, b"expected an encoding that Python knows" in done.stderr) == (2, True)
    done = shell(b"reen measure no\xff.csv -m declared")
    assert (done.returncode, b"there is no such file" in done.stderr) == (2, True)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_review_of_names_that_are_no_text() -> None:
    """A plan names folders; what is in them may be called anything. A plan names no such file."""
    folder = os.fsencode(Path("city").absolute()) + b"\xff"
    shutil.copytree(os.fsencode(CITY), folder)
    os.rename(folder + b"/2025/parc.csv", folder + b"/2025/parc\xfe.csv")  # noqa: PTH104 - of bytes
    review = b"reen review city\xff/review.toml --year 2025 --output city\xff/out\xfe"
    done = shell(review + b" --formats html,annex")
    assert done.returncode == 0, done.stderr
    os.mkdir(b"new")  # noqa: PTH102 - of bytes
    with open(b"new/parc-2025\xfe.csv", "wb") as file:  # noqa: PTH123 - of bytes
        file.write(FLEET.encode())
    done = shell("reen start new")
    assert (done.returncode, b"rename it, and start again" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        "reen measure /dev/stdin -m declared < fleet.csv",
        "cat fleet.csv | reen measure /dev/stdin -m declared",
        "reen measure <(cat fleet.csv) -m declared",
        "env -u HOME -u USER reen measure fleet.csv -m declared",
    ],
)
def test_where_the_rows_come_from(command: str) -> None:
    done = shell(command)
    assert done.returncode == 0, done.stderr
    assert TOTAL.encode() in done.stdout


def test_a_path_of_windows_is_a_name_here() -> None:
    done = shell(r"reen measure 'C:\Users\x\parc.csv' -m declared")
    assert done.returncode == 2
    assert rb"C:\Users\x\parc.csv: there is no such file; check the path" in done.stderr
    assert shell(r"reen measure fleet.csv -m declared --output 'C:\o.json'").returncode == 0
    assert Path("C:\\o.json").is_file()


def test_a_full_disk_while_a_result_is_written() -> None:
    """By the limit on the size of files: the old result is there, the new one is named."""
    Path("o.json").write_text("old", "utf-8")
    done = shell("ulimit -f 1; reen measure fleet.csv -m base-carbone --output o.json")
    assert done.returncode == 2
    assert b"o.json: File too large; what was there is unchanged" in done.stderr
    assert Path("o.json").read_text("utf-8") == "old"
    assert not list(Path().glob(".reen-*.tmp"))


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes there")
@pytest.mark.parametrize("line", ["\n", "    \n", " \t \r\n"])
def test_blank_lines_cost_no_memory(line: str) -> None:
    """20 MB of them: at most four times their size above what a small file costs."""
    measure = (
        "import resource, sys, reen\n"
        "print(len(reen.read(sys.argv[1])))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    blank = line.encode() * (20_000_000 // len(line))
    Path("blank.csv").write_bytes(FLEET.encode() + blank)
    peaks = []
    for name in ("fleet.csv", "blank.csv"):
        done = subprocess.run(
            [sys.executable, "-c", measure, name], capture_output=True, text=True, check=True
        )
        rows, peak = map(int, done.stdout.split())
        assert rows == 1
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 80_000  # kilobytes
