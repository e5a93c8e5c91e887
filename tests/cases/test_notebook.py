"""The notebook of the documentation runs, and shows what it was last seen to show."""

from __future__ import annotations

from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "how-to" / "first-hour.ipynb"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of the kernel and its sockets
@pytest.mark.skipif(not NOTEBOOK.is_file(), reason="docs/ is not beside the tests: no checkout")
def test_the_notebook_shows_what_it_shows() -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    for package in ("pandas", "matplotlib", "jinja2"):
        pytest.importorskip(package)
    seen = nbformat.read(NOTEBOOK, as_version=4)
    again = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(again, timeout=300, kernel_name="python3").execute()

    def shown(notebook: object) -> list[object]:
        return [
            output.get("text") or output["data"].get("text/html") or output["data"]["text/plain"]
            for cell in notebook.cells  # type: ignore[attr-defined]
            for output in cell.get("outputs", ())
            if "image/svg+xml" not in output.get("data", {})  # paths differ between matplotlibs
        ]

    assert shown(again) == shown(seen)
    assert any("fix first" in str(each) for each in shown(seen))
