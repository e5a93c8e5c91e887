"""Sources: whatever can be read or measured, opened and cut into parts.

Files, folders, datasets, streams, dated records and factor files become inventories, records, or
parts that are read, checked and given up one after the other.
"""
