"""Layouts: sheets that are no plain list become plain lists.

Input: the grid of a sheet or of a short text.  Output: one table for each that stands in it, with
one header row and one record a row.  `blocks` finds tables below or beside each other, `two_rows`
joins headers of two rows, `matrix` turns a table of counts into records, `snapshots` chooses one of
several years.  No cell is converted here.
"""
