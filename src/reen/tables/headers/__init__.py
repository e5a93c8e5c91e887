"""Headers: which column of the vocabulary each column of a file is, in which unit.

Takes the words of a header and what the cells below hold; gives the headings of one table.
"""
