"""The compiled loops against numpy, and a kernel that is built where it can be, or not at all."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
import reen_plugins
from reen import kernel
from reen.errors import OptionError

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src/reen/kernel/_compiled.c"
GCC = shutil.which("gcc") or ""
AGREEMENT = ROOT / "tests/kernel_agreement.py"

built = pytest.mark.skipif(not kernel.state().built, reason="no compiled kernel here")
compiles = pytest.mark.skipif(
    not (SOURCE.is_file() and GCC and (Path(sysconfig.get_path("include")) / "Python.h").is_file()),
    reason="no sources, compiler or headers here",
)


def module_at(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def agreement() -> ModuleType:
    return module_at(AGREEMENT)


@pytest.fixture(scope="module")
def build() -> ModuleType:
    pytest.importorskip("hatchling", reason="hatchling builds the package")
    return module_at(ROOT / "hatch_build.py")


# -- the loops -----------------------------------------------------------------------------------


@built
@given(seed=st.integers(0, 2**40))
def test_loops_do_what_numpy_does(agreement: ModuleType, seed: int) -> None:
    """Hostile numbers, lengths around blocks, codes outside of their tables, wrong arrays."""
    with kernel.using("compiled"):
        loops = kernel.loops()
    assert list(agreement.differing(loops, range(seed, seed + 1))) == []


@built
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("count", [1, 3, 40])
def test_kinds_of_any_number(count: int, *, shared: bool) -> None:
    """More than threads share; and two that add to the same sums, which is one thread's work."""
    with kernel.using("compiled"):
        loops = kernel.loops()
    assert loops is not None
    size, dice = 40_000, np.random.default_rng(count)
    codes = np.zeros(size, np.int32)
    columns = [dice.lognormal(0.0, 9.0, size) for _ in range(count)]
    sums = [np.zeros(1) for _ in range(count)]
    kinds = tuple(
        (((codes, 1),), 0, np.zeros(1, np.int32), (column,), sums[0 if shared else k], 1, None)
        for k, column in enumerate(columns)
    )
    assert loops.fold(kinds, size, 0, np.inf, None, 4) == 0
    wanted = [np.add.accumulate(column)[-1] for column in columns]
    if not shared:
        assert [each[0] for each in sums] == wanted
    else:
        assert sums[0][0] == pytest.approx(sum(wanted), rel=1e-9)
        again = [np.zeros(1)] * count
        alike = tuple((*kind[:4], again[0], *kind[5:]) for kind in kinds)
        assert loops.fold(alike, size, 0, np.inf, None, 1) == 0
        assert again[0] == sums[0]


def test_a_check_of_each_loop(agreement: ModuleType) -> None:
    loops = {name for name in dir(kernel.interface.Loops) if not name.startswith("_")}
    assert loops == agreement.CHECKS.keys() - {"refusals"}


# -- which of them runs --------------------------------------------------------------------------


@built
def test_engines_are_chosen_by_call_then_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kernel.ENGINE_VARIABLE, raising=False)
    assert kernel.state().engine == "compiled"
    monkeypatch.setenv(kernel.ENGINE_VARIABLE, "numpy")
    assert kernel.state().engine == "numpy"
    assert kernel.loops() is None
    with kernel.using("compiled"):
        assert kernel.loops() is not None
        with kernel.using(None):
            assert kernel.loops() is not None
    monkeypatch.setenv(kernel.ENGINE_VARIABLE, "fast")
    with pytest.raises(OptionError, match="REEN_ENGINE"):
        kernel.loops()


@built
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_an_engine_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """What is measured inside uses the engine of the call, whatever the environment says."""
    seen = []

    def told(done: int, total: int | None) -> None:
        del done, total
        seen.append(kernel.state().engine)

    monkeypatch.setenv(kernel.ENGINE_VARIABLE, "numpy" if engine == "compiled" else "auto")
    laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    reen.measure(laptop, "base-carbone", engine=engine, progress=told, as_of="2022-12-31")  # type: ignore[arg-type]
    assert set(seen) == {engine}


def test_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """None for few rows; as many as the environment says, or as there are processors to use."""
    monkeypatch.setenv(kernel.THREADS_VARIABLE, "7")
    assert kernel.threads(1_000) == 1
    assert kernel.threads(1_000_000) == 7
    with kernel.using(None, threads=1):
        assert kernel.threads(1_000_000) == 1
        with kernel.using("numpy"):
            assert kernel.threads(1_000_000) == 1
    monkeypatch.delenv(kernel.THREADS_VARIABLE)
    assert 1 <= kernel.threads(1_000_000) <= (os.cpu_count() or 1)
    for wrong in ("0", "-1", "two", "1.5", "²"):
        monkeypatch.setenv(kernel.THREADS_VARIABLE, wrong)
        with pytest.raises(OptionError, match="REEN_THREADS"):
            kernel.threads(1_000_000)


def test_absent_or_of_other_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that is not there, does not load, or is of another version: numpy runs."""
    broken, real = ImportError("undefined symbol"), importlib.import_module
    for failure, why in (
        (ModuleNotFoundError("no"), "not built"),
        (broken, "does not load: undefined symbol"),
        (None, "built from other sources: install reen again"),
    ):

        def imported(name: str, failure: ImportError | None = failure) -> ModuleType:
            if name != "reen.kernel._compiled":
                return real(name)
            if failure is not None:
                raise failure
            return ModuleType(name)

        with monkeypatch.context() as patched:
            patched.setattr(kernel.importlib, "import_module", imported)
            patched.delenv(kernel.ENGINE_VARIABLE, raising=False)
            kernel._loaded.cache_clear()
            kernel._checked.cache_clear()
            assert kernel.state() == kernel.State("numpy", why, built=False)
            assert kernel.loops() is None
            with pytest.raises(OptionError, match="not here"), kernel.using("compiled"):
                pass
    kernel._loaded.cache_clear()
    kernel._checked.cache_clear()


# -- building it ---------------------------------------------------------------------------------


@compiles
def test_without_a_compiler(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(build.NotBuilt, match="no C compiler"):
        build.compile_kernel(SOURCE, tmp_path / "_compiled.abi3.so")
    assert not list(tmp_path.iterdir())


@compiles
def test_without_headers(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build.sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(build.NotBuilt, match="headers of Python are not installed"):
        build.compile_kernel(SOURCE, tmp_path / "_compiled.abi3.so")
    (tmp_path / "Python.h").write_text("#error this is no header\n")
    with pytest.raises(build.NotBuilt, match="no header"):
        build.compile_kernel(SOURCE, tmp_path / "_compiled.abi3.so")


@compiles
@pytest.mark.slow
def test_a_compile_that_fails(build: ModuleType, tmp_path: Path) -> None:
    """A source with a fault, and one that compiles and does not load."""
    for text in ("no C at all", "int nothing;"):
        source = tmp_path / "_compiled.c"
        source.write_text(text)
        with pytest.raises(build.NotBuilt):
            build.compile_kernel(source, tmp_path / "_compiled.abi3.so")
    assert {each.name for each in tmp_path.iterdir()} == {"_compiled.c"}


@compiles
@pytest.mark.slow
@pytest.mark.parametrize(("wanted", "kind"), [("", "built"), ("no", "pure"), ("require", "built")])
def test_the_hook(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wanted: str, kind: str
) -> None:
    """The tag says what is in the wheel; an editable install has the kernel beside its source."""
    monkeypatch.setenv("REEN_KERNEL", wanted)
    folder = tmp_path / SOURCE.relative_to(ROOT).parent
    folder.mkdir(parents=True)
    shutil.copy(SOURCE, folder)
    for version in ("standard", "editable"):
        made = hook(build, tmp_path)
        data: dict[str, object] = {"pure_python": True, "force_include": {}}
        made.initialize(version, data)
        beside = [each.name for each in folder.iterdir() if each.name != "_compiled.c"]
        if kind == "pure":
            assert data == {"pure_python": True, "force_include": {}}
            assert not beside
            continue
        assert data["pure_python"] is False
        assert str(data["tag"]).startswith("cp311-abi3-")
        editable = version == "editable"
        assert (beside == ["_compiled.abi3.so"]) is editable
        assert data["force_include"] == {} if editable else data["force_include"]
        made.finalize(version, data, "")


@compiles
@pytest.mark.slow
def test_the_hook_where_it_cannot(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The build goes on, pure; an editable install loses the kernel of other sources."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.delenv("REEN_KERNEL", raising=False)
    folder = tmp_path / SOURCE.relative_to(ROOT).parent
    folder.mkdir(parents=True)
    shutil.copy(SOURCE, folder)
    (folder / "_compiled.abi3.so").write_bytes(b"of yesterday")
    data: dict[str, object] = {"pure_python": True, "force_include": {}}
    hook(build, tmp_path).initialize("editable", data)
    assert data == {"pure_python": True, "force_include": {}}
    assert [each.name for each in folder.iterdir()] == ["_compiled.c"]
    monkeypatch.setenv("REEN_KERNEL", "require")
    with pytest.raises(build.NotBuilt):
        hook(build, tmp_path).initialize("standard", data)


def hook(build: ModuleType, root: Path) -> object:
    """Return the hook as hatchling makes it, for a wheel of a project."""
    application = importlib.import_module("hatchling.bridge.app").Application()
    return build.CustomBuildHook(
        str(root), {}, None, None, str(root / "dist"), "wheel", application
    )


# -- sanitizers, and kernels that are wrong on purpose -------------------------------------------


def compiled(text: str, folder: Path, *flags: str) -> Path:
    """Compile a source as the hook does, but quickly."""
    folder.mkdir(exist_ok=True)
    source, module = folder / "_compiled.c", folder / "_compiled.abi3.so"
    source.write_text(text)
    include = f"-I{sysconfig.get_path('include')}"
    parts = ("-pthread", include, f"-I{SOURCE.parent}")
    words = [GCC, "-std=c11", "-ffp-contract=off", "-fPIC", "-shared", *flags, *parts]
    subprocess.run([*words, str(source), "-o", str(module), "-lm"], check=True)
    return module


#: Every access to memory and every operation that C leaves undefined is watched.
WATCHED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def awakened() -> dict[str, str]:
    """Return the environment in which Python loads a module that is watched."""
    libraries = [
        subprocess.run(
            [GCC, f"-print-file-name={name}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    return {
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
    }


def compared(module: Path, seeds: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Compare a module with numpy in a process of its own, which may end in any way."""
    return subprocess.run(
        [sys.executable, str(AGREEMENT), "--seeds", str(seeds), "--module", str(module)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@compiles
@pytest.mark.slow
def test_no_warning(tmp_path: Path) -> None:
    compiled(SOURCE.read_text(), tmp_path, "-O2", "-Wall", "-Wextra", "-Werror")


@compiles
@pytest.mark.slow
def test_sanitizers(tmp_path: Path) -> None:
    """Nothing outside of an array, no undefined behaviour; the sanitizers themselves are awake."""
    awake = awakened()
    seeds = int(os.environ.get("REEN_SEEDS", "10"))
    done = compared(compiled(SOURCE.read_text(), tmp_path / "right", *WATCHED), seeds, **awake)
    assert done.returncode == 0, done.stdout + done.stderr
    unchecked = mutated("if (k >= 0 && k < out.length) to[k] = 1;", "if (k >= 0) to[k] = 1;")
    done = compared(compiled(unchecked, tmp_path / "wrong", *WATCHED), 10, **awake)
    assert "differ" not in done.stdout
    assert "AddressSanitizer" in done.stderr


@compiles
@pytest.mark.slow
@pytest.mark.parametrize("reader", ["delimited", "measured", "parquet", "arrow", "json"])
def test_spoilt_files_under_sanitizers(reader: str, tmp_path: Path) -> None:
    """Every file that once went wrong is read by loops that are watched."""
    for package in (reen, reen_plugins):
        home = Path(package.__file__ or "").parent
        unwanted = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
        shutil.copytree(home, tmp_path / home.name, ignore=unwanted)
    compiled(SOURCE.read_text(), tmp_path / "reen" / "kernel", *WATCHED)
    fuzz = Path(__file__).parents[2] / "fuzz" / "fuzz.py"
    done = subprocess.run(
        [sys.executable, str(fuzz), reader, str(tmp_path / "out"), "--corpus"],
        env={**os.environ, **awakened(), "PYTHONPATH": str(tmp_path), "REEN_ENGINE": "compiled"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["files"] > 0
    assert told["faults"] == {}
    assert "Sanitizer" not in done.stderr


@compiles
@pytest.mark.slow
def test_sanitizers_of_threads(tmp_path: Path) -> None:
    """No two threads at one number without an order; the sanitizer itself is awake."""
    flags = ("-O1", "-g", "-fsanitize=thread")
    found = subprocess.run(
        [GCC, "-print-file-name=libtsan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not Path(found).is_file():
        pytest.skip("no sanitizer of threads here")
    awake = {"LD_PRELOAD": found, "TSAN_OPTIONS": "exitcode=66"}
    seeds = max(1, int(os.environ.get("REEN_SEEDS", "5")) // 5)
    right = compiled(SOURCE.read_text(), tmp_path / "right", *flags)
    done = compared(right, seeds, **awake)
    if "unexpected memory mapping" in done.stderr:
        pytest.skip("the sanitizer of threads does not run on this system")
    assert done.returncode == 0, done.stdout + done.stderr
    shared = mutated("if (f->hand[k] != hand) continue;", "")
    done = compared(compiled(shared, tmp_path / "wrong", *flags), 1, **awake)
    assert "data race" in done.stderr


def mutated(right: str, wrong: str) -> str:
    text = SOURCE.read_text()
    assert text.count(right) == 1, right
    return text.replace(right, wrong)


#: What makes a kernel wrong: one statement, and another in its place.
WRONG = {
    "last entry": ("k = k == -1 ? (int64_t)size - 1 : k;", "k = k == -1 ? 0 : k;"),
    "bound": ("if ((uint64_t)k < size) to[i] = from[k];", "if (k >= 0) to[i] = from[k];"),
    "case": ("of_row[i] = to < -1 ? -2 - to", "of_row[i] = to < -1 ? -1 - to"),
    "place": ("(uint32_t)place[i] * s->radix", "(uint32_t)place[i]"),
    "combination": ("at[i] += (uint32_t)w;", "at[i] += (uint32_t)(w != 0);"),
    "never seen": ("lost[i] |= w; /* its sign stays */", "lost[i] = w;"),
    "shift of a key": ("key[i] = keyed->shift;", "key[i] = 0;"),
    "key": (
        "(uint32_t)keyed->parts[k].weight, key);",
        "1, key);",
    ),
    "no code": ("code[i] == -1 ? known - 1 :", "code[i] == -1 ? 0 :"),
    "no such code": ("bad |= none | found >> 32;", "bad |= found >> 32;"),
    "no such number": ("bad |= (uint64_t)number[i] >> 32;", "bad |= 0;"),
    "cell of a type": ("type[i] * c->width + (uint64_t)found", "type[i] + (uint64_t)found"),
    "no such column": (
        "bad |= ((uint32_t)column[i] >= width) | (row[i] >= height);",
        "bad |= row[i] >= height;",
    ),
    "order of factors": (
        "const Factor *factor = &adding->factors[f];",
        "const Factor *factor = &adding->factors[f ? adding->count - f : 0];",
    ),
    "constant of a case": ("of_case[c] < -1 || of_case[c] >= width", "of_case[c] < -1"),
    "bits of a case": ("(bits[i] & chosen[key[i]]) | constant", "bits[i] | constant"),
    "constants alone": ("bits[i] = constant[key[i]];", "bits[i] = constant[0];"),
    "finite": ("unsound += (int64_t)(column[i] > 0) &", "unsound += (int64_t)(column[i] >= 0) &"),
    "too large": ("(amount[i] <= f->largest)", "(amount[i] < f->largest)"),
    "below zero": ("(amount[i] >= 0.0)", "(amount[i] >= -1e300)"),
    "order of rows": (
        "for (int i = 0; i < n; i++) sum[at[i]] += value[i];",
        "for (int i = n - 1; i >= 0; i--) sum[at[i]] += value[i];",
    ),
    "sums made later": ("sums->value[k] = value[i];", "sums->value[k] = value[0];"),
    "columns not wanted": ("k += column[i] >= sums->first;", "k += column[i] >= 0;"),
    "whose sums": ("if (f->hand[k] != hand) continue;", ""),
    "whose coverage": ("of_group = f->hand[f->count] == hand,", "of_group = 1,"),
    "whose types": ("of_type = f->hand[f->count + 1] == hand;", "of_type = 1;"),
    "part of the rows": ("step * part < rows ? step * part : rows;", "0;"),
    "no quantity": ("number[i] == number[i] ? number[i] : 0.0;", "number[i];"),
    "count of rows": (
        "sum[0] += amount[i];\n                    sum[1] += 1.0;",
        "sum[0] += amount[i];\n                    sum[1] = 1.0;",
    ),
    "block": (
        "for (Py_ssize_t b = 0; b < f->rows && !bad && !unsound; b += FEW) {",
        "for (Py_ssize_t b = 0; b < f->rows && !bad && !unsound; b += FEW + 1) {",
    ),
    "pairs in order": ("<< 32 | (uint64_t)i;", "<< 32 | (uint64_t)(n - 1 - i);"),
    "many pairs of a row": ("return (a > b) - (a < b);", "return (a < b) - (a > b);"),
    "few pairs of a row": ("keys[k - 1] > key; k--", "keys[k - 1] >> 33 > key >> 33; k--"),
    "row of a pair": ("row[i] < 0 || row[i] >= height ||", "row[i] < 0 ||"),
    "same pair": ("same ? to[found - 1] + from[i]", "same ? from[i] + from[i]"),
    "amount": ("double product = from[k] * by;", "double product = from[0] * by;"),
    "count of items": ("sum[2 * at + 1] += 1.0;", "sum[2 * at + 1] += value[i] > 0 ? 1.0 : 2.0;"),
    "bit of a slice": (
        "uint8_t byte = (uint8_t)~bit[(offset + i) >> 3];",
        "uint8_t byte = ~bit[i >> 3];",
    ),
    "at the bound": ("(w->exclusive & (x == w->low))", "0"),
    "smallest": ("(fabs(x) < w->smallest)", "0"),
    "largest": ("(fabs(x) > w->largest)", "(fabs(x) >= w->largest)"),
    "both zeros": ("double x = number[i] + 0.0;", "double x = number[i];"),
    "blank": ("bits += mask & (d->blank + 1);", "bits += mask & d->blank;"),
    "mixing": ("x ^= x >> 27;", "x ^= x >> 26;"),
}


@compiles
@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_caught(tmp_path: Path, name: str) -> None:
    """By a difference from numpy (1), or by a process that does not survive it."""
    done = compared(compiled(mutated(*WRONG[name]), tmp_path, "-O1"), 10)
    assert done.returncode != 0, name
