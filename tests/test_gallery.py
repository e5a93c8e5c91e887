"""The pictures of the README and of the gallery are of today's figures, and are told in words."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

import reen

#: Pages with the first picture, and the language of each (0 English, 1 French).
PAGES = {"README.md": 0, "docs/index.md": 0, "README.fr.md": 1, "docs/fr/index.md": 1}


@pytest.mark.slow
def test_the_first_picture_is_of_todays_figures(repository: Path) -> None:
    """Every bar, its label and its figure, in both languages and for both kinds of screen."""
    pytest.importorskip("matplotlib")
    drawn = runpy.run_path(str(repository / "docs/gallery/why.py"))
    comparison = reen.compare(
        repository / drawn["FLEET"],
        methods=[drawn["OWN"], drawn["NATIONAL"]],
        as_of="2022-12-31",
    )
    for language, name in enumerate(("en", "fr")):
        bars = drawn["bars"](comparison, language)
        assert len(bars) == 6
        expected = {bar.label: drawn["figure_of"](bar, language) for bar in bars}
        for colours in drawn["INKS"]:
            picture = repository / f"docs/gallery/why-{name}-{colours}.svg"
            words = re.findall(r"<text [^>]*>([^<]+)</text>", picture.read_text("utf-8"))
            found = {words[words.index(label)]: words[words.index(label) + 1] for label in expected}
            assert found == expected, picture.name


@pytest.mark.parametrize("page", PAGES)
def test_the_first_picture_is_told_in_words(repository: Path, page: str) -> None:
    """A reader who does not see it is told each figure of it."""
    language = ("en", "fr")[PAGES[page]]
    picture = (repository / f"docs/gallery/why-{language}-light.svg").read_text("utf-8")
    figures = re.findall(
        r"<text [^>]*>(?:\u2265[ \u00a0]|[+\u2212])([\d.,]+)(?:.t)?</text>", picture
    )
    assert len(figures) == 6
    told = re.findall(r'alt(?:=|: )"([^"]+)"', (repository / page).read_text("utf-8"))
    assert told
    for words in told:
        assert re.findall(r"\d+[.,]\d", words) == figures


def test_no_picture_has_a_white_ground(repository: Path) -> None:
    """On a dark page it would be a white box: pictures come in two inks, and without a ground."""
    drawn = sorted((repository / "docs").rglob("*.svg"))
    assert len(drawn) > 6
    assert not [path.name for path in drawn if "fill: #ffffff" in path.read_text("utf-8")]
    for path in drawn:
        other = {"light": "dark", "dark": "light"}.get(path.stem.rpartition("-")[2])
        if other:
            assert path.with_stem(f"{path.stem.rpartition('-')[0]}-{other}").exists()


def test_every_picture_of_the_gallery_is_shown_and_told(repository: Path) -> None:
    """No file without a page, no picture without words."""
    folder = repository / "docs/gallery"
    shown = [repository / page for page in PAGES] + [folder / "index.md"]
    text = "".join(page.read_text("utf-8") for page in shown)
    pictures = [path.name for kind in ("*.svg", "*.png") for path in folder.glob(kind)]
    assert len(pictures) > 4
    assert not [name for name in pictures if name not in text]
    assert not re.findall(r"!\[\s*\]", text)
