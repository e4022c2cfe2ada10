"""The place that hostile tests are hostile to."""

from typing import Any

import pytest

from tests.conftest import FixedClock
from tests.service.hostile.place import Place, settle


@pytest.fixture
async def place(app: Any, clock: FixedClock) -> Place:
    return await settle(app, clock)
