"""Product carbon footprints of manufacturers, matched by model.

The sheets of a file become factors; the method matches rows with them.
"""
