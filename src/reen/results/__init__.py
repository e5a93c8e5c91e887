"""What comes out: footprints, coverage, intervals and traces.

Immutable, picklable values with floats and unit names inside.  `footprint` is the result,
`coverage` what was assessed and what was not, `interval` its uncertainty, `trace` the rows behind
it, `storage` its files.
"""
