"""The one gate for what this process did not make, and for what it gives away.

In comes Arrow data: `limits` says how much is accepted, `admission` checks it (by `arrow_checks`:
the columns and their types, then the cells, one array at a time), `parquet` and `ipc` read files
and bytes, after `messages` compared the sizes that they state with the size that they have.  Out go
files, by `writing` alone, and texts (`csv_text`, `json_text`, `toml_text`) in which `characters`
leaves nothing that a spreadsheet or a terminal would run.  Whatever fails is an error of
`reen.errors`.  No column has a meaning here.
"""
