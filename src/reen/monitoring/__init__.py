"""Monitoring: quantities followed over the years, beside the footprint.

The storey holds the indicator contract, the dated records that indicators read (purchases,
disposals, headcount, repairs, contracts, events...) and the function that computes them.  It uses
results, plugins and inventory; measuring lies above it.  Indicators themselves are plugins.
"""
