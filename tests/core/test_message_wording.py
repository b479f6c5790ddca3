"""Staff write the words of messages: what is sent, kept, refused, and who changed it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.exceptions import NotAllowed
from core.notifications.models import MessageTemplate
from core.notifications.outbox import queue_message
from core.notifications.rendering import Words, built_in, render, words_for
from core.notifications.safe_templates import Part
from core.notifications.wording import (
    Standing,
    WordsChanged,
    WordsRefused,
    _first_row,
    fingerprint,
    reset_words,
    save_words,
    standing,
)
from tests import factories

pytestmark = pytest.mark.django_db
EVENT = "pilot_started"
CONTEXT = {"title_fr": "Rue claire", "title_en": "Clear street", "slug": "rue-claire"}
MINE = Words(
    "Ça commence\u00a0: {{ title }}\n",
    "Bonjour,\n\n{{ title }}\n{{ link }}\n",
    '<p>Bonjour,</p>\n<p><a href="{{ link }}">{{ title }}</a></p>\n',
)


@pytest.fixture
def editor() -> User:
    return factories.make_user("redaction", roles.EDITORS)


def save(editor: User, words: Words = MINE, seen: str = "", language: str = "fr") -> Standing:
    return save_words(
        event=EVENT,
        language=language,
        words=words,
        seen=seen or standing(EVENT, language).fingerprint,
        actor=editor,
        now=timezone.now(),
    )


def reset(editor: User, seen: str = "") -> Standing:
    return reset_words(
        event=EVENT,
        language="fr",
        seen=seen or standing(EVENT, "fr").fingerprint,
        actor=editor,
        now=timezone.now(),
    )


def lines() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action__startswith="message_words").order_by("sequence"))


class TestSaving:
    def test_what_is_saved_is_what_is_sent(self, editor: User) -> None:
        save(editor)
        reader = factories.make_user("lectrice")
        message = queue_message(key="a", event=EVENT, to=reader, context=CONTEXT)
        assert message.subject == "Ça commence\u00a0: Rue claire"
        assert message.text.startswith("Bonjour,\n\nRue claire\nhttp://localhost:8000/fr/")
        assert '/rue-claire/">Rue claire</a></p>' in message.html
        assert "Banc d’essai, Ville de Montréal" in message.html
        # The other language is as it was.
        assert render(EVENT, CONTEXT, "en")[0] == built_in(EVENT, "en").subject.strip()

    def test_a_message_already_written_does_not_change(self, editor: User) -> None:
        reader = factories.make_user("lectrice")
        before = queue_message(key="a", event=EVENT, to=reader, context=CONTEXT)
        save(editor)
        after = queue_message(key="a", event=EVENT, to=reader, context=CONTEXT)
        assert (after.pk, after.subject) == (before.pk, "Votre essai a commencé")

    def test_it_leaves_a_line_with_before_and_after(self, editor: User) -> None:
        kept = save(editor)
        (line,) = lines()
        assert (line.action, line.actor_id) == ("message_words.changed", editor.pk)
        assert line.object_id == str(kept.row.pk if kept.row else "")
        assert line.public["before"]["subject"] == built_in(EVENT, "fr").subject
        assert line.public["after"] == MINE._asdict()
        assert (line.public["event"], line.public["language"]) == (EVENT, "fr")

    def test_only_what_changed_is_in_the_line(self, editor: User) -> None:
        save(editor)
        save(editor, MINE._replace(subject="Autre objet\n"))
        assert lines()[1].public["before"] == {"subject": MINE.subject}
        assert lines()[1].public["after"] == {"subject": "Autre objet\n"}

    def test_the_same_words_again_change_nothing(self, editor: User) -> None:
        save(editor)
        first = MessageTemplate.objects.get()
        save(editor)
        assert MessageTemplate.objects.get().changed_at == first.changed_at
        assert len(lines()) == 1

    def test_the_built_in_words_leave_no_row(self, editor: User) -> None:
        save(editor)
        save(editor, built_in(EVENT, "fr"))
        assert MessageTemplate.objects.count() == 0
        assert [line.action for line in lines()][-1] == "message_words.reset"

    def test_line_breaks_and_what_is_unseen_are_tidied_and_hard_spaces_stay(
        self, editor: User
    ) -> None:
        typed = MINE._replace(
            subject="  Ça\u00a0: {{ title }}\x00\u202e ",
            text=MINE.text.replace("\n", "\r\n") + "\r\n\r\n",
        )
        kept = save(editor, typed)
        assert kept.words == MINE._replace(subject="Ça\u00a0: {{ title }}\n")

    def test_what_cannot_be_sent_is_refused_with_its_lines(self, editor: User) -> None:
        bad = Words("Objet {{ rien }}", "{{ title }}\n{{ link }}\n{% if x %}", "<p>{{ title }}")
        with pytest.raises(WordsRefused) as caught:
            save(editor, bad)
        assert caught.value.problems == {
            Part.SUBJECT: ["Ligne 1\u00a0: la variable «\u00a0rien\u00a0» est inconnue."],
            Part.TEXT: ["Ligne 3\u00a0: la balise «\u00a0if\u00a0» n’est jamais fermée."],
            Part.HTML: ["Ligne 1\u00a0: <p> n’est pas fermée là où il le faut."],
        }
        assert MessageTemplate.objects.count() == 0
        assert lines() == []

    @pytest.mark.parametrize("role", [roles.CHALLENGE_MANAGERS, roles.MODERATORS, roles.FINANCE])
    def test_only_editors_and_administrators_write(self, role: str) -> None:
        with pytest.raises(NotAllowed):
            save(factories.make_user("autre", role))
        with pytest.raises(NotAllowed):
            reset(factories.make_user("autre", role))
        save(factories.make_user("admin", roles.ADMINISTRATORS))

    def test_an_event_that_is_none(self, editor: User) -> None:
        with pytest.raises(KeyError):
            standing("rien", "fr")


class TestReset:
    def test_the_built_in_words_are_back(self, editor: User) -> None:
        save(editor)
        assert reset(editor).row is None
        assert words_for(EVENT, "fr") == built_in(EVENT, "fr")
        assert [line.action for line in lines()] == ["message_words.changed", "message_words.reset"]
        assert lines()[1].public["before"] == MINE._asdict()

    def test_twice_is_once(self, editor: User) -> None:
        save(editor)
        reset(editor)
        reset(editor)
        assert len(lines()) == 2


class TestTwoPeople:
    def test_what_another_saved_is_not_replaced_in_silence(self, editor: User) -> None:
        seen = standing(EVENT, "fr").fingerprint
        other = factories.make_user("admin", roles.ADMINISTRATORS)
        save(other, MINE, seen)
        yours = MINE._replace(subject="Le mien\n")
        with pytest.raises(WordsChanged) as caught:
            save(editor, yours, seen)
        theirs = caught.value.theirs
        assert theirs.words == MINE
        assert theirs.row is not None
        assert theirs.row.changed_by == other
        # Having read them, one may.
        assert save(editor, yours, theirs.fingerprint).words == yours

    def test_nor_after_a_reset_and_another_change(self, editor: User) -> None:
        save(editor)
        seen = fingerprint(MINE)
        reset(editor)
        save(editor, MINE._replace(subject="Tout autre\n"))
        with pytest.raises(WordsChanged):
            save(editor, MINE._replace(text=MINE.text + "Fin\n"), seen)
        with pytest.raises(WordsChanged):
            reset(editor, seen)

    def test_the_database_keeps_one_row(self, editor: User) -> None:
        save(editor)
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageTemplate.objects.create(
                event=EVENT, language="fr", **MINE._asdict(), changed_at=timezone.now()
            )


def test_who_writes_the_first_change_a_moment_later_is_told(editor: User) -> None:
    """Both read that there was no row; the database lets one of them make it."""
    save(editor)
    with pytest.raises(WordsChanged) as caught:
        _first_row(EVENT, "fr", {**MINE._asdict(), "changed_at": timezone.now()})
    assert caught.value.theirs.words == MINE
    assert MessageTemplate.objects.count() == 1


def test_the_next_message_says_it_once_the_change_is_committed(
    editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert words_for(EVENT, "fr") == built_in(EVENT, "fr")
    with django_capture_on_commit_callbacks(execute=True):
        save(editor)
        assert words_for(EVENT, "fr") == built_in(EVENT, "fr")
    assert words_for(EVENT, "fr") == MINE
    with django_capture_on_commit_callbacks(execute=True):
        reset(editor)
    assert words_for(EVENT, "fr") == built_in(EVENT, "fr")


def test_words_that_no_longer_hold_give_way_to_the_built_in_ones(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As after a new version that dropped a variable."""
    MessageTemplate.objects.create(
        event=EVENT,
        language="fr",
        changed_at=timezone.now(),
        **MINE._replace(text="{{ dropped }} {{ user.password }}")._asdict(),
    )
    subject, text, _html = render(EVENT, CONTEXT, "fr")
    assert subject == "Votre essai a commencé"
    assert "password" not in text
    assert "no longer hold" in caplog.text


def test_many_messages_ask_the_database_once(django_assert_num_queries: Any) -> None:
    render(EVENT, CONTEXT, "fr")
    with django_assert_num_queries(0):
        for _each in range(20):
            render(EVENT, CONTEXT, "fr")
