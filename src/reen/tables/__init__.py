"""The one reader of tables: from the bytes of a file to columns that mean something.

Container, tables, headers, cells, identity, account: one module each.  Inventories, records and
reference files all pass here, with vocabularies of their own.
"""
