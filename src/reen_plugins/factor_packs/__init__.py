"""Bundled factor packs: published figures re-entered in reen's own form, and one reader.

`embedded` gives the packs of the `data` folder, `base_carbone_export` reads the official export
of the Base Carbone.  Like any plugin, the modules here import only public names of `reen`.
"""
