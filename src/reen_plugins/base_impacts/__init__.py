"""Base IMPACTS of ADEME, read from the copy of a licensee.

Tables of a reference set become a factor pack.
"""
