"""Identity: which records are one asset, inside a table and across tables, by evidence.

Takes typed rows; gives one row for each asset, and names every merge.
"""
