"""The project's chores, one session each: `nox -l` lists them, `nox` runs the usual ones.

Every session makes its own environment, so nothing needs to be installed but nox itself.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
PYTHONS = ["3.11", "3.12", "3.13"]

nox.needs_version = ">=2025.5"
nox.options.sessions = ["lint", "types", "tests", "docs", "site", "wheel"]
nox.options.reuse_existing_virtualenvs = True
# A machine rarely has every interpreter: run those that are there, name the others.
nox.options.error_on_missing_interpreters = False


def group(name: str) -> list[str]:
    """Return the requirements of one dependency group (older pips cannot read them)."""
    return list(nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), name))


def chromium() -> str | None:
    """Return the path of this machine's Chromium, if it has one."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in browsers if (path := shutil.which(name))), None)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite, with coverage; `-- --hypothesis-profile=nightly` looks longer."""
    session.install("-e", ".[test]", *group("coverage"))
    session.run("coverage", "erase")
    profile = "--hypothesis-profile=ci"  # one that follows `--` comes later, and wins
    session.run("coverage", "run", "-m", "pytest", profile, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=PYTHONS[0])
def tests_oldest(session: nox.Session) -> None:
    """Run the suite on the oldest supported version of each dependency."""
    session.install("-e", ".[test]", "-c", "tests/constraints-oldest.txt")
    # Types are checked against what the current versions publish, not against old stubs.
    session.run("pytest", "--ignore=tests/test_static.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def fuzz(session: nox.Session) -> None:
    """Spoil files of every reader, and say which branches they take; `-- --seconds 600` of each."""
    session.install("-e", ".[test]", *group("coverage"))
    session.env["COVERAGE_RCFILE"] = "tests/fuzz/coverage.ini"
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp(), "measured"))
    asked = session.posargs or ["--seconds", "60"]
    folder = Path(session.create_tmp(), "inputs")
    session.run("coverage", "erase")
    session.run("coverage", "run", "tests/fuzz/fuzz.py", "all", str(folder), *asked)
    session.run("coverage", "combine", "--quiet")
    report = Path(session.create_tmp(), "branches.json")
    session.run("coverage", "json", "--quiet", "-o", str(report))
    session.run("python", "tests/fuzz/branches.py", str(report), "--missing")


@nox.session(python=PYTHONS[0])
def engines(session: nox.Session) -> None:
    """Run the suite twice, by the compiled loops and by numpy's; fails where they are not built."""
    session.install("-e", ".[test]", env={"REEN_KERNEL": "require"})
    for engine in ("compiled", "numpy"):
        session.run("pytest", "-n", "auto", *session.posargs, env={"REEN_ENGINE": engine})


@nox.session(python=PYTHONS[0])
def sanitizers(session: nox.Session) -> None:
    """Compare the compiled loops with numpy under gcc's sanitizers; `-- 500` looks longer."""
    session.install("-e", ".[test]")
    seeds = session.posargs[0] if session.posargs else "200"
    tests = "tests/unit/kernel/test_loops.py"
    session.run("pytest", tests, "-k", "sanitizers", "-m", "slow", env={"REEN_SEEDS": seeds})


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting; `-- --fix` mends what can be mended."""
    session.install("-e", ".[test]")
    if "--fix" in session.posargs:
        session.run("ruff", "check", "--fix", ".")
        session.run("ruff", "format", ".")
    else:
        session.run("ruff", "check", ".")
        session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the packages, and of client code that uses them."""
    session.install("-e", ".[test]", "pyright")
    session.run("mypy", "src", "tests/typing")
    session.run("pytest", "tests/cases/test_client_types.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Run every Python block and every command of the README and of docs/."""
    session.install("-e", ".[test]")
    session.run("pytest", "tests/test_documents.py", *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation site, warnings being errors; look at it where there is a browser."""
    session.install("-e", ".[test]", *group("site"))
    built = "docs/_build/html"
    shutil.rmtree(ROOT / built, ignore_errors=True)  # a page that is gone must not stay
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "-q", "docs", built)
    browser = chromium()
    if browser is None:
        session.warn("no Chromium here: accessibility, widths and search are not checked")
        return
    session.install(*group("site-check"))
    session.run("python", "docs/check_site.py", built, browser)


@nox.session
def pictures(session: nox.Session) -> None:
    """Draw the pictures of the README and of the pages anew, then look at the difference."""
    session.install("-e", ".[test,review]", *group("site-check"))
    for script in ("docs/gallery/why.py", "docs/tutorials/plot_gap.py", "docs/performance.py"):
        session.run("python", script)
    browser = chromium()
    if browser is None:
        session.warn("no Chromium here: the photographs of pages stay as they are")
        return
    session.run("python", "docs/gallery/pages.py", browser)


@nox.session
def wheel(session: nox.Session) -> None:
    """Build sdist and wheel, then run the sdist's tests on the installed wheel, without sources."""
    session.install(*group("build"))
    reference = os.environ.get("REEN_REFERENCE_DATA", str(ROOT.parent / "shared" / "data"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        session.run("python", "-m", "build", "--outdir", folder)
        (sdist,) = work.glob("*.tar.gz")
        (built,) = work.glob("*.whl")
        with tarfile.open(sdist) as archive:
            archive.extractall(work, filter="data")
        checkout = work / sdist.name.removesuffix(".tar.gz")
        shutil.rmtree(checkout / "src")
        # The environment may be reused: take the wheel just built, and no editable install.
        session.install("--force-reinstall", "--no-deps", str(built))
        session.install(f"{built}[test]")
        with session.chdir(checkout):
            session.run("pytest", *session.posargs, env={"REEN_REFERENCE_DATA": reference})


@nox.session(reuse_venv=False)  # plugins left there by another run would be loaded too
def example_plugin(session: nox.Session) -> None:
    """Install the wheels of reen, of the example plugin and of new ones; run their own tests."""
    session.install(*group("build"))
    example = ROOT / "docs" / "examples" / "reen-example-method"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for project in (ROOT, example):
            session.run("python", "-m", "build", "--wheel", "--outdir", folder, str(project))
        (core,) = work.glob("reen-[0-9]*.whl")
        (plugin,) = work.glob("reen_example_method-*.whl")
        shutil.copytree(example / "tests", work / "tests")
        session.install("--force-reinstall", "--no-deps", str(core), str(plugin))
        session.install(f"{core}[cli]", f"{plugin}[test]")
        with session.chdir(work):
            session.run("python", "-m", "pytest", "tests", *session.posargs)
            session.run("reen", "methods", "second-life")
            session.run("reen", "measure", "tests/assets.jsonl", "--method", "second-life")
            for kind in ("method", "importer", "factor-pack"):
                name = f"reen-new-{kind}"
                session.run("reen", "new-plugin", name, "--kind", kind)
                session.install(f"./{name}[test]")
                session.run("python", "-m", "pytest", f"{name}/tests", *session.posargs)
            session.run("reen", "plugins")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks named after `--`, or all of them."""
    session.install(".[all]", *group("bench"))
    for script in session.posargs or sorted(map(str, Path("benchmarks").glob("bench_*.py"))):
        session.run("python", script)
