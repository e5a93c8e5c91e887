"""Runs: a method made ready once and run over the parts of a source, here or by an executor.

Takes methods, packs and sources; gives folds and footprints.  The verbs stand on it.
"""
