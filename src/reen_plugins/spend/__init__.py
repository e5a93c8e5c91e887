"""Services by what they cost: monetary ratios of Base Carbone.

The kinds of service are shared with the method base-carbone.
"""
