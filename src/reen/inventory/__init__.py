"""What the organisation owns: checked tables, read in columns, with what was odd about them.

`schema` names the columns, `conform` checks a table against them, `inventory` holds the checked
table, `batch` reads it in columns for methods, `issues` says what was odd or refused, `records`
holds the dated records (purchases, disposals, headcount).  No method and no file format here.
"""
