"""The typed path: clean delimited text read column by column in its types, for large files.

Equal to the careful path by law: whatever a typed column cannot prove is asked of its text.
"""
