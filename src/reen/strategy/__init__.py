"""Strategy: what a city promised, what it does about it, and where it stands.

The storey holds objectives with their path, actions with their effects, scenarios that link a lever
to a figure, and the file in which a strategy officer writes them.  It uses indicator values; it
computes none.
"""
