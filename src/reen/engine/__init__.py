"""The linear kernel: arrays in, arrays out.

`exchanges` says what a method answers for a batch, `assessment` builds the row outcomes,
`groups` numbers the groups, `fold` sums amounts to W[g, f] and coverage, `digest` hashes rows in
any order, `impacts` multiplies W by the factors.  No files, no pint, no methods.
"""
