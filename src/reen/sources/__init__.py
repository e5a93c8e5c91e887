"""Sources: whatever can be read or measured, opened and cut into parts.

Files, folders, datasets, streams and factor files become inventories, or parts that are read,
checked and given up one after the other.
"""
