"""Evidence: what a device is, where no cell simply says so.

`words` takes type words apart, `models` knows families of models, `clues` what platforms, systems
and chassis leave open; `deciding` weighs them, and `types` does so for every row of a table.
"""
