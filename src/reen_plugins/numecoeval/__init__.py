"""NumEcoEval: its method, its reference sets and its files.

Reads a reference set, computes as the engine does, writes what the engine reads.
"""
