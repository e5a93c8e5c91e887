"""Build hook: compiles the kernel where the machine can, and builds without it where it cannot.

Never fails a build: without a compiler, without the headers of Python, on another interpreter or
after a compile that fails, the wheel is the pure one and reen runs on numpy.  The compiler is
called as Python itself was built (`sysconfig`), with nothing to install for it; on Windows, where
finding it is an art, setuptools does it.

``REEN_KERNEL=no`` leaves it out; ``REEN_KERNEL=require`` fails instead, for whoever makes releases.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "src/reen/kernel/_compiled.c"

#: Where the parts of it are that it includes.
PARTS = Path(__file__).parent / "src/reen/kernel"

#: Sums in the order and with the roundings of numpy's.
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fno-fast-math", "-fPIC", "-fvisibility=hidden")

#: Limited API of the oldest Python: one binary for it and for all that follow.
PYTHON_TAG, ABI_TAG = "cp311", "abi3"

_SECONDS = 300

#: Loads a module from a path, as an interpreter that imports it would.
_LOAD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("_compiled", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.INTERFACE
"""


class NotBuilt(Exception):  # noqa: N818 - no error: reen runs without
    """Why there is no kernel."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the compiled kernel to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and give the wheel the tag of what is in it."""
        wanted = os.environ.get("REEN_KERNEL", "")
        if self.target_name != "wheel" or wanted == "no":
            return
        editable = version == "editable"
        name = f"_compiled{'.pyd' if os.name == 'nt' else '.abi3.so'}"
        source = Path(self.root) / SOURCE
        folder = source.parent if editable else Path(tempfile.mkdtemp(prefix="reen-kernel-"))
        self._made = None if editable else folder
        try:
            compile_kernel(source, folder / name)
        except NotBuilt as why:
            if wanted == "require":
                raise
            if editable:  # one that was built from other sources
                (folder / name).unlink(missing_ok=True)
            self.app.display_info(f"reen: without the compiled kernel ({why})")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"{PYTHON_TAG}-{ABI_TAG}-{platform_tag()}"
        if not editable:  # whose sources, binary and all, are where they are
            build_data["force_include"][str(folder / name)] = f"reen/kernel/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was made on the way."""
        if getattr(self, "_made", None) is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def platform_tag() -> str:
    """Return the tag of this machine."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def compile_kernel(source: Path, target: Path) -> None:
    """Compile the kernel, and see that it loads.

    Raises
    ------
    NotBuilt
        It cannot be done here.
    """
    if platform.python_implementation() != "CPython":
        raise NotBuilt(f"{platform.python_implementation()} has no stable interface")
    include = Path(sysconfig.get_path("include"))
    if not (include / "Python.h").is_file():
        raise NotBuilt("the headers of Python are not installed")
    with tempfile.TemporaryDirectory(prefix="reen-kernel-") as folder:
        made = Path(folder) / target.name
        run(command(source, made, include), cwd=Path(folder))
        run([sys.executable, "-I", "-c", _LOAD, str(made)], cwd=Path(folder))
        # moved into place: a process that runs on an earlier one keeps it
        beside = target.with_name(f"{target.name}.new")
        shutil.copy2(made, beside)
        beside.replace(target)


def command(source: Path, target: Path, include: Path) -> list[str]:
    """Return what compiles a source into an extension module.

    Raises
    ------
    NotBuilt
        There is no compiler.
    """
    if os.name == "nt":
        return [sys.executable, __file__, str(source), str(target)]
    linker = shlex.split(sysconfig.get_config_var("LDSHARED") or "cc -shared")
    given = shlex.split(os.environ.get("CC", ""))
    named = [given[0]] if given else [linker[0], "cc", "gcc", "clang"]
    found = next((path for name in named if (path := shutil.which(name))), None)
    if found is None:
        raise NotBuilt("no C compiler")
    more = shlex.split(os.environ.get("ARCHFLAGS", ""))
    flags = [*given[1:], *linker[1:], *more, *FLAGS, f"-I{include}", f"-I{PARTS}"]
    return [found, *flags, str(source), "-o", str(target), "-lm"]


def run(words: list[str], *, cwd: Path) -> None:
    """Run a command.

    Raises
    ------
    NotBuilt
        It cannot be run, or failed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the compiler of the machine, on a source of ours
            words, cwd=cwd, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(str(error)) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or [str(done.returncode)]
        fault = next((line for line in said if "error" in line.lower()), said[-1])
        raise NotBuilt(f"{Path(words[0]).name}: {fault}")


def compile_on_windows(source: str, target: str) -> None:
    """Compile by the compiler that setuptools finds; any failure ends this process."""
    from distutils.ccompiler import new_compiler

    import setuptools  # noqa: F401 - there on Windows alone; brings distutils with it

    compiler = new_compiler()
    include = [sysconfig.get_path("include")]
    folder = str(Path(target).parent)
    objects = compiler.compile(
        [source], output_dir=folder, include_dirs=include, extra_postargs=["/O2", "/fp:precise"]
    )
    libraries = [str(Path(sys.base_prefix) / "libs")]
    compiler.link_shared_object(
        objects, target, library_dirs=libraries, export_symbols=["PyInit__compiled"]
    )


if __name__ == "__main__":
    compile_on_windows(*sys.argv[1:])
