"""The language of methods: a method is a plain Python function of one case.

Authors import its names from `reen.plugin`.  `matching` finds the sheet that answers for a model,
by its name or by a table that a person corrected.  Imports the plugin contract and everything
below it.
"""
