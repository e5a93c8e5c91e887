"""Views: what a result says to a person, before it is a page, a cell of a notebook or a file.

`model` holds one view of any result, `viewed` what every result has that can be shown; `text`
lays it out for a terminal, `web` for a notebook and for a page of its own, and its `to_dict` gives
it to programs.  Knows no result, no file and no unit.
"""
