from pathlib import Path

import pytest

from records.safety_data import load_screen
from voice.safeguarding.screen import Screen

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def screen() -> Screen:
    return load_screen(ROOT)
