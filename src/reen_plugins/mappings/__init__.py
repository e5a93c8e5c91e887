"""Mappings of tools: how the files of each become reen's columns, one TOML file per tool.

Role: the data only, which `reen_plugins.hooks` hands over.  A tool is added by one more file here,
or by a plugin of its own that returns such a mapping; no code knows a tool by name.
"""
