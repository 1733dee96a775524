"""The one way a kernel is compiled here. Knows no kernel.

The cache lies where `NUMBA_CACHE_DIR` says, else beside the source or in the user's cache folder.
A kernel must not start threads: whole frames run in parallel, and numba's work queue aborts the process
when two Python threads enter it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")


def kernel(function: Function) -> Function:
    """Compile a function on its first call, for the types it is called with, without the GIL.

    Division by zero gives infinity as in numpy, sums may be reordered (fastmath), so results agree between
    machines to about 1e-6, not to the bit. Pass float32 scalars: a Python float compiles a second, slow copy.
    """
    compiled = numba.njit(fastmath=True, nogil=True, cache=True, error_model="numpy")(function)
    return cast("Function", compiled)
