"""Bundled indicators: one module each, public names of `reen` only.

`tallies` holds the sums that several of them share; `reen_plugins.hooks` registers them.
"""
