"""The bundled exporters: results in the files of other tools.

One format per module; `hooks` lists them.
"""
