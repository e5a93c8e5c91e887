"""The yearly review of a digital strategy: what was measured, promised and done, in one document.

Input: a TOML file that names the files of each year.  Output: figures (`review.json`), a document
for people in several formats, a table of rows and open data.  Uses the verbs and the strategy.
"""
