"""Execution: the folding of parts, here or by the workers of an executor.

Input: a prepared method and the parts of a source.  Output: one fold, the same whoever folded what
and in whatever order.  Knows `concurrent.futures` and no engine of any kind beyond it.
"""
