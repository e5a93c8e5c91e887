"""Makes the embedded packs from the rows of their publishers that are kept beside.

`rows` holds what the packs are made from, in the publishers' own columns; `about` the descriptions.
`base_carbone` makes base-carbone, base-carbone-services and electricity-france, `electricity_world`
electricity-world, `ademe_numerique` ademe-numerique and equipment-defaults, `weee_weights` and
`proxies` the packs of their names: each is one command for a new release.  Nothing here runs when
reen measures.
"""
