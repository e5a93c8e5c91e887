"""Figures that the organisation declares itself.

Takes the columns of the inventory; holds no factor.
"""
