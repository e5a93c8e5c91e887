"""Monitoring: quantities followed over the years, beside the footprint.

The storey holds the indicator contract, the values of indicators and the function that computes
them.  It uses results, plugins and inventory.  Indicators themselves are plugins; the dated records
that they read are in `inventory` (`records`, `record_kinds`).
"""
