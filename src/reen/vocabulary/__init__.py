"""The words of reen: stages, criteria, units, equipment types, countries, statuses.

Role: the closed lists, and the resolution of what people write to them.  `text` normalises,
`lookup` indexes; the lists themselves are tables in ``data/``, read on first use.  Importing this
package reads no file.

Imports only errors.
"""
