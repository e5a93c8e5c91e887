"""Evidence of what an item of equipment is, beside the word that a file gives for its type.

Each module reads one kind of evidence and answers in keys of the taxonomy of equipment types;
none of them decides: that is done where all the evidence of an item comes together.
"""
