"""Look at the built site in a real browser: accessibility, phone width, offline, links, search.

Input: the folder of the built pages, a Chromium, and perhaps the pages to look at, rather than all
(``python docs/check_site.py FOLDER BROWSER fr/index.html``).
Output: one line per finding, exit code 1 when a page breaks an axe rule (WCAG 2.2 A and AA, and
best practices) with serious or critical impact, is wider than the screen, asks anything of a
network or reports an error, when a link leads to no page or no place in it, when the search does
not find what it should, with the words around it, or when a stranger's question has no answer a
click or two away.  Run by ``nox -s site``.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Widths of a desktop and of a phone, in CSS pixels, at which everything is looked at.
WIDTHS = (1280, 390)

#: Other widths, at which a page must fit: just above those where the theme moves its columns.
OTHER_WIDTHS = (320, 768, 1010, 1100, 1220, 1320, 1400, 1560, 1610, 1920)

#: Impacts of axe that fail the check; the others are shown.
FAILING = {"serious", "critical"}

#: What a reader may look for, and a page that must then be found: names of the code, and words that
#: a town hall types.
SEARCHES = {
    "upstream_lifetime": "Columns and units",
    "person_equivalents": "person_equivalents",
    "excel": "Measure an export of GLPI, Intune or Excel",
    "GLPI": "Files of known tools",
    "Intune": "Files of known tools",
    "PDF": "Measure an export of GLPI, Intune or Excel",
    "jupyter": "Work in a Jupyter notebook",
    "BEGES": "Which method should I use?",
    "Windows": "Install",
    "csv": "Measure an export of GLPI, Intune or Excel",
    "serveur": "Comprendre le chiffre",
    "smartphone": "Equipment types",
    "imprimante": "Equipment types",
    "installer": "Installer",
    "facteurs": "Comprendre le chiffre",
    "bilan": "Faire le bilan annuel",
    "REEN": "Faire le bilan annuel",
    "mon+fichier": "Lire mes fichiers",
    "prix": "Comparer des offres",
}

#: Questions of strangers: the links that they follow from the first page, and words of the answer.
QUESTIONS = {
    "I have a GLPI export": (["your fleet, measured as it is"], "Then Export, CSV"),
    "why is your figure three times ours?": (["the causes of the gap"], "of which"),
    "which method for the BEGES?": (["Which method should I use?"], "with this line"),
    "how do I add our own factors?": (["your own factors"], "--factors our.csv"),
    "is my data sent anywhere?": (["nothing is sent anywhere"], "opens no network connection"),
    "mes données sortent-elles ?": (
        ["Lire en français", "rien n\u2019est envoyé"],
        "aucune connexion",
    ),
    "pourquoi trois fois plus ?": (["Lire en français", "Comprendre le chiffre"], "Trois causes"),
}

#: Pages with transcripts, tables and formulas.
WIDE_PAGES = ("reference/methods.html", "tutorials/boulogne-billancourt.html")

# Pages that Sphinx makes for itself and that hold no content of ours.
_NOT_OURS = {"genindex.html", "py-modindex.html", "search.html"}


def _layout(page: Page, name: str) -> Iterator[str]:
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wider > 0:
        yield f"{name}: {wider} px wider than the screen"


def _other_widths(page: Page, root: Path, name: str) -> Iterator[str]:
    page.goto((root / name).as_uri())
    for width in OTHER_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from _layout(page, f"{name} at {width} px")


def _axe(page: Page, axe: Axe, name: str) -> Iterator[tuple[bool, str]]:
    for each in axe.run(page).response["violations"]:
        places = "; ".join(str(node["target"][0]) for node in each["nodes"][:3])
        said = f"{name}: axe {each['impact']}: {each['id']}: {each['help']} ({places})"
        yield each["impact"] in FAILING, said


def _search(page: Page, root: Path) -> Iterator[str]:
    for words, title in SEARCHES.items():
        page.goto(f"{(root / 'search.html').as_uri()}?q={words}")
        found = page.locator("#search-results li a", has_text=title)
        try:
            found.first.wait_for(timeout=10_000)
            items = page.locator("#search-results li").filter(has=page.locator("a", has_text=title))
            items.locator("p.excerpt").first.wait_for(timeout=5_000)
        except PlaywrightTimeout:
            yield f"search: {words!r} does not find {title!r}, or not with the words around it"


def _questions(page: Page, root: Path) -> Iterator[str]:
    for question, (links, answer) in QUESTIONS.items():
        page.goto((root / "index.html").as_uri())
        try:
            for words in links:
                page.locator("article a", has_text=words).first.click(timeout=5_000)
        except PlaywrightTimeout:
            yield f"{question}: no link {words!r} on {page.url}"
            continue
        if answer not in " ".join(page.locator("article").inner_text().split()):
            yield f"{question}: no answer on {page.url}"


def _links(page: Page, path: Path, places: dict[Path, set[str]]) -> Iterator[str]:
    """Say which links of a page lead to no file, or to no place in it."""
    for address in page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)"):
        parts = urlsplit(str(address))
        if parts.scheme != "file":
            continue
        target = Path(unquote(parts.path))
        if not target.is_file():
            yield f"{path.name}: a link leads to no file: {address}"
        elif parts.fragment and target.suffix == ".html":
            if target not in places:
                found = re.findall(r'\bid="([^"]+)"', target.read_text("utf-8"))
                places[target] = {html.unescape(each) for each in found}
            if unquote(parts.fragment) not in places[target]:
                yield f"{path.name}: a link leads to no place: {address}"


def check(root: Path, browser: str, names: list[str]) -> tuple[list[str], list[str], int]:
    """Return what fails, what is only worth a look, and the number of pages looked at."""
    failures: list[str] = []
    remarks: list[str] = []
    pages = [root / name for name in names] or [
        each
        for each in sorted(root.rglob("*.html"))
        if each.name not in _NOT_OURS and "_modules" not in each.parts  # listings of the sources
    ]
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for width in WIDTHS:
            page = chromium.new_page(viewport={"width": width, "height": 900})
            remote: list[str] = []
            page.on("request", lambda request, to=remote: to.append(request.url))
            page.on("pageerror", lambda error, to=failures: to.append(f"script: {error}"))
            axe = Axe()
            places: dict[Path, set[str]] = {}
            for path in pages:
                name = f"{path.relative_to(root)} at {width} px"
                page.goto(path.as_uri())
                failures += _layout(page, name)
                for fails, said in _axe(page, axe, name):
                    (failures if fails else remarks).append(said)
                if width == WIDTHS[0]:
                    failures += _links(page, path, places)
            if width == WIDTHS[0]:
                failures += _search(page, root)
                failures += _questions(page, root)
                for name in () if names else WIDE_PAGES:
                    failures += _other_widths(page, root, name)
            outside = {url for url in remote if not url.startswith(("file:", "data:"))}
            failures += [f"asked of a network: {url}" for url in sorted(outside)]
            page.close()
        chromium.close()
    return failures, remarks, len(pages)


def main() -> None:
    """Check, and say what was found."""
    failures, remarks, count = check(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:])
    for line in (*remarks, *failures):
        print(line)  # noqa: T201 - a script talks
    print(  # noqa: T201
        f"{count} pages at {len(WIDTHS)} widths: {len(failures)} failures, {len(remarks)} remarks"
    )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
