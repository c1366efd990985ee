"""The clocks that the stack of the tests can show."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.local_time import zones_where_it_is

SAYS = """
import sys
from datetime import datetime
from voice.promises.hours import HERE
print(datetime.fromisoformat(sys.argv[1]).astimezone(HERE).hour)
"""


@pytest.mark.parametrize("later", [0, 5, 11, 16, 23])
def test_it_is_three_in_the_morning_whatever_the_hour(tmp_path: Path, later: int) -> None:
    now = datetime(2026, 11, 24, 0, 30, tzinfo=timezone.utc) + timedelta(hours=later)
    environment = os.environ | {"PYTHONTZPATH": zones_where_it_is(3, now, tmp_path)}
    shown = subprocess.run([sys.executable, "-c", SAYS, now.isoformat()], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "3"
