"""Memory: what one batch frees is kept for the next.

Columns of a batch are some hundred kilobytes each, made and freed by the dozen.  The C library of
most Linux systems (glibc) gives such memory back to the system when more of it is free than twice
the largest block that was ever freed, and the system hands it out again page by page, cleared: a
quarter of the time of a fold in a program that has just begun.  One larger block that comes and
goes settles it for the whole process (mallopt(3), M_MMAP_THRESHOLD and its dynamic adjustment), as
it would in any program that handles larger arrays.  Elsewhere it does nothing.
"""

from __future__ import annotations

import functools

import numpy as np

__all__ = ["keep_freed_memory"]

#: Below 32 MiB, beyond which no block counts: twice as much free memory is then kept.
_BYTES = 31 << 20


@functools.cache
def keep_freed_memory() -> None:
    """Let the C library keep some 62 MiB of what is freed, for each of its arenas.

    Once per process, a few microseconds: the block is never written to, so that no memory is taken
    for it.
    """
    block = np.empty(_BYTES, np.uint8)
    del block
