"""Rows: what each row of a sheet is: an asset, a total, a section, a lot, or none of them.

Takes the rows of one table; gives those that count, and accounts for the others.
"""
