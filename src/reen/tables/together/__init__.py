"""Together: several tables or files of one fleet, in which nothing may count twice.

Takes tables with their names; gives those that count, and accounts for the others.
"""
