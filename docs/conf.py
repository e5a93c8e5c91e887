"""Configuration of the documentation site; `nox -s site` builds it.

Sphinx, because the reference is made of docstrings and of cross-references between them and the
pages; MyST, because the pages are Markdown that is also read and executed outside the site; furo,
because it is plain, works on a phone and loads nothing from elsewhere.  Nothing here needs a
network.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import reen

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

project = "reen"
author = "The reen contributors"
project_copyright = "The reen contributors, Apache-2.0"
version = release = reen.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "plain_docstrings",
    "excerpts",
    "insertions",
    "mathml",
    "page_language",
]
exclude_patterns = ["_build", "_ext", "examples"]
nitpicky = False

# -- pages -----------------------------------------------------------------------------------

# Directives are fenced with colons: a fence of backquotes is an example, and examples are run.
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4

# -- docstrings ------------------------------------------------------------------------------

default_role = "literal"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_use_rtype = False
python_use_unqualified_type_names = True

# -- output ----------------------------------------------------------------------------------

html_theme = "furo"
html_title = f"reen {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
# Those of Sphinx are fetched from a server; ours (`excerpts`) show from a folder too.
html_show_search_summary = False
html_theme_options = {"navigation_with_keys": False}
# What is copied is what is typed: no prompt, no output.
copybutton_prompt_text = r"\$ |> |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
# Where the sources are: one place, the project's metadata; a placeholder gives no link.
with (HERE.parent / "pyproject.toml").open("rb") as metadata:
    repository = tomllib.load(metadata)["project"]["urls"]["Source"]
if ".invalid/" not in repository:
    html_theme_options |= {
        "source_repository": repository,
        "source_branch": "main",
        "source_directory": "docs/",
    }
