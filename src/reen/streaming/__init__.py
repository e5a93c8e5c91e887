"""Streaming: sources cut into parts, each read, checked and given up before the next.

Input: files, datasets, Arrow streams, tables in memory.  Output: parts, which give batches, here or
in a worker of an executor.  What stands here knows rows and files, and no method.
"""
