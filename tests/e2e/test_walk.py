"""The whole walk: one challenge through its seven stations, by the hands of each role."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.choosing import apply_, decide, evaluate
from tests.e2e.steps.publishing import choose_language, find, write_and_publish
from tests.e2e.steps.trying import conclude, measure, prepare_and_start
from tests.e2e.words import WORDS

pytestmark = pytest.mark.browser
SLUG = "abribus-lisibles"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_walk(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    slug = f"{SLUG}-{language}"
    choose_language(visit, words, language)
    write_and_publish(site, visit, language, slug)
    find(visit, words, language, slug)
    numbers = apply_(site, visit, words, language, slug)
    evaluate(site, visit, words, language, slug)
    pilot = decide(site, visit, words, language, slug, numbers)
    prepare_and_start(visit, words, language, pilot)
    measure(site, visit, words, language, pilot)
    conclude(visit, words, language, pilot)
    site.manage("verify_audit")
