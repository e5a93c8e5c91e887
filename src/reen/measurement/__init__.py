"""Measurement: a method made ready once, and the parts of a source folded, here or by an executor.

Takes methods, packs and sources; gives folds and footprints.  The verbs stand on it.
"""
