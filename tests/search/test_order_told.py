"""What makes the order is told to everyone, in words."""

from __future__ import annotations

import pytest
from django.test import Client

from search import targets
from search.domain.rebuilding import rebuild
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def _otters() -> None:
    factories.make_challenge(title_fr="Suivre la loutre")
    factories.make_challenge(title_fr="Compter la loutre")
    rebuild(target=targets.DATABASE)


@pytest.mark.usefixtures("_otters")
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/fr/recherche/?q=loutre", "aucune place n’est à vendre"),
        ("/en/search/?q=loutre", "no place is for sale"),
    ],
)
def test_everyone_reads_how_the_order_is_made(address: str, told: str) -> None:
    assert told in Client().get(address).content.decode()
    assert told not in Client().get(f"{address}&sort=name").content.decode()
