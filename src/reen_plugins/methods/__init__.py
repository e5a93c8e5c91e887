"""Methods that come with reen: one module each, with its formulas and their sources.

A method knows life-cycle rules and reads no file; it imports the public names of `reen` only.
"""
