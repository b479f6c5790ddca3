"""What a message may say, in which language, and what is refused with its line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from core.accounts.models import Organisation, OrganisationKind, User
from core.notifications import markup
from core.notifications.events import Event, catalogue
from core.notifications.models import Message
from core.notifications.outbox import queue_message
from core.notifications.rendering import (
    BOTH,
    BadContext,
    Words,
    language_for,
    problems_of,
    render,
    render_words,
    values_for,
)
from core.notifications.safe_templates import Part, parse
from core.notifications.variables import (
    Address,
    Choice,
    Day,
    Flag,
    Instant,
    Link,
    LongText,
    Number,
    Rows,
    Text,
    Texts,
)
from core.taxonomy.models import CitySettings
from core.text import one_line
from pilots.enums import Outcome
from tests import factories

pytestmark = pytest.mark.django_db
FULL: dict[str, Any] = {
    "title_fr": "Rue claire",
    "title_en": "Clear street",
    "note": "Un mot.\nUn autre.",
    "at": datetime(2026, 11, 29, 22, 0, tzinfo=UTC),
    "on": date(2026, 12, 1),
    "mark": Decimal("82.5"),
    "is_open": True,
    "outcome": "selected",
    "path": "/admin/x/",
    "slug": "rue-claire",
    "rows": [{"label_fr": "Effet", "label_en": "Effect", "mean": 8.25, "page": "/fr/a/"}],
    "said": ["Un", "Deux"],
}
EVENT = Event(
    name="everything",
    label="",
    audience="city",
    variables={
        "title": Text("", is_paired=True),
        "note": LongText("", is_optional=True),
        "at": Instant(""),
        "on": Day("", is_optional=True),
        "mark": Number("", is_optional=True),
        "is_open": Flag(""),
        "outcome": Choice("", choices=Outcome),
        "path": Address(""),
        "link": Link("", to="pilot_detail", args=("slug",)),
        "rows": Rows(
            "",
            columns={
                "label": Text("", is_paired=True),
                "mean": Number(""),
                "page": Address(""),
            },
        ),
        "said": Texts(""),
    },
)


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    """The event of this file, in the catalogue for the time of a test."""
    catalogue.register(EVENT.name, EVENT)
    yield
    del catalogue._entries[EVENT.name]


def written(source: str, language: str = "fr", part: Part = Part.TEXT, **changes: Any) -> str:
    words = Words(
        **{p.value: source if p == part else "x" for p in Part}  # the others say nothing
    )
    assert parse(EVENT.name, part, source).problems == []
    rendered = render_words(EVENT, words, {**FULL, **changes}, language)
    return str(getattr(rendered, part.value))


class TestHowValuesRead:
    @pytest.mark.parametrize(
        ("source", "fr", "en"),
        [
            ("{{ title }}", "Rue claire", "Clear street"),
            ("{{ at }}", "29 novembre 2026 à 17\u00a0h, heure de Montréal",
             "November 29, 2026 at 5\u00a0p.m., Montréal time"),
            ("{{ at|day }}", "29 novembre 2026", "November 29, 2026"),
            ("{{ at|hour }}", "17\u00a0h", "5\u00a0p.m."),
            ("{{ on }}", "1er décembre 2026", "December 1, 2026"),
            ("{{ mark }}", "82,5", "82.5"),
            ("{{ outcome }}", "Retenue", "Selected"),
            ("{% if outcome == 'selected' %}a{% else %}b{% endif %}", "a", "a"),
            ("{% if mark > 80 and is_open %}a{% endif %}", "a", "a"),
            ("{{ path }}", "http://localhost:8000/admin/x/", "http://localhost:8000/admin/x/"),
            ("{{ link }}", "http://localhost:8000/fr/projets-pilotes/rue-claire/",
             "http://localhost:8000/en/pilots/rue-claire/"),
            ("{% for r in rows %}{{ forloop.counter }} {{ r.label }} {{ r.mean }}{% endfor %}",
             "1 Effet 8,25", "1 Effect 8.25"),
            ("{{ said|length }}", "2", "2"),
            ("{{ home }} {{ brand }}", "http://localhost:8000/fr/ Banc d’essai",
             "http://localhost:8000/en/ Banc d’essai"),
        ],
    )  # fmt: skip
    def test_in_each_language(self, source: str, fr: str, en: str) -> None:
        assert (written(source, "fr"), written(source, "en")) == (fr, en)

    def test_nothing_reads_as_nothing(self) -> None:
        source = "[{{ mark }}{{ on }}{{ note }}{{ note|default:'rien' }}{{ user_name }}]"
        assert written(source, mark=None, on=None, note="") == "[rien]"

    def test_zero_is_a_number(self) -> None:
        assert written("{% if mark %}{{ mark }}{% endif %}", mark=0) == "0"

    def test_english_falls_back_to_french(self) -> None:
        assert written("{{ title }}", "en", title_en="") == "Rue claire"

    def test_lines_of_tags_leave_no_empty_line(self) -> None:
        source = "Un\n{% if is_open %}\nDeux\n{% endif %}\n{% for s in said %}\n- {{ s }}\n"
        source += "{% endfor %}\nFin"
        assert written(source) == "Un\nDeux\n- Un\n- Deux\nFin"

    def test_html_escapes_what_is_given_even_marked_as_safe(self) -> None:
        bad = mark_safe("<script>alert(1)</script>\n& fin")
        html = written("<p>{{ note|linebreaksbr }}</p>", part=Part.HTML, note=bad)
        assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;<br>&amp; fin</p>"

    def test_text_is_not_escaped(self) -> None:
        assert written("{{ note }}", note="L’eau & <l’air>") == "L’eau & <l’air>"

    def test_what_is_typed_is_not_read_as_a_template(self) -> None:
        assert written("{{ note }}", note="{{ path }}{% if %}") == "{{ path }}{% if %}"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"slug": ...}, "slug is missing"),
    ({"title_en": ...}, "title_en is missing"),
    ({"title_fr": "", "title_en": ""}, "title is empty"),
    ({"title_fr": 12}, "title is not of its type (int)"),
    ({"secret": 1}, "secret is unknown"),
    ({"at": datetime(2026, 1, 1)}, "at is not of its type (datetime)"),  # noqa: DTZ001
    ({"on": datetime(2026, 1, 1, tzinfo=UTC)}, "on is not of its type (datetime)"),
    ({"mark": True}, "mark is not of its type (bool)"),
    ({"mark": "12"}, "mark is not of its type (str)"),
    ({"is_open": 1}, "is_open is not of its type (int)"),
    ({"outcome": "won"}, "outcome is not of its type (str)"),
    ({"path": "javascript:alert(1)"}, "path is not of its type (str)"),
    ({"path": "//ailleurs.example"}, "path is not of its type (str)"),
    ({"slug": "a/b"}, "slug make no address"),
    ({"rows": [{"label_fr": "a"}]}, "rows: label_en is missing"),
    ({"rows": [{**FULL["rows"][0], "name": "x"}]}, "rows: name is unknown"),
    ({"said": "Un"}, "said is not of its type (str)"),
]  # fmt: skip


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**FULL, **changes}.items() if value is not ...}


class TestAContextThatIsNotDeclared:
    @pytest.mark.parametrize(("changes", "said"), WRONG, ids=lambda value: str(value)[:30])
    def test_it_is_an_error_in_the_tests(self, changes: dict[str, Any], said: str) -> None:
        with pytest.raises(BadContext) as caught:
            values_for(EVENT, changed(changes), "fr")
        assert said in str(caught.value)

    @pytest.mark.parametrize(("changes", "said"), WRONG, ids=lambda value: str(value)[:30])
    def test_in_production_it_is_logged_and_the_message_goes(
        self, changes: dict[str, Any], said: str, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.STRICT_MESSAGES = False
        with caplog.at_level(logging.ERROR):
            values = values_for(EVENT, changed(changes), "fr")
        assert [said in record.getMessage() for record in caplog.records] == [True]
        assert set(values) == set(EVENT.all_variables())
        source = "{{ title }} {{ at }} {{ mark }} {{ outcome }} {{ link }} {{ path }}"
        text = parse(EVENT.name, Part.TEXT, source).render(values)
        assert "None" not in text
        assert "javascript" not in text

    def test_the_log_tells_no_value(self, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
        settings.STRICT_MESSAGES = False
        values_for(EVENT, {**FULL, "secret": "personnel", "mark": "confidentiel"}, "fr")
        assert "mark is not of its type" in caplog.text
        assert "personnel" not in caplog.text
        assert "confidentiel" not in caplog.text

    def test_in_development_too(self, settings: Any) -> None:
        settings.STRICT_MESSAGES = False
        settings.DEBUG = True
        with pytest.raises(BadContext):
            values_for(EVENT, {}, "fr")


# What staff must not be able to do, or may get wrong: the line, and a word of the answer.
REFUSED = [
    ("{{ user.password }}", 1, "user.password"),
    ("a\n{{ title.upper }}", 2, "title.upper"),
    ("{{ title.__class__ }}", 1, "pas compris"),
    ("{{ rows.0.label }}", 1, "rows.0.label"),
    ("a\nb\n{{ unknown }}", 3, "unknown"),
    ("{% load i18n %}", 1, "load"),
    ("{% include 'emails/base.html' %}", 1, "include"),
    ("{% extends 'base.html' %}", 1, "extends"),
    ("{% url 'home' %}", 1, "url"),
    ("{% csrf_token %}", 1, "csrf_token"),
    ("{% debug %}", 1, "debug"),
    ("{% autoescape off %}{{ title }}{% endautoescape %}", 1, "autoescape"),
    ("{% with a=title %}{{ a }}{% endwith %}", 1, "with"),
    ("{% verbatim %}{% endverbatim %}", 1, "verbatim"),
    ("{{ title|safe }}", 1, "safe"),
    ("{{ title|add:note }}", 1, "add"),
    ("{{ title|day }}", 1, "day"),
    ("{{ on|hour }}", 1, "hour"),
    ("{{ title|linebreaksbr }}", 1, "linebreaksbr"),
    ("\n\n{% if is_open %}\nouvert", 3, "jamais fermée"),
    ("un\n{% endif %}", 2, "endif"),
    ("{% if is_open %}{% elif secret %}{% endif %}", 1, "secret"),
    ("{% if title|default:secret %}{% endif %}", 1, "secret"),
    ("{% if is_open and not secret.key %}{% endif %}", 1, "secret.key"),
    ("un\n{{ title", 2, "{{"),
    ("un\ndeux }}", 2, "}}"),
    ("{{ }}", 1, "compris"),
    ("{% %}", 1, "compris"),
    ("{{ title note }}", 1, "compris"),
    ("{{ 'texte' }}", 1, "variable"),
    ("{{ 12 }}", 1, "variable"),
    ("{{ title|default:'<b>' }}", 1, "guillemets"),
    ("{{ rows }}", 1, "liste"),
    ("{% for r in rows %}{{ r }}{% endfor %}", 1, "liste"),
    ("{% for r in rows %}{{ r.secret }}{% endfor %}", 1, "r.secret"),
    ("{% for r in rows %}{% endfor %}{{ r.label }}", 1, "r.label"),
    ("{% for r in title %}{% endfor %}", 1, "liste"),
    ("{% for a, b in rows %}{% endfor %}", 1, "liste"),
    ("{% for title in rows %}{% endfor %}", 1, "title"),
    ("{% for r in rows %}{{ forloop.parentloop }}{% endfor %}", 1, "parentloop"),
    (
        "{% for r in rows %}\n{% for s in rows %}{{ s.label }}{% endfor %}{% endfor %}",
        2,
        "l’intérieur d’une autre",
    ),
    ("{{ is_open }}", 1, "oui ou non"),
    ("x" * 20_001, 1, "trop long"),
    ("{% if is_open %}" * 2_000 + "{% endif %}" * 2_000, 1, "trop long"),
    ("{% if is_open %}" * 700, 1, ""),
]


@pytest.mark.parametrize(("source", "line", "said"), REFUSED, ids=lambda v: str(v)[:30])
def test_what_is_outside_the_safe_subset_is_refused_with_its_line(
    source: str, line: int, said: str
) -> None:
    problems = parse(EVENT.name, Part.TEXT, source).problems
    assert problems
    if said != "":
        assert problems[0].line == line
        assert said in str(problems[0])
        assert str(problems[0]).startswith(f"Ligne {line}\u00a0: ")


def test_a_problem_is_said_in_the_reader_s_language() -> None:
    source = "{{ inconnue }}"
    with translation.override("en"):
        english = parse(EVENT.name, Part.TEXT, source).problems
    french = parse(EVENT.name, Part.TEXT, source).problems
    assert [str(p) for p in french] == [
        "Ligne 1\u00a0: la variable «\u00a0inconnue\u00a0» est inconnue."
    ]
    assert english[0].message == "the variable “inconnue” is unknown."


MARKUP = [
    ("<p>un", 1, "<p>"),
    ("<p>un\n<b>deux</p>", 2, "<b>"),
    ("un</p>", 1, "</p>"),
    ("<p>\n<script>alert(1)</script></p>", 2, "<script>"),
    ("<p><img src='https://x.example/a.png'></p>", 1, "image"),
    ("<p style='color:red'>x</p>", 1, "style"),
    ("<p onclick='x()'>x</p>", 1, "onclick"),
    ("<style>p{}</style>", 1, "<style>"),
    ("<iframe src='https://x.example'></iframe>", 1, "<iframe>"),
    ("<a>x</a>", 1, "href"),
    ("<a href='javascript:alert(1)'>x</a>", 1, "lien"),
    ("<a href='/fr/'>x</a>", 1, "lien"),
    ("<a href='{{ note }}'>x</a>", 1, "lien"),
    ("<a href='{{ contact_email }}'>{{ contact_email }}</a>", 1, "lien"),
    ("<a href='mailto:{{ link }}'>{{ link }}</a>", 1, "lien"),
    ("<a href='https://x.example/{{ slug }}'>x</a>", 1, "lien"),
    ("<a href='{{ link }}' target='_blank'>x</a>", 1, "target"),
    ("<p>\n{% if is_open %}<b>{% endif %}</b></p>", 2, "<b>"),
    ("{% if is_open %}\n<p>{% else %}</p>{% endif %}", 2, "<p>"),
    ("<a {% if is_open %}href='{{ link }}'{% endif %}>x</a>", 1, "condition"),
    ("<p>un</p>\n<p", 2, "terminée"),
    ("<!-- secret -->", 1, "commentaire"),
    ("<!DOCTYPE html><p>x</p>", 1, "déclaration"),
    ("<br></br>", 1, "<br>"),
]


def problems_in(html: str) -> list[Any]:
    parsed = parse(EVENT.name, Part.HTML, html)
    return markup.problems_of(html, lambda said: said.strip() in parsed.addresses)


@pytest.mark.parametrize(("html", "line", "said"), MARKUP, ids=lambda v: str(v)[:40])
def test_broken_or_foreign_markup_is_refused_with_its_line(html: str, line: int, said: str) -> None:
    problems = problems_in(html)
    assert problems
    assert (problems[0].line, said in problems[0].message) == (line, True)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Un &amp; deux, a < b<br>trois</p><hr>",
        "<p><a href='{{ link }}'>x</a> <a href=\"{{ path }}\">y</a></p>",
        "<p><a href='mailto:{{ contact_email }}'>{{ contact_email }}</a></p>",
        "<p><a href='https://ville.example/aide'>x</a> <a href='mailto:a@b.example'>y</a></p>",
        "{% if is_open %}<p>a</p>{% elif mark > 3 %}<p>b</p>{% else %}<p>c</p>{% endif %}",
        "<ul>{% for r in rows %}<li><a href='{{ r.page }}'>{{ r.label }}</a></li>{% endfor %}</ul>",
    ],
)
def test_sound_markup_passes_and_is_sent_as_it_is(html: str) -> None:
    assert problems_in(html) == []
    written(html, part=Part.HTML)


def test_what_is_sent_is_cleaned_once_more() -> None:
    assert markup.clean("<p onclick='x'>a<script>b</script><img src=x></p>") == "<p>a</p>"
    assert markup.clean("<a href='javascript:alert(1)'>a</a>") == "<a>a</a>"


def test_text_and_html_have_to_say_the_same() -> None:
    words = Words("Objet", "{{ title }} {{ mark }}", "<p>{{ title }}</p>")
    assert problems_of(EVENT.name, words) == {
        Part.HTML: ["L’autre forme dit mark\u00a0; celle-ci ne le dit pas."]
    }
    empty = Words("Un\nDeux", " ", "<p>x</p>")
    assert set(problems_of(EVENT.name, empty)) == {Part.SUBJECT, Part.TEXT}


def an_organisation(language: str) -> Organisation:
    return Organisation.objects.create(
        name=f"Atelier {language}",
        slug=f"atelier-{language}",
        kind=OrganisationKind.PARTNER,
        language=language,
    )


class TestTheLanguage:
    def test_the_person_s_then_the_organisation_s_then_both(self) -> None:
        french, english = User(language="fr"), User(language="en")
        atelier = Organisation(language="en")
        assert language_for(user=french, organisation=atelier) == "fr"
        assert language_for(user=english) == "en"
        assert language_for(organisation=atelier) == "en"
        assert language_for() == BOTH

    def to(self, to: User | str, **options: Any) -> Message:
        context = {"organisation": "Atelier", "is_accepted": True}
        return queue_message(
            key=f"essai:{to}", event="join_answered", to=to, context=context, **options
        )

    def test_a_person_is_written_to_in_their_language(self) -> None:
        reader = factories.make_user("lecteur", language="en")
        message = self.to(reader, organisation=an_organisation("fr"))
        assert (message.language, message.user) == ("en", reader)
        assert message.subject == "You now belong to Atelier"

    def test_an_address_in_that_of_the_organisation(self) -> None:
        message = self.to("invite@atelier.example", organisation=an_organisation("en"))
        assert (message.language, message.user) == ("en", None)
        assert message.to_email == "invite@atelier.example"
        assert message.subject == "You now belong to Atelier"

    def test_an_address_that_nothing_is_known_of_in_both(self) -> None:
        message = self.to("inconnu@ailleurs.example")
        assert message.language == BOTH
        assert message.subject == "Vous appartenez maintenant à Atelier · You now belong to Atelier"
        french, english = message.text.split("\n----\n")
        assert "/fr/espace/organisations/" in french
        assert "/en/workspace/organisations/" in english
        assert message.html.index('lang="fr"') < message.html.index('<div lang="en">')

    def test_asked_for_by_name(self) -> None:
        reader = factories.make_user("lecteur", language="en")
        assert self.to(reader, language="fr").language == "fr"


def test_a_brand_with_signs_is_escaped_in_html_alone() -> None:
    city = CitySettings.current()
    city.brand_name = "Essais <& Cie>"
    city.save()
    context = {"organisation": "Atelier", "is_accepted": False}
    _subject, text, html = render("join_answered", context, "en")
    assert text.endswith("\n\n--\nEssais <& Cie>, City of Montréal\nbancdessai@ville.example\n")
    assert html.count("Essais &lt;&amp; Cie&gt;") == 3
    assert "<& Cie>" not in html


def test_a_subject_is_one_line_that_keeps_its_hard_spaces() -> None:
    made = one_line(" Objet\u00a0:\r\nBcc: x@y.example\u2028fin\x0b\x85\u202f! ")
    assert made == "Objet\u00a0: Bcc: x@y.example fin \u202f!"
