"""What comes out: footprints, coverage, intervals and traces.

Immutable, picklable values with floats and unit names inside.  `footprint` is the result,
`coverage` what was assessed and what was not, `storage` its files.  Its uncertainty: `assumptions`
and `law` say what is uncertain, `interval` and `sensitivity` what follows.
"""
