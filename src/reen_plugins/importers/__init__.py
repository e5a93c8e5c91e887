"""Importers: each reads one format of inventory file into canonical columns.

`delimited` reads CSV and TSV of any dialect, `arrow` reads Parquet and Arrow files; the other
modules are their parts.  An importer knows a format and no life-cycle rule; like any plugin, it
uses the public names of `reen` only.
"""
