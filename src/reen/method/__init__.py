"""The language of methods: a method is a plain Python function of one case.

Authors import its names from `reen.plugin`.  Imports the plugin contract and everything below it.
"""
