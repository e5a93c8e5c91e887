"""What is known about flows: factor sets, the packs that carry them, and how they are found.

`factor_set` holds characterised values by flow, stage and criterion; `columns` declares the file
form once, for shipped and users' data; `pack` names, versions and hashes a set; `library` finds
flows over several packs.  No method here, and no file is read: `reen.sources` does.
"""
