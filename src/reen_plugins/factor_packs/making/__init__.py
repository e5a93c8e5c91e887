"""Makes the embedded packs from the rows of their publishers that are kept beside.

`rows` holds what the packs are made from, in the publishers' own columns; `about` the descriptions.
`base_carbone` makes base-carbone and electricity-france, `electricity_world` makes
electricity-world: each is one command for a new release.  Nothing here runs when reen measures.
"""
