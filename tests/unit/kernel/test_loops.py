"""The compiled loops against numpy, and a kernel that is built where it can be, or not at all."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
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
    parts = f"-I{SOURCE.parent}"
    words = [GCC, "-std=c11", "-ffp-contract=off", "-fPIC", "-shared", *flags, include, parts]
    subprocess.run([*words, str(source), "-o", str(module), "-lm"], check=True)
    return module


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
    flags = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    libraries = [
        subprocess.run(
            [GCC, f"-print-file-name={name}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    awake = {
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
    }
    seeds = int(os.environ.get("REEN_SEEDS", "10"))
    done = compared(compiled(SOURCE.read_text(), tmp_path / "right", *flags), seeds, **awake)
    assert done.returncode == 0, done.stdout + done.stderr
    unchecked = mutated("if (k >= 0 && k < out.length) to[k] = 1;", "if (k >= 0) to[k] = 1;")
    done = compared(compiled(unchecked, tmp_path / "wrong", *flags), 10, **awake)
    assert "differ" not in done.stdout
    assert "AddressSanitizer" in done.stderr


def mutated(right: str, wrong: str) -> str:
    text = SOURCE.read_text()
    assert text.count(right) == 1, right
    return text.replace(right, wrong)


#: What makes a kernel wrong: one statement, and another in its place.
WRONG = {
    "last entry": ("k = k == -1 ? (int64_t)size - 1 : k;", "k = k == -1 ? 0 : k;"),
    "bound": ("if ((uint64_t)k < size) to[i] = from[k];", "if (k >= 0) to[i] = from[k];"),
    "case": ("of_row[i] = to < -1 ? -2 - to", "of_row[i] = to < -1 ? -1 - to"),
    "place": ("(uint32_t)place[i] * (uint32_t)radix", "(uint32_t)place[i]"),
    "combination": ("at[i] += (uint64_t)w;", "at[i] += (uint64_t)(w != 0);"),
    "never seen": ("lost[i] |= w; /* its sign stays */", "lost[i] = w;"),
    "shift of a key": ("key[i] = keyed->shift;", "key[i] = 0;"),
    "key": (
        "(uint32_t)keyed->parts[k].weight, key);",
        "1, key);",
    ),
    "no code": ("code[i] == -1 ? known - 1 :", "code[i] == -1 ? 0 :"),
    "no such code": (
        "if (at < known) to[i] = (uint64_t)numbers->number[at];",
        "if (1) to[i] = (uint64_t)numbers->number[at];",
    ),
    "cell of a type": ("type[i] * (uint64_t)width + (uint64_t)found", "type[i] + (uint64_t)found"),
    "no such column": (
        "bad += ((uint64_t)column[i] >= width) | (place >= cells);",
        "bad += place >= cells;",
    ),
    "order of factors": (
        "const Factor *factor = &adding->factors[f];",
        "const Factor *factor = &adding->factors[f ? adding->count - f : 0];",
    ),
    "constant of a case": ("of_case[c] < -1 || of_case[c] >= width", "of_case[c] < -1"),
    "finite": ("unsound += (column[i] > 0) &", "unsound += (column[i] >= 0) &"),
    "too large": ("(amount[i] <= largest)", "(amount[i] < largest)"),
    "below zero": ("(amount[i] >= 0.0)", "(amount[i] >= -1e300)"),
    "order of rows": (
        "for (int i = 0; i < n; i++) sum[at[i]] += amount[i];",
        "for (int i = n - 1; i >= 0; i--) sum[at[i]] += amount[i];",
    ),
    "amounts summed later": (
        "memcpy(adding[k].amount + b, amount,",
        "memcpy(adding[k].amount, amount,",
    ),
    "no quantity": ("number[i] == number[i] ? number[i] : 0.0;", "number[i];"),
    "count of rows": (
        "sum[0] += items[i];\n                sum[1] += 1.0;",
        "sum[0] += items[i];\n                sum[1] = 1.0;",
    ),
    "block": (
        "for (Py_ssize_t b = 0; b < rows && !bad; b += FEW) {",
        "for (Py_ssize_t b = 0; b < rows && !bad; b += FEW + 1) {",
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
    "at the bound": ("((int64_t)exclusive & (int64_t)(x[i] == low))", "0"),
    "smallest": ("(int64_t)(fabs(x[i]) < smallest)", "0"),
    "largest": ("(int64_t)(fabs(x[i]) > largest)", "(int64_t)(fabs(x[i]) >= largest)"),
    "both zeros": ("double x = number[i] + 0.0;", "double x = number[i];"),
    "blank": ("bits += mask & (blank + 1);", "bits += mask & blank;"),
    "mixing": ("x ^= x >> 27;", "x ^= x >> 26;"),
}


@compiles
@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_caught(tmp_path: Path, name: str) -> None:
    """By a difference from numpy (1), or by a process that does not survive it."""
    done = compared(compiled(mutated(*WRONG[name]), tmp_path, "-O1"), 10)
    assert done.returncode != 0, name
