"""Delimited text: its encoding, its layout, its records.

From bytes to columns of text, each row with its line; what the columns mean is not known here.
"""
