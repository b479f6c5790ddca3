"""Two savings of one field that cross."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.drafts import saving
from core.drafts.models import DraftVersion
from core.exceptions import StaleWrite

pytestmark = pytest.mark.django_db


def second_first(value: str) -> saving.DraftValue:
    """What the later of two first savings does: it saw no row, and there is one."""
    return saving._first("portée", "champ", value, None, timezone.now(), "")


def test_the_same_text_saved_twice_at_once_is_one_version() -> None:
    kept = second_first("a")
    assert second_first("a").pk == kept.pk
    assert DraftVersion.objects.count() == 1


def test_another_text_saved_at_once_is_shown_beside_it() -> None:
    second_first("a")
    with pytest.raises(StaleWrite) as caught:
        second_first("b")
    assert (caught.value.mine, caught.value.theirs) == ("b", "a")
