"""Keeps the algebra of a serving process on the core that the process runs on."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def calculate_on_one_core() -> None:
    """For this process and for good.

    The matrices of one message are so small that a second thread has nothing to win; OpenBLAS keeps it spinning all the same,
    on a core that other young people's messages need: half of Rasa's processor time with fifty at once.
    """
    threadpool_limits(limits=1, user_api="blas")
