"""Photograph the pages that reen writes, for the gallery and for the page on the yearly review.

Input: a Chromium (``python docs/gallery/pages.py BROWSER``, from the top of the checkout, with
`reen[review]` and playwright).  Output: ``docs/gallery/*.png`` and ``docs/how-to/bilan-*.png``: the
yearly review of the invented city of Valmarin, as a councillor sees it on a desk, on a telephone
and further down the page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

import reen

HERE = Path("docs/gallery")
PLAN = Path("examples/ville/review.toml")
YEAR = 2025


class Shot(NamedTuple):
    """A picture: its file, the size of the screen, and the heading it begins at (none: the top)."""

    name: str
    width: int
    height: int
    heading: str


SHOTS = (
    Shot("review-desktop.png", 1100, 900, ""),
    Shot("review-phone.png", 390, 844, ""),
    Shot("review-change.png", 1100, 738, "changé"),
    Shot("review-objectives.png", 1100, 725, "objectifs"),
    Shot("../how-to/bilan-2025.png", 900, 1250, ""),
    Shot("../how-to/bilan-2025-telephone.png", 390, 1150, ""),
)


def main() -> None:
    """Make the review, open it, and photograph it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        reen.Review.open(PLAN).year(YEAR).write(folder, formats=["html"])
        browser = driver.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        for shot in SHOTS:
            page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
            page.goto((Path(folder) / "bilan.html").as_uri())
            if shot.heading:
                found = page.locator("h2", has_text=shot.heading).first
                found.evaluate("heading => heading.scrollIntoView()")
            page.screenshot(path=HERE / shot.name)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
