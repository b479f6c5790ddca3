"""A person is erased: what goes, what stays, what refuses it, and the audit still verifies."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Task
from wagtail.users.models import UserProfile

from core import queue, registry
from core.accounts import roles
from core.accounts.domain.invitations import decline_invitation, invite
from core.accounts.domain.ownership import offer_ownership
from core.accounts.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OwnershipOffer,
    Role,
    User,
)
from core.audit import log
from core.audit.models import AuditEntry, AuditPrivate, PersonKey
from core.audit.verify import verify_chain
from core.drafts.models import DraftValue, DraftVersion
from core.exceptions import NotAllowed
from core.following.models import Consent, Follow, Follower
from core.notifications.enums import MessageState
from core.notifications.models import Message
from core.privacy import tasks
from core.privacy.domain import erasure, exports
from core.privacy.models import DataExport, Erasure
from pilots.domain import jury
from pilots.models import Assignment, Conflict
from tests import factories
from tests.core.privacy.conftest import Life, in_the_queue, message, through_worker
from tests.pilots.decisions import CLOSED, evaluate, make_closed, seats

pytestmark = pytest.mark.django_db
SHOWN_BEFORE = ("messages", "organisations", "account", "drafts", "files", "audit")


@pytest.fixture
def free(life: Life) -> Life:
    """The same life, with a second owner who stays."""
    Membership.objects.create(
        user=factories.make_user("Cy"), organisation=life.startup.organisation, role=Role.OWNER
    )
    return life


def erase(person: User) -> Erasure:
    return erasure.erase_person(person=person, actor=person, now=timezone.now())


def everywhere(text: str) -> list[str]:
    """Tables and columns of the whole database in which ``text`` still stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                column = connection.ops.quote_name(field.column)
                table = connection.ops.quote_name(model._meta.db_table)
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SELECT COUNT(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE %s",  # noqa: S608
                        [f"%{text}%"],
                    )
                    if cursor.fetchone()[0]:
                        found.append(f"{model._meta.label}.{field.name}")
    return found + in_the_queue(text)


def test_nothing_in_the_database_names_the_person_any_more(free: Life) -> None:
    person = free.person
    User.objects.filter(pk=person.pk).update(name="Anastasia Ondoyante")
    person.refresh_from_db()
    address = person.email
    message(person, "hello", MessageState.SENT, text="Bonjour Anastasia Ondoyante")
    through_worker()  # what the verbs have asked of the worker bears no name either
    assert "accounts.User.email" in everywhere(address)
    assert "notifications.Message.text" in everywhere(address)  # the owners were told who asks
    erase(person)
    through_worker()
    queue.drain()  # the mails
    assert tasks.tidy() == 1  # the last mail has left
    assert everywhere(address) == []
    assert everywhere("Ondoyante") == []
    assert everywhere("@SUM(A1:A9)") == []


@pytest.mark.parametrize("fails", [False, True])
def test_the_queue_never_knew_the_address_that_was_typed(
    free: Life, client: Client, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    def fail(**values: Any) -> None:
        raise RuntimeError

    address, now = free.person.email, timezone.now()
    queue.enqueue("builtins.len", address)  # that it would be seen
    assert in_the_queue(address) == ["django_q.OrmQ.payload"]
    through_worker()
    assert in_the_queue(address) == ["django_q.Task.args"]
    Task.objects.all().delete()
    before = Follower.objects.create(email=address, language="fr", created_at=now)
    Follow.objects.create(
        follower=before, kind="theme", slug="neige", asked_at=now, confirmed_at=now
    )
    if fails:
        monkeypatch.setattr("core.following.domain.following.send_page_link", fail)
    for typed in (address, "inconnue@maison.example"):
        client.post(reverse("follow_link"), {"email": typed})
        assert in_the_queue(typed) == []
    through_worker()
    kept = list(Task.objects.order_by("started").values_list("func", "args", "success"))
    name = "core.following.tasks.send_page_link"
    assert kept == [(name, (before.pk, "fr"), not fails), (name, (0, "fr"), True)]
    assert Message.objects.filter(event="follow_page", to_email=address).count() == (not fails)
    assert in_the_queue(address) == in_the_queue("inconnue@") == []


def test_the_account_is_a_number(free: Life) -> None:
    person = free.person
    person.groups.add(*factories.manager().groups.all())
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    UserProfile.get_for_user(person)
    erase(person)
    found = User.objects.get(pk=person.pk)
    assert found.name == str(found) == f"Personne {person.pk}"
    assert found.email == f"personne-{person.pk}@efface.invalid"
    assert (found.is_active, found.is_staff, found.time_zone) == (False, False, "")
    assert not found.has_usable_password()
    assert not found.groups.exists()
    for model in (EmailAddress, Authenticator, UserSession, UserProfile, Membership):
        assert not model.objects.filter(user=person).exists(), model
    # The address is free for whoever has it.
    User.objects.create_user(free.person.email, "motdepasse")


def test_the_audit_keeps_the_number_and_loses_the_rest(free: Life) -> None:
    person = free.person
    before = AuditEntry.objects.filter(actor_id=person.pk).count()
    assert PersonKey.objects.filter(user_id=person.pk).exists()
    erased = erase(person)
    assert AuditEntry.objects.filter(actor_id=person.pk).count() > before
    assert not PersonKey.objects.filter(user_id=person.pk).exists()
    assert not AuditPrivate.objects.filter(subject_id=person.pk).exists()
    assert verify_chain().broken == ""
    last = AuditEntry.objects.order_by("-sequence")[0]
    assert (last.action, last.actor_id, last.private_digest) == ("person.erased", person.pk, "")
    assert last.public["counts"] == erased.counts
    assert erased.counts["audit"] == 1
    # The digest of what is gone stays in its line: it proves that the line was not written after.
    asked = AuditEntry.objects.get(action="join_request.asked")
    assert len(asked.private_digest) == 64


def test_public_and_submitted_things_stay_with_the_organisation(free: Life) -> None:
    frozen = free.submitted.__class__.objects.get(pk=free.submitted.pk).frozen
    erase(free.person)
    free.submitted.refresh_from_db()
    assert free.submitted.frozen == frozen
    assert free.submitted.organisation == free.startup.organisation
    assert str(free.submitted.submitted_by) == f"Personne {free.person.pk}"
    free.file.refresh_from_db()
    assert free.file.organisation == free.startup.organisation
    assert free.file.file.storage.exists(free.file.file.name)


def test_drafts_keep_their_last_version_only(free: Life) -> None:
    from pilots.domain import application as applications

    applications.save_answer(
        application=free.draft,
        key="team",
        value="Mieux dit.",
        base_version=1,
        actor=free.person,
        now=timezone.now(),
    )
    erase(free.person)
    scope = free.draft.draft_scope
    assert DraftValue.objects.get(scope=scope, field="team").value == "Mieux dit."
    versions = DraftVersion.objects.filter(scope=scope, field="team")
    assert [row.value for row in versions] == ["Mieux dit."]


def test_what_has_not_left_is_cancelled_and_the_goodbye_leaves(free: Life) -> None:
    address = free.person.email
    message(free.person, "queued", MessageState.QUEUED)
    queue.drain()
    message(free.person, "held2", MessageState.HELD)
    mail.outbox.clear()
    erase(free.person)
    states = dict(Message.objects.values_list("key", "state"))
    assert (states["held"], states["held2"]) == (MessageState.CANCELLED, MessageState.CANCELLED)
    queue.drain()
    (goodbye,) = mail.outbox
    assert goodbye.to == [address]
    assert goodbye.subject == "Your account is erased"
    assert "vieprivee@ville.example" in goodbye.body
    assert tasks.tidy() == 1
    assert tasks.tidy() == 0
    row = Message.objects.get(event="account_erased")
    assert (row.to_email, row.text, row.state) == (
        "message@efface.invalid",
        "",
        MessageState.SENT,
    )


def test_a_copy_that_is_offered_goes_and_one_being_made_is_not_offered(
    free: Life, private_root: Any, django_capture_on_commit_callbacks: Any
) -> None:
    now = timezone.now()
    exports.ask_for_export(actor=free.person, now=now)
    queue.drain()
    pending = exports.ask_for_export(actor=free.person, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        erase(free.person)
    queue.drain()
    pending.refresh_from_db()
    assert pending.state == "failed"
    assert set(DataExport.objects.values_list("state", flat=True)) == {"failed", "removed"}
    assert [p for p in private_root.rglob("*") if p.is_file()] == []


def test_an_archive_finished_after_the_erasure_is_not_offered(
    free: Life, private_root: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = exports.ask_for_export(actor=free.person, now=timezone.now())

    def erased_meanwhile(user: User) -> list[Any]:
        erase(User.objects.get(pk=user.pk))
        return []

    last = registry.Exporter(label="L", about="A", fields=("a",), rows=erased_meanwhile)
    monkeypatch.setitem(registry.exporters._entries, "last", last)
    export = DataExport.objects.get(pk=export.pk)
    exports.make_export(export=export, now=timezone.now())
    export.refresh_from_db()
    assert export.state == "failed"
    assert [p for p in private_root.rglob("*") if p.is_file()] == []
    assert not Message.objects.filter(event="data_export_ready").exists()


def test_the_last_owner_is_refused_with_the_names(life: Life) -> None:
    factories.make_startup(life.person, name="x")
    names = sorted(m.organisation.name for m in life.person.memberships.all())
    with pytest.raises(erasure.ErasureRefused) as refusal:
        erase(life.person)
    (problem,) = refusal.value.problems
    assert ", ".join(names) in problem
    assert "Cédez chacune" in problem
    life.person.refresh_from_db()
    assert life.person.is_active
    assert not Erasure.objects.exists()
    # Another owner who has left the site does not count.
    gone = factories.make_user("Parti", is_active=False)
    for membership in life.person.memberships.all():
        Membership.objects.create(user=gone, organisation=membership.organisation, role=Role.OWNER)
    with pytest.raises(erasure.ErasureRefused):
        erase(life.person)


def test_a_closed_organisation_holds_nobody(life: Life) -> None:
    Organisation.objects.filter(pk=life.startup.organisation_id).update(closed_at=timezone.now())
    erase(life.person)
    assert not Membership.objects.filter(user=life.person).exists()


def test_invitations_and_offers_come_to_nothing_and_forget_the_address(free: Life) -> None:
    now = timezone.now()
    there = free.other.memberships.get().organisation
    for organisation in (there, factories.make_startup(free.other).organisation):
        invite(
            organisation=organisation,
            email=free.person.email,
            role=Role.VIEWER,
            actor=free.other,
            now=now,
        )
    answered = Invitation.objects.order_by("pk")[0]
    decline_invitation(invitation=answered, actor=free.person, now=now)
    third = factories.make_user("Di")
    Membership.objects.create(user=third, organisation=free.startup.organisation, role=Role.EDITOR)
    offer_ownership(
        organisation=free.startup.organisation,
        to=third,
        stays_owner=False,
        actor=free.person,
        now=now,
    )
    queue.drain()
    address = free.person.email
    erase(free.person)
    queue.drain()
    tasks.tidy()
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["declined", "lapsed"]
    assert OwnershipOffer.objects.get().state == "lapsed"
    assert everywhere(address) == []
    assert verify_chain().broken == ""


def test_what_was_followed_before_the_account_goes_too(free: Life) -> None:
    now = timezone.now()
    person = free.person
    before = Follower.objects.create(email=person.email, language="fr", created_at=now)
    Follow.objects.create(follower=before, kind="theme", slug="neige", asked_at=now)
    for who in ({"email": person.email}, {"user": person}, {"email": "autre@exemple.ca"}):
        Consent.objects.create(
            act="given",
            way="link",
            kind="theme",
            slug="neige",
            text="Oui",
            language="fr",
            at=now,
            **who,
        )
    erase(person)
    assert not Follower.objects.exists()
    kept = list(Consent.objects.order_by("pk").values_list("email", "user", "text"))
    assert kept == [("", None, "Oui"), ("", None, "Oui"), ("autre@exemple.ca", None, "Oui")]


def test_the_last_administrator_is_refused() -> None:
    first = factories.make_user("Une", roles.ADMINISTRATORS)
    with pytest.raises(erasure.ErasureRefused, match="ne peut pas encore"):
        erase(first)
    factories.make_user("Deux", roles.ADMINISTRATORS)
    assert erase(first).person_number == first.pk


def test_only_the_person_erases_themself(free: Life) -> None:
    admin = factories.make_user("admin", roles.ADMINISTRATORS)
    with pytest.raises(NotAllowed):
        erasure.erase_person(person=free.person, actor=admin, now=timezone.now())


def test_a_second_call_finds_it_done(free: Life) -> None:
    assert erase(free.person) == erase(free.person)
    assert AuditEntry.objects.filter(action="person.erased").count() == 1


def test_requests_to_join_are_taken_back(free: Life) -> None:
    erase(free.person)
    request = JoinRequest.objects.get(person=free.person)
    assert (request.state, request.message) == ("withdrawn", "")


def test_a_jury_member_hands_back_what_is_open_and_keeps_what_is_handed_in() -> None:
    closed = make_closed()
    member = closed.jurors[0]
    seat = seats(closed)[0]
    excluded = closed.applications[2].organisation
    jury.declare_conflicts(
        juror=seat,
        organisations=[excluded.pk],
        reason="Ma sœur y travaille.",
        actor=member,
        now=CLOSED,
    )
    jury.assign_applications(stage=closed.stage, actor=closed.manager, now=CLOSED)
    first, second = Assignment.objects.assigned_to(member).order_by("pk")
    evaluate(first, 7)
    erase(member)
    for assignment in (first, second):
        assignment.refresh_from_db()
    assert (first.state, second.state) == ("submitted", "declined")
    assert first.review.comment_to_applicant == "Un mot."
    assert str(first.juror) == f"Personne {member.pk}"
    declared = Conflict.objects.get(juror=seat, origin="declared")
    assert (declared.reason, declared.organisation) == ("", excluded)
    assert verify_chain().broken == ""


def sign_in(client: Client, person: User) -> None:
    """As by password a moment ago: what a login writes in the session."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email}
    ]
    session.save()


def test_from_the_page_to_the_last_page(free: Life, client: Client) -> None:
    sign_in(client, free.person)
    other_device = Client()
    other_device.force_login(free.person)
    assert other_device.get(reverse("workspace")).status_code == 200
    page = client.get(reverse("erase_me")).content.decode()
    for name in SHOWN_BEFORE:
        eraser = registry.erasers[name]
        for words in (eraser.removed, eraser.kept):
            assert str(words) in page or not words, name
    wrong = client.post(reverse("erase_me"), {"word": "oui"})
    assert wrong.status_code == 422
    assert "Rien n’a été effacé" in wrong.content.decode()
    assert not Erasure.objects.exists()
    done = client.post(reverse("erase_me"), {"word": " Effacer "}, follow=True)
    assert done.redirect_chain == [(reverse("erased"), 302)]
    assert "Votre compte est effacé" in done.content.decode()
    for device in (client, other_device):
        assert device.get(reverse("workspace")).status_code == 302
    assert Erasure.objects.get().person_number == free.person.pk


def test_it_asks_who_it_is_when_that_was_long_ago(free: Life, client: Client) -> None:
    client.force_login(free.person)
    response = client.post(reverse("erase_me"), {"word": "effacer"})
    assert response.status_code == 302
    assert "reauthenticate" in response.headers["Location"]
    assert not Erasure.objects.exists()


def test_the_page_says_who_cannot_yet(life: Life, client: Client) -> None:
    sign_in(client, life.person)
    page = client.get(reverse("erase_me")).content.decode()
    assert life.startup.organisation.name in page
    assert 'name="word"' not in page
    refused = client.post(reverse("erase_me"), {"word": "effacer"})
    assert refused.status_code == 409
    assert not Erasure.objects.exists()


def test_every_sentence_of_every_eraser_is_in_both_languages() -> None:
    from django.utils import translation

    for eraser in registry.erasers:
        for words in (eraser.label, eraser.removed, eraser.kept):
            if not words:
                continue
            with translation.override("en"):
                english = str(words)
            with translation.override("fr"):
                french = str(words)
            assert english
            assert french
            assert english != french or len(english) < 15, english
        assert eraser.removed or eraser.kept


def test_an_erased_person_leaves_no_key_even_when_written_about_later(free: Life) -> None:
    erase(free.person)
    log.record(
        actor=None,
        action="thing.done",
        target=free.person,
        public={"n": 1},
        now=timezone.now() + timedelta(days=1),
    )
    assert not PersonKey.objects.filter(user_id=free.person.pk).exists()
    assert verify_chain().broken == ""


def test_what_a_restored_backup_brings_back_goes_again(free: Life, tmp_path: Path) -> None:
    out = StringIO()
    erase(free.person)
    call_command("erasures", stdout=out)
    assert out.getvalue().split()[0] == str(free.person.pk)
    kept = tmp_path / "numbers"
    kept.write_text(out.getvalue() + f"{free.other.pk} 2026-11-25\n")
    # The backup is older than the erasure: the person is there, and so is their key.
    Erasure.objects.all().delete()
    User.objects.filter(pk=free.person.pk).update(name="Ana", email="ana@exemple.ca")
    Message.objects.all().delete()
    with pytest.raises(CommandError, match=f"{free.other.pk}: .*propriétaire"):
        call_command("erasures", again=str(kept), stdout=out)
    assert out.getvalue().strip().endswith("1 erased again, 0 already.")
    assert User.objects.get(pk=free.person.pk).name == f"Personne {free.person.pk}"
    assert User.objects.get(pk=free.other.pk).is_active
    assert not Message.objects.exists()
    assert verify_chain().broken == ""


def test_a_list_that_is_none_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "numbers").write_text("12; DROP\nana@exemple.ca\n")
    with pytest.raises(CommandError, match="number of a person"):
        call_command("erasures", again=str(tmp_path / "numbers"))
