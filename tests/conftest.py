"""What all tests share."""

from __future__ import annotations

import os

import pytest
from django.core.cache import cache
from django.utils import translation


def need(variable: str, what: str) -> str:
    """The address of a server; without it the test is skipped by name, or fails in CI."""
    value = os.environ.get(variable, "")
    if not value:
        sentence = f"{what}: {variable} is not set; `make services` starts one."
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return value


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """No test reads what another kept."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_french() -> None:
    """Each test begins in the site's own language, whatever the one before asked for."""
    translation.activate("fr")
