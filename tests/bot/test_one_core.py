"""A serving process leaves the other cores to others."""

from __future__ import annotations

import json
import subprocess
import sys

LOOK = """
import json, numpy, scipy.linalg
from threadpoolctl import threadpool_info
from bot.one_core import calculate_on_one_core

calculate_on_one_core()
print(json.dumps([one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]))
"""


def test_no_algebra_library_keeps_threads_of_its_own() -> None:
    # in a process of its own: it is for good
    said = subprocess.run([sys.executable, "-c", LOOK], check=True, capture_output=True, text=True).stdout
    threads = json.loads(said)
    assert threads
    assert set(threads) == {1}
