"""Every event of the catalogue has its words in both languages, and they say what it declares."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from core.languages import LANGUAGES
from core.notifications.enums import Audience
from core.notifications.events import Event, catalogue
from core.notifications.rendering import (
    BOTH,
    Words,
    built_in,
    problems_of,
    render,
    render_words,
)
from core.notifications.safe_templates import Part, parse
from core.notifications.variables import Link, Rows, Variable

pytestmark = pytest.mark.django_db
EVENTS = sorted(catalogue, key=lambda event: event.name)
# Words of one language alone: one of them in the other's letter is a sentence left untranslated.
ONLY = {
    "fr": re.compile(r"\b(le|la|les|des|une|vous|votre|sur|dans|est|été)\b", re.IGNORECASE),
    "en": re.compile(r"\b(the|of|and|you|your|is|was|has|with|by)\b", re.IGNORECASE),
}


class Reader(HTMLParser):
    """What a reader of the HTML reads, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += " "
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self.words += " "

    def handle_data(self, data: str) -> None:
        self.words += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def flat(text: str) -> str:
    return " ".join(text.split())


def examples(event: Event, language: str) -> dict[str, object]:
    with translation.override(language):
        return event.example()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
@pytest.mark.parametrize("language", LANGUAGES)
class TestEachEvent:
    def test_its_built_in_words_have_no_problem(self, event: Event, language: str) -> None:
        assert problems_of(event.name, built_in(event.name, language)) == {}

    def test_it_renders_with_its_examples(self, event: Event, language: str) -> None:
        subject, text, html = render(event.name, examples(event, language), language)
        for part in (subject, text, html):
            assert part.strip()
            assert not re.search(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bTrue\b|\bFalse\b", part)
        assert "\n" not in subject
        assert "\n\n\n" not in text
        assert f'<html lang="{language}">' in html

    def test_no_sentence_is_in_the_other_language(self, event: Event, language: str) -> None:
        other = next(code for code in LANGUAGES if code != language)
        words = built_in(event.name, language)
        for part in Part:
            written = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", " ", words.part(part))
            assert ONLY[other].findall(written) == []
        assert words.subject != built_in(event.name, other).subject
        assert words.text != built_in(event.name, other).text

    def test_text_and_html_say_the_same(self, event: Event, language: str) -> None:
        words = built_in(event.name, language)
        said = {part: parse(event.name, part, words.part(part)).used for part in Part}
        assert said[Part.TEXT] == said[Part.HTML]
        context = examples(event, language)
        rendered = render_words(event, words, context, language)
        reader = read(rendered.html)
        for link in reader.links:
            assert link in rendered.text
        # Each figure and each name of the one is in the other.
        facts = set(re.findall(r"[\w-]*\d[\w-]*|[A-ZÉÀ]\w{3,}", flat(reader.words)))
        assert {fact for fact in facts if fact not in rendered.text} == set()

    def test_it_uses_all_that_it_declares(self, event: Event, language: str) -> None:
        words = built_in(event.name, language)
        used = set().union(*(parse(event.name, p, words.part(p)).used for p in Part))
        assert set(event.variables) - used == set()

    def test_it_is_written_to_both_at_once(self, event: Event, language: str) -> None:
        _subject, text, html = render(event.name, examples(event, "fr"), BOTH)
        assert html.count("<html") == 1
        assert [part in html for part in ('<div lang="fr">', '<div lang="en">')] == [True, True]
        assert ONLY[language].search(text)


def all_of(variables: dict[str, Variable]) -> list[tuple[str, Variable]]:
    found = []
    for name, variable in variables.items():
        found.append((name, variable))
        if isinstance(variable, Rows):
            found += all_of(dict(variable.columns))
    return found


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_what_staff_read_of_it_is_in_both_languages(event: Event) -> None:
    assert event.audience in Audience.values
    labels = [event.label, *(v.label for _n, v in all_of(event.all_variables()))]
    kinds = [v.kind for _n, v in all_of(event.all_variables())]
    for said in (*labels, *kinds):
        with translation.override("en"):
            english = str(said)
        with translation.override("fr"):
            french = str(said)
        assert english
        # A word may be the same in both: « date », « message ».
        assert english != french or len(english.split()) == 1, english


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_each_variable_has_an_example(event: Event) -> None:
    without = [
        name
        for name, variable in all_of(event.variables)
        if variable.example is None and not (isinstance(variable, Link) and not variable.args)
    ]
    assert without == []


def test_words_of_an_event_that_is_none() -> None:
    with pytest.raises(KeyError, match="no_such_event"):
        render("no_such_event", {}, "fr")
    with pytest.raises(FileNotFoundError):
        built_in("no_such_event", "fr")


def test_the_walk_sees_what_is_wrong() -> None:
    """The checks of this file fail on words that lack a link or forget a language."""
    words = built_in("pilot_started", "fr")
    lacking = Words(words.subject, words.text.replace("{{ link }}", ""), words.html)
    assert list(problems_of("pilot_started", lacking)) == [Part.TEXT]
    assert ONLY["en"].findall("The trial has started") == ["The", "has"]
