"""The pages where staff write the words of messages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cms.dashboards.examples import described
from core.accounts import roles
from core.accounts.models import User
from core.languages import LANGUAGES
from core.notifications.events import catalogue
from core.notifications.models import Message, MessageTemplate
from core.notifications.rendering import Words, built_in
from core.notifications.safe_templates import Part, parse
from core.notifications.wording import fingerprint, save_words, standing
from pilots.domain import pilot as pilots
from pilots.models import Pilot
from tests import factories

pytestmark = pytest.mark.django_db
EVENT = "pilot_started"
MINE = Words(
    "Ça commence\n",
    "Bonjour,\n\n{{ title }}\n{{ link }}\n",
    '<p>Bonjour,</p>\n<p><a href="{{ link }}">{{ title }}</a></p>\n',
)
INDEX_QUERIES = 11


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    """Demonstration accounts enter with their password alone, in development only."""
    settings.DEBUG = True


def signed(role: str) -> Client:
    client = Client()
    client.force_login(factories.make_user("personnel", role, is_demo=True))
    return client


@pytest.fixture
def editor() -> Client:
    return signed(roles.EDITORS)


def address(name: str = "edit", event: str = EVENT, language: str = "fr") -> str:
    return reverse(f"message_words:{name}", args=[event, language])


def typed(words: Words = MINE, seen: str = "", **more: str) -> dict[str, str]:
    seen = seen or standing(EVENT, "fr").fingerprint
    return {**words._asdict(), "seen": seen, **more}


def changed_by_another() -> User:
    other = factories.make_user("collègue", roles.ADMINISTRATORS)
    save_words(
        event=EVENT,
        language="fr",
        words=MINE._replace(subject="Le texte de l’autre\n"),
        seen=standing(EVENT, "fr").fingerprint,
        actor=other,
        now=timezone.now(),
    )
    return other


class TestTheCatalogue:
    def test_every_event_is_there_with_both_languages(self, editor: Client) -> None:
        page = editor.get(reverse("message_words:index")).content.decode()
        for event in catalogue:
            for language in LANGUAGES:
                assert f'href="{address(event=event.name, language=language)}"' in page
        assert page.count("Texte d’origine") == 2 * len(catalogue)

    def test_it_says_who_changed_what(self, editor: Client) -> None:
        changed_by_another()
        MessageTemplate.objects.create(
            event="join_asked",
            language="en",
            changed_at=timezone.now(),
            **MINE._replace(text="{{ gone }}")._asdict(),
        )
        page = editor.get(reverse("message_words:index")).content.decode()
        assert "par collègue" in page
        assert "par une personne qui n’est plus là" in page
        assert page.count("c’est le texte d’origine qui est envoyé") == 1
        assert page.count("Texte modifié") == 1

    def test_in_a_constant_number_of_queries(
        self, editor: Client, django_assert_num_queries: Any
    ) -> None:
        editor.get(reverse("message_words:index"))
        with django_assert_num_queries(INDEX_QUERIES):
            editor.get(reverse("message_words:index"))
        for event in catalogue:
            MessageTemplate.objects.create(
                event=event.name,
                language="fr",
                changed_at=timezone.now(),
                changed_by=factories.make_user("x"),
                **built_in(event.name, "fr")._asdict(),
            )
        with django_assert_num_queries(INDEX_QUERIES):
            editor.get(reverse("message_words:index"))

    def test_what_is_none_is_not_found(self, editor: Client) -> None:
        for name in ("edit", "reset"):
            assert editor.get(address(name, event="rien")).status_code == 404
            assert editor.get(address(name, language="es")).status_code == 404

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (roles.EDITORS, 200),
            (roles.ADMINISTRATORS, 200),
            (roles.CHALLENGE_MANAGERS, 302),
            (roles.PILOT_MANAGERS, 302),
            (roles.MODERATORS, 302),
            (roles.FINANCE, 302),
            (roles.JURY_MEMBERS, 403),
        ],
    )
    def test_who_gets_in(self, role: str, status: int) -> None:
        client = signed(role)
        for page in (reverse("message_words:index"), address(), address("reset")):
            assert client.get(page).status_code == status
        client.post(address(), typed())
        assert MessageTemplate.objects.exists() is (status == 200)
        home = client.get(reverse("wagtailadmin_home"))
        assert (reverse("message_words:index") in home.content.decode()) is (status == 200)


class TestWriting:
    def test_it_begins_with_the_built_in_words(self, editor: Client) -> None:
        page = editor.get(address())
        words = built_in(EVENT, "fr")
        form = page.context["form"]
        assert [form[name].value() for name in ("subject", "text", "html")] == list(words)
        assert form["seen"].value() == fingerprint(words)
        html = page.content.decode()
        assert "C’est le texte d’origine." in html
        assert "{{ title }}" in html

    def test_saved_and_said(self, editor: Client) -> None:
        page = editor.post(address(), typed(), follow=True)
        assert "Enregistré. Les messages écrits à partir de maintenant" in page.content.decode()
        assert standing(EVENT, "fr").words == MINE
        assert "Ça commence" in page.content.decode()

    def test_refused_with_its_lines_and_what_was_typed(self, editor: Client) -> None:
        bad = MINE._replace(text="Bonjour,\n{{ user.password }}", html="<p>un\n<b>deux</p>")
        page = editor.post(address(), typed(bad))
        html = page.content.decode()
        assert page.status_code == 422
        assert "Rien n’est enregistré" in html
        assert "Ligne 2\u00a0: la variable «\u00a0user.password\u00a0» est inconnue." in html
        assert "Ligne 2\u00a0: &lt;b&gt; n’est pas fermée" in html
        assert "Bonjour,\n{{ user.password }}" in html
        assert "iframe" not in html
        assert not MessageTemplate.objects.exists()

    def test_a_code_stays_out_of_the_subject_and_in_the_texts(self, editor: Client) -> None:
        event = "account_email_login_code"
        seen = standing(event, "fr").fingerprint
        bad = Words("Code {{ code }}\n", "Le voici.\n", "<p>{{ code }}</p>\n")
        page = editor.post(address(event=event), typed(bad, seen))
        html = page.content.decode()
        assert page.status_code == 422
        assert "Ligne 1\u00a0: un code ne se dit pas dans l’objet" in html
        good = bad._replace(subject="Votre code\n")
        page = editor.post(address(event=event), typed(good, seen))
        assert page.status_code == 422
        assert "Sans {{ code }}, ce message ne sert à rien." in page.content.decode()
        good = good._replace(text="Le voici\u00a0: {{ code }}\n")
        assert editor.post(address(event=event), typed(good, seen)).status_code == 302
        assert standing(event, "fr").words == good

    def test_preview_saves_nothing(self, editor: Client) -> None:
        page = editor.post(address(), typed(preview="1"))
        assert page.status_code == 200
        preview = page.context["preview"]
        assert preview.subject == "Ça commence"
        assert "Des abribus lisibles au centre-ville\nhttp://localhost" in preview.text
        html = page.content.decode()
        frame = re.search(r"<iframe[^>]*>", html)
        assert frame is not None
        assert 'sandbox=""' in frame[0]
        assert "&lt;p&gt;Bonjour,&lt;/p&gt;" in frame[0]
        assert not MessageTemplate.objects.exists()

    def test_preview_of_what_cannot_be_sent(self, editor: Client) -> None:
        page = editor.post(address(), typed(MINE._replace(subject="{{ x }}"), preview="1"))
        assert page.status_code == 422
        assert "tant que le texte ci-dessus n’est pas corrigé" in page.content.decode()

    def test_two_people_see_both_texts(self, editor: Client) -> None:
        seen = standing(EVENT, "fr").fingerprint
        changed_by_another()
        mine = MINE._replace(subject="Le mien\n")
        page = editor.post(address(), typed(mine, seen))
        html = page.content.decode()
        assert page.status_code == 409
        assert "Le texte de l’autre" in html
        assert 'value="Le mien' in html
        assert "par collègue" in html
        assert standing(EVENT, "fr").words.subject == "Le texte de l’autre\n"
        # The page that shows both may be sent as it is.
        again = page.context["form"]["seen"].value()
        assert editor.post(address(), typed(mine, again)).status_code == 302
        assert standing(EVENT, "fr").words.subject == "Le mien\n"

    def test_a_form_that_says_nothing(self, editor: Client) -> None:
        assert editor.post(address(), {}).status_code == 422
        assert editor.post(address(), typed(seen="forgé")).status_code == 409
        nulls = typed(MINE._replace(subject="Objet\x00\u202e"))
        assert editor.post(address(), nulls).status_code == 302
        assert standing(EVENT, "fr").words.subject == "Objet\n"


class TestReset:
    def test_asked_then_done(self, editor: Client) -> None:
        editor.post(address(), typed())
        page = editor.get(address("reset"))
        html = page.content.decode()
        assert "Revenir au texte d’origine" in html
        assert "Ça commence" in html
        assert "Votre essai a commencé" in html
        assert standing(EVENT, "fr").words == MINE
        seen = {"seen": fingerprint(MINE)}
        done = editor.post(address("reset"), seen, follow=True)
        assert "Le texte d’origine est rétabli." in done.content.decode()
        assert not MessageTemplate.objects.exists()

    def test_not_what_another_wrote_meanwhile(self, editor: Client) -> None:
        changed_by_another()
        page = editor.post(address("reset"), {"seen": fingerprint(MINE)})
        assert page.status_code == 409
        assert "Le texte de l’autre" in page.content.decode()
        assert MessageTemplate.objects.exists()

    def test_nothing_to_go_back_to(self, editor: Client) -> None:
        page = editor.get(address("reset")).content.decode()
        assert "Le texte d’origine est déjà en place" in page
        assert '<button type="submit" class="button serious"' not in page


class TestTheExample:
    def test_the_newest_real_one_for_who_reads_the_outbox(self) -> None:
        trial = factories.make_pilot(title_fr="Rue claire")
        Pilot.objects.filter(pk=trial.pk).update(started_at=timezone.now())
        seen = {}
        for role in (roles.ADMINISTRATORS, roles.EDITORS):
            page = signed(role).get(address())
            seen[role] = page.context["preview"]
            said = "il parle de personnes réelles" in page.content.decode()
            assert said is (role == roles.ADMINISTRATORS)
        assert "Rue claire" in seen[roles.ADMINISTRATORS].text
        assert f"/{trial.slug}/" in seen[roles.ADMINISTRATORS].text
        assert "Rue claire" not in seen[roles.EDITORS].text
        assert "Des abribus lisibles au centre-ville" in seen[roles.EDITORS].text

    def test_it_is_what_the_verb_says(self) -> None:
        trial = factories.make_pilot()
        Pilot.objects.filter(pk=trial.pk).update(started_at=timezone.now())
        newest = catalogue[EVENT].newest
        assert newest is not None
        assert newest() == pilots.trial_facts(trial)

    def test_a_real_code_is_no_example(self) -> None:
        person = factories.make_user("membre")
        form = {"email": person.email}
        Client().post(reverse("account_request_login_code"), form)
        sent = Message.objects.get(event="account_email_login_code")
        code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", sent.text, re.MULTILINE)
        assert code is not None
        page = signed(roles.ADMINISTRATORS).get(address(event=sent.event))
        html = page.content.decode()
        assert code[0] not in html
        assert "ABCD-EFGH" in page.context["preview"].text
        assert "il parle de personnes réelles" not in html

    def test_nothing_real_yet(self) -> None:
        for event in catalogue:
            assert event.newest is None or event.newest() is None

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_page_draws_in_both_languages(self, language: str) -> None:
        client = signed(roles.ADMINISTRATORS)
        for event in catalogue:
            page = client.get(address(event=event.name, language=language))
            assert page.status_code == 200
            assert page.context["preview"].text.strip()
            lines = described(event, language)
            assert all(line.written and str(line.label) for line in lines)
            assert {"{{ user_name }}", "{{ brand }}"} <= {line.written for line in lines}

    def test_a_list_is_described_by_its_columns(self) -> None:
        with translation.override("fr"):
            lines = {line.written: line for line in described(catalogue["decision_letter"], "en")}
        assert "{% for row in scores %} … {% endfor %}" in lines
        assert lines["{{ row.label }}"].example == "Impact"
        assert lines["{{ row.mean }}"].example == "8.3"
        (choice,) = (line for line in lines.values() if "outcome" in line.written)
        assert choice.example == "Selected"
        assert choice.written.startswith('{{ outcome }}, {% if outcome == "selected" %} … {% elif')
        assert parse("decision_letter", Part.TEXT, choice.written).problems == []
