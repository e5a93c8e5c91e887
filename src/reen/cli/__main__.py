"""Runs the command line as `python -m reen.cli`, where the program `reen` is not on the path.

Input: the arguments of the process.  Output: see `reen.cli.main`.
"""

from __future__ import annotations

from reen.cli import main

main()
