"""Privacy: what names a person is found, joined on while reading, and does not leave.

Takes columns with their headers; gives columns that name nobody, or pseudonyms under a key.
"""
