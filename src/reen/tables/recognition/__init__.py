"""Recognition: what kind of table a table is, decided before any of its rows counts.

Input: the header of a table, and the names of its sheet and file.  Output: a verdict with its
evidence.  It reads no cell below the header and changes nothing.
"""
