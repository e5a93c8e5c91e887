"""BoaviztAPI, asked in process where it is installed.

Configurations of rows go in; factors per item and hour come out.
"""
