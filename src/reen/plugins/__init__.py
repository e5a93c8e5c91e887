"""What may be added: methods, importers, factor packs, equipment types, indicators.

`method` and `importer` are the contracts, `hookspecs` the hooks, `registry` what was loaded,
`rules` the status rule that methods share.  Plugins import the public names of `reen` only.
"""
