"""Together: what several tables or files say of one fleet, so that nothing counts twice.

Takes tables with their names; gives those that count, and accounts for the others.
"""
