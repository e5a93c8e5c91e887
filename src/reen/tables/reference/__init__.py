"""Reference tables: those whose columns are known in advance.

Takes factor files, matching tables and published exports; gives rows or named faults.
"""
