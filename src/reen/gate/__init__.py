"""The one gate for Arrow data that this process did not make.

`limits` says how much is accepted, `schema` which columns and types, `admission` checks the cells,
`parquet` and `ipc` read files and bytes, after `messages` compared the sizes that they state with
the size that they have.  Whatever fails is an error of `reen.errors`.  No column has a meaning
here.
"""
