"""Cells: the reading of one cell, or one column of cells: amounts, dates, words, units.

Takes the text of cells; gives values, and a finding for each value that cannot be read.
"""
