"""Frozen: arrays that several readers share, or that plugins are given, and none can write into.

Input: an array.  Output: the same numbers in an array that owns no writable memory: unlike one
whose flag is cleared, its flag cannot be set again.  Nothing is copied unless its memory has gaps.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["frozen"]

T = TypeVar("T", bound=np.generic)


def frozen(array: npt.NDArray[T]) -> npt.NDArray[T]:
    """Return an array over the same memory, for reading only.

    Examples
    --------
    >>> import numpy as np
    >>> shared = frozen(np.arange(3))
    >>> shared.flags.writeable = True
    Traceback (most recent call last):
    ValueError: cannot set WRITEABLE flag to True of this array
    """
    if not array.flags.writeable and not array.flags.owndata and array.base is not None:
        return array  # such as one of Arrow's memory
    whole = np.ascontiguousarray(array)
    whole.setflags(write=False)
    if not whole.size or whole.dtype.hasobject:
        return whole
    # dates have no buffer of their own kind
    memory = whole.reshape(-1).view(np.uint8).data.toreadonly()
    return np.frombuffer(memory, np.uint8).view(whole.dtype).reshape(array.shape)
