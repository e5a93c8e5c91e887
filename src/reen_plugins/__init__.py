"""The plugins that come with reen: methods, importers, exporters, mappings, packs, indicators.

Written as a third party would write them: every module imports the public names of `reen` only,
and `reen` never imports this package; it is found through its entry point.
"""

from reen_plugins.hooks import (
    reen_exporters,
    reen_factor_packs,
    reen_factor_readers,
    reen_importers,
    reen_indicators,
    reen_mappings,
    reen_methods,
)

__all__ = [
    "reen_exporters",
    "reen_factor_packs",
    "reen_factor_readers",
    "reen_importers",
    "reen_indicators",
    "reen_mappings",
    "reen_methods",
]

#: Version of the plugin API that these plugins are written for.
reen_api = "1.0"
