"""What the pilots' tests share."""

from __future__ import annotations

import pytest

from tests.pilots.decisions import Closed, make_closed


@pytest.fixture
def closed(db: None) -> Closed:
    """A call that has closed on three applications."""
    return make_closed()
