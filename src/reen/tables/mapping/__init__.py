"""Mapping: how the columns, words and units of one tool's files become ours, as data.

`mapping` holds the values, `loading` reads and writes them as TOML, `choosing` finds the one that
fits a table by its headers, `layers` puts base vocabulary, tool and user on top of each other.
"""
