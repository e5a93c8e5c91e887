"""Write into the pages of docs/ what they take from the code: columns, types, factors, commands.

Run it after a change of one of these, then read the difference.  Takes no argument; only what
stands between the marks of `reference_tables` is touched.  A test checks that the pages are current
(tests/test_documentation_coverage.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))


def main() -> None:
    """Rewrite every page in place."""
    import reference_tables

    for page in sorted(HERE.rglob("*.md")):
        if "_build" in page.parts:
            continue
        text = page.read_text(encoding="utf-8")
        new = reference_tables.renew(text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(f"rewrote {page.relative_to(HERE)}")  # noqa: T201 - a script talks


if __name__ == "__main__":
    main()
