"""Starting other programs so that they never outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dies_with_us() -> Callable[[], None] | None:
    """What a child runs between fork and exec, so that the kernel kills it when this process ends in any way.

    Linux only (prctl(2), PR_SET_PDEATHSIG); None elsewhere, where a killed supervisor leaves its parts behind.
    The signal comes when the thread that started the child ends: start children from the main thread.
    """
    if sys.platform != "linux":
        return None
    # loaded before the fork: between fork and exec as little as possible may happen
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # the parent may have ended before the line above; then no signal will come
        if os.getppid() != parent:
            os._exit(1)

    return ask
