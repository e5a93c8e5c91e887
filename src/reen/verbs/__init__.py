"""Verbs: what a person asks for, one module each: measure, compare, explain, trace, balance...

Each takes sources and methods and gives a result; the public face `reen` names them.
"""
