"""A challenge is written, approved by a second person, and published, in the administration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from wagtail.models import GroupPagePermission

from cms.dashboards.examples import preview_of
from cms.dashboards.tasks import publish_scheduled
from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.notifications.rendering import built_in
from pilots.domain.challenge import open_own_call
from pilots.enums import ChallengeState
from pilots.models import Challenge, Indicator, Pilot, Stage
from pilots.viewsets import ChallengeViewSet, PilotViewSet, StageViewSet
from tests import factories

pytestmark = pytest.mark.django_db
LIST_QUERIES = 14


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    """Demonstration accounts enter with their password alone, in development only."""
    settings.DEBUG = True


def name(action: str) -> str:
    found: str = ChallengeViewSet().get_url_name(action)
    return found


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields(**changes: Any) -> dict[str, Any]:
    base = {
        "title_fr": "Rendre les abribus lisibles",
        "title_en": "Make bus shelters readable",
        "slug": "abribus-lisibles",
        "summary_fr": "Une phrase.",
        "summary_en": "A sentence.",
        "problem_fr": "Le problème.",
        "problem_en": "The problem.",
        "wanted_fr": "Le résultat.",
        "wanted_en": "The result.",
        "trial_weeks": "16",
        "verdict_weeks": "8",
        "go_live_at": "",
        "expire_at": "",
    }
    return {**base, **changes}


@pytest.fixture
def author() -> User:
    return factories.manager(is_demo=True)


@pytest.fixture
def approver() -> User:
    return factories.make_user("approbation", roles.CHALLENGE_APPROVERS, is_demo=True)


def write(author: User) -> Challenge:
    response = signed(author).post(reverse(name("add")), fields())
    assert response.status_code == 302, response.context["form"].errors
    found: Challenge = Challenge.objects.get()
    return found


def submit(author: User, challenge: Challenge, **changes: Any) -> Any:
    address = reverse(name("edit"), args=[challenge.pk])
    return signed(author).post(address, fields(**{"action-submit": "1", **changes}))


def approve(user: User, challenge: Challenge) -> Any:
    challenge = Challenge.objects.get(pk=challenge.pk)
    state = challenge.current_workflow_task_state
    address = reverse(name("workflow_action"), args=[challenge.pk, "approve", state.pk])
    return signed(user).post(address)


def test_a_new_challenge_is_a_draft_with_a_call_of_its_own(author: User) -> None:
    challenge = write(author)
    assert (challenge.state, challenge.live) == (ChallengeState.DRAFT, False)
    assert challenge.stage is not None
    assert challenge.stage.criteria.count() == 4
    page = signed(author).get(reverse(name("edit"), args=[challenge.pk])).content.decode()
    assert "action-publish" not in page
    assert reverse(StageViewSet().get_url_name("edit"), args=[challenge.stage.pk]) in page


@pytest.mark.parametrize(("mode", "title"), [("fr", "abribus lisibles"), ("en", "bus shelters")])
def test_both_languages_are_previewed(author: User, mode: str, title: str) -> None:
    challenge = write(author)
    client = signed(author)
    address = reverse(name("preview_on_edit"), args=[challenge.pk])
    assert client.post(address, fields()).json()["is_valid"] is True
    shown = client.get(f"{address}?mode={mode}")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    html = shown.content.decode()
    assert f'<html lang="{mode}">' in html
    assert title in html


def test_who_wrote_does_not_approve_and_a_second_person_does(author: User, approver: User) -> None:
    challenge = write(author)
    assert submit(author, challenge).status_code == 302
    both = User.objects.get(pk=author.pk)
    both.groups.add(approver.groups.get())
    approve(both, challenge)
    assert Challenge.objects.get().state == ChallengeState.DRAFT
    approve(approver, challenge)
    published = Challenge.objects.select_related("call").get()
    assert (published.state, published.live) == (ChallengeState.PUBLISHED, True)
    assert published.reference == f"{timezone.localdate().year}-01"
    assert published.call is not None
    assert published.call.frozen_at is not None


def test_what_is_scheduled_is_published_at_its_time(author: User, approver: User) -> None:
    challenge = write(author)
    later = timezone.localtime() + timedelta(hours=2)
    submit(author, challenge, go_live_at=later.strftime("%Y-%m-%d %H:%M"))
    approve(approver, challenge)
    publish_scheduled()
    assert Challenge.objects.get().state == ChallengeState.DRAFT
    with freeze_time(later + timedelta(minutes=1)):
        assert Challenge.objects.get().state == ChallengeState.DRAFT
        publish_scheduled()
    found = Challenge.objects.select_related("call").get()
    assert (found.state, found.live) == (ChallengeState.PUBLISHED, True)
    assert found.call is not None
    assert found.call.frozen_at is not None
    actions = AuditEntry.objects.filter(object_type="pilots.challenge").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "challenge.drafted",
        "challenge.scheduled",
        "challenge.published",
    ]


def test_an_old_revision_does_not_turn_the_state_back(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    old = Challenge.objects.get().latest_revision
    approve(approver, challenge)
    Challenge.objects.get().latest_revision.publish()
    old.publish()
    assert Challenge.objects.get().state == ChallengeState.PUBLISHED


def test_dates_and_questions_stop_moving_once_published(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    approve(approver, challenge)
    stage = Challenge.objects.get().stage
    assert stage is not None
    before = stage.closes_at
    address = reverse(StageViewSet().get_url_name("edit"), args=[stage.pk])
    data = {"opens_at": "2030-01-01 09:00", "closes_at": "2030-02-01 17:00", "grace_minutes": "0"}
    for prefix in ("criteria", "questions"):
        data |= {
            f"{prefix}-TOTAL_FORMS": "0",
            f"{prefix}-INITIAL_FORMS": "0",
            f"{prefix}-MIN_NUM_FORMS": "0",
            f"{prefix}-MAX_NUM_FORMS": "1000",
        }
    response = signed(author).post(address, data)
    assert response.status_code == 200
    stage.refresh_from_db()
    assert stage.closes_at == before


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (roles.CHALLENGE_MANAGERS, {"pilots_challenge", "pilots_stage", "pilots_site"}),
        (roles.CHALLENGE_APPROVERS, {"pilots_challenge"}),
        (roles.PILOT_MANAGERS, {"pilots_pilot", "pilots_site", "pilots_permitrule"}),
        (
            roles.MODERATORS,
            {
                "startups_startup",
                "startups_solution",
                "startups_incubator",
                "startups_program",
            },
        ),
        (roles.FINANCE, set()),
    ],
)
def test_who_opens_what(role: str, allowed: set[str]) -> None:
    everything = {
        *(f"pilots_{m}" for m in ("challenge", "stage", "pilot", "site", "permitrule")),
        *(f"startups_{m}" for m in ("startup", "solution", "incubator", "program")),
    }
    client = signed(factories.make_user("x", role, is_demo=True))
    opened = {
        one
        for one in everything
        if client.get(reverse(f"wagtailsnippets_{one}:list")).status_code == 200
    }
    assert opened == allowed


def test_a_jury_member_never_enters(client: Client) -> None:
    client.force_login(factories.jury_member(is_demo=True))
    assert client.get("/admin/").status_code == 403


def test_administrators_read_the_audit_and_the_outbox() -> None:
    user = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True)
    client = signed(user)
    for address in ("/admin/audit/", "/admin/outbox/"):
        assert client.get(address).status_code == 200
    stranger = signed(factories.manager(is_demo=True))
    assert stranger.get("/admin/audit/").status_code == 302


def edit_page(user: User, challenge: Challenge) -> str:
    return signed(user).get(reverse(name("edit"), args=[challenge.pk])).content.decode()


def act(user: User, challenge: Challenge, action: str, **changes: Any) -> Any:
    """Approve or return from the page where one reads, the whole form sent along."""
    sent = {"action-workflow-action": "true", "workflow-action-name": action}
    address = reverse(name("edit"), args=[challenge.pk])
    return signed(user).post(address, fields(**sent, **changes))


def test_the_approver_reads_approves_on_the_same_page_and_changes_nothing(
    author: User, approver: User
) -> None:
    challenge = write(author)
    submit(author, challenge)
    page = edit_page(approver, challenge)
    assert 'data-workflow-action-name="approve"' in page
    assert "action-publish" not in page
    assert 'data-workflow-action-name="approve"' not in edit_page(author, challenge)
    response = act(approver, challenge, "approve", title_fr="Autre chose")
    assert response.status_code == 302
    published = Challenge.objects.get()
    assert (published.state, published.title_fr) == ("published", "Rendre les abribus lisibles")


def test_whoever_wrote_is_refused_the_page_of_approval(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    author.groups.add(approver.groups.get())
    state = Challenge.objects.get().current_workflow_task_state
    for view in ("workflow_action", "collect_workflow_action_data"):
        address = reverse(name(view), args=[challenge.pk, "approve", state.pk])
        assert signed(author).get(address).status_code == 302
        assert signed(approver).get(address).status_code == 200
    act(author, challenge, "approve")
    assert Challenge.objects.get().state == ChallengeState.DRAFT


def test_an_approver_who_writes_cannot_publish_alone(author: User, approver: User) -> None:
    challenge = write(author)
    assert "action-publish" not in edit_page(approver, challenge)
    address = reverse(name("edit"), args=[challenge.pk])
    signed(approver).post(address, fields(**{"action-publish": "1", "title_fr": "À moi seul"}))
    saved = Challenge.objects.get()
    assert (saved.state, saved.live, saved.title_fr) == ("draft", False, "À moi seul")
    submit(author, challenge)
    approve(approver, challenge)
    assert Challenge.objects.get().state == ChallengeState.DRAFT


def test_what_is_returned_can_be_written_and_submitted_again(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    assert (
        signed(author)
        .post(reverse(name("edit"), args=[challenge.pk]), fields(title_fr="Pendant la lecture"))
        .status_code
        == 200
    )
    act(approver, challenge, "reject", **{"workflow-action-extra-data": '{"comment": "Le lieu ?"}'})
    submit(author, challenge, title_fr="Rendre cent abribus lisibles")
    approve(approver, challenge)
    published = Challenge.objects.get()
    assert (published.state, published.title_fr) == ("published", "Rendre cent abribus lisibles")


def test_what_lacks_is_said_before_it_is_submitted(author: User) -> None:
    challenge = write(author)
    response = submit(author, challenge, problem_fr="", wanted_fr="")
    page = signed(author).get(response.url).content.decode()
    assert "«\N{NO-BREAK SPACE}Le problème\N{NO-BREAK SPACE}» est vide en français." in page
    saved = Challenge.objects.get()
    assert (saved.workflow_in_progress, saved.problem_fr) == (False, "")


def test_an_unsaved_challenge_is_previewed(author: User) -> None:
    client, address = signed(author), reverse(name("preview_on_add"))
    sites = [factories.make_site(name_fr="Rue du Banc").pk]
    assert client.post(address, fields(sites=sites)).json()["is_available"] is True
    html = client.get(f"{address}?mode=en").content.decode()
    assert "Make bus shelters readable" in html
    assert "Street" in html


def stage_fields(challenge: Challenge, **changes: Any) -> dict[str, Any]:
    """What the page of dates, questions and criteria sends, unchanged."""
    stage = challenge.stage
    assert stage is not None
    assert stage.opens_at is not None
    assert stage.closes_at is not None
    sent: dict[str, Any] = {
        "opens_at": timezone.localtime(stage.opens_at).strftime("%Y-%m-%d %H:%M"),
        "closes_at": timezone.localtime(stage.closes_at).strftime("%Y-%m-%d %H:%M"),
        "decision_by": str(stage.decision_by),
        "grace_minutes": "0",
        "is_blind": "on",
    }
    for prefix, names in (
        ("questions", ("label_fr", "label_en", "help_fr", "help_en", "kind", "max_words")),
        ("criteria", ("label_fr", "label_en", "guide_fr", "guide_en", "weight")),
    ):
        rows = list(getattr(stage, prefix).all())
        count = len(rows)
        sent |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
        for n, row in enumerate(rows):
            sent |= {f"{prefix}-{n}-id": row.pk, f"{prefix}-{n}-ORDER": n + 1}
            values = {one: getattr(row, one) for one in names}
            sent |= {f"{prefix}-{n}-{k}": "" if v is None else v for k, v in values.items()}
    return {**sent, **changes}


def write_stage(user: User, challenge: Challenge, **changes: Any) -> Any:
    assert challenge.stage is not None
    address = reverse(StageViewSet().get_url_name("edit"), args=[challenge.stage.pk])
    return signed(user).post(address, stage_fields(challenge, **changes))


def added_question(**values: Any) -> dict[str, Any]:
    row = {"kind": "choice", "ORDER": 6, "label_en": "", "help_fr": "", "help_en": "", **values}
    return {"questions-TOTAL_FORMS": 6, **{f"questions-5-{k}": v for k, v in row.items()}}


def test_a_new_question_receives_its_key_and_its_choices(author: User) -> None:
    challenge = write(author)
    choices = "Rue | Street\n\nParc"
    added = added_question(label_fr="Où installer ?", choices=choices, max_words="")
    assert write_stage(author, challenge, **added).status_code == 302
    assert challenge.stage is not None
    keys = [question.key for question in challenge.stage.questions.all()]
    assert keys == ["team", "solution", "maturity", "failure", "budget", "ou-installer"]
    assert challenge.stage.questions.get(key="ou-installer").choices == [
        {"value": "rue", "fr": "Rue", "en": "Street"},
        {"value": "parc", "fr": "Parc", "en": ""},
    ]
    page = signed(author).get(
        reverse(StageViewSet().get_url_name("edit"), args=[challenge.stage.pk])
    )
    assert "Rue | Street\nParc" in page.content.decode()


def test_dates_out_of_order_are_refused_beside_the_date(author: User) -> None:
    challenge = write(author)
    response = write_stage(author, challenge, closes_at="2020-01-01 17:00")
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["closes_at"]


def test_criteria_do_not_move_while_they_are_read(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    response = write_stage(author, challenge, grace_minutes="30")
    assert response.status_code == 200
    assert challenge.stage is not None
    challenge.stage.refresh_from_db()
    assert challenge.stage.grace_minutes == 0


def test_whoever_wrote_the_criteria_does_not_approve(author: User, approver: User) -> None:
    challenge = write(author)
    other = factories.manager(is_demo=True)
    other.groups.add(approver.groups.get())
    assert write_stage(other, challenge, grace_minutes="30").status_code == 302
    submit(author, challenge)
    approve(other, challenge)
    assert Challenge.objects.get().state == ChallengeState.DRAFT
    approve(approver, challenge)
    assert Challenge.objects.get().state == ChallengeState.PUBLISHED


def test_what_is_public_is_not_taken_down_nor_deleted(author: User, approver: User) -> None:
    challenge = write(author)
    submit(author, challenge)
    approve(approver, challenge)
    boss = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True, is_superuser=True)
    for action in ("unpublish", "delete"):
        signed(boss).post(reverse(name(action), args=[challenge.pk]))
    found = Challenge.objects.get()
    assert (found.live, found.state) == (True, ChallengeState.PUBLISHED)
    response = signed(author).post(
        reverse(name("edit"), args=[challenge.pk]), fields(slug="une-autre-adresse")
    )
    assert response.status_code == 302
    latest = Challenge.objects.get().get_latest_revision_as_object()
    assert latest.slug == "abribus-lisibles"


def test_the_list_asks_as_much_for_one_as_for_three(
    author: User, django_assert_num_queries: Any
) -> None:
    client, address = signed(author), reverse(name("list"))
    factories.make_challenge()
    client.get(address)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address)
    factories.make_challenge()
    factories.make_challenge()
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(address).content.decode().count("Défi numéro") >= 3


def test_a_pilot_keeps_its_plan_and_its_rows_when_its_words_are_published() -> None:
    pilot = factories.make_pilot(title_fr="Essai", hypothesis_fr="Avant")
    row = Indicator.objects.create(pilot=pilot, key="k", label_fr="Mesure", unit="h")
    user = factories.pilot_manager(is_demo=True)
    address = reverse(PilotViewSet().get_url_name("edit"), args=[pilot.pk])
    words = {"title_fr": "Essai de nuit", "title_en": "", "summary_fr": "", "summary_en": ""}
    words |= {"notice_fr": "", "notice_en": ""}
    assert signed(user).post(address, words).status_code == 302
    # Meanwhile the desk writes the plan and measures one thing more.
    Pilot.objects.filter(pk=pilot.pk).update(hypothesis_fr="Après")
    other = Indicator.objects.create(pilot=pilot, key="l", label_fr="Autre", unit="h")
    assert signed(user).post(address, {**words, "action-publish": "1"}).status_code == 302
    pilot = Pilot.objects.get(pk=pilot.pk)
    assert (pilot.title_fr, pilot.hypothesis_fr) == ("Essai de nuit", "Après")
    assert list(pilot.indicators.order_by("pk")) == [row, other]
    assert signed(user).get(reverse(PilotViewSet().get_url_name("add"))).status_code == 302


def test_what_has_lapsed_since_it_was_submitted_is_said_to_the_approver(
    author: User, approver: User
) -> None:
    challenge = write(author)
    submit(author, challenge)
    past = timezone.now() - timedelta(days=1)
    Stage.objects.update(opens_at=past - timedelta(days=9), questions_until=None, closes_at=past)
    for attempt in (act(approver, challenge, "approve"), approve(approver, challenge)):
        assert attempt.status_code == 302
        page = signed(approver).get(attempt.url)
        assert page.status_code == 200
    found = Challenge.objects.get()
    assert (found.workflow_in_progress, found.live) == (True, False)


@pytest.mark.parametrize("mode", ["fr", "en"])
def test_a_pilot_is_previewed(mode: str) -> None:
    pilot = factories.make_pilot()
    client = signed(factories.pilot_manager(is_demo=True))
    address = reverse(PilotViewSet().get_url_name("preview_on_edit"), args=[pilot.pk])
    words = {"summary_fr": "", "summary_en": "", "notice_fr": "", "notice_en": ""}
    words |= {"title_fr": "Essai de nuit", "title_en": "Trial by night"}
    assert client.post(address, words).json()["is_valid"] is True
    shown = client.get(f"{address}?mode={mode}")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    html = shown.content.decode()
    assert f'<html lang="{mode}">' in html
    assert {"fr": "Essai de nuit", "en": "Trial by night"}[mode] in html


@pytest.mark.parametrize("role", roles.ADMIN_DOOR)
def test_everyone_with_the_door_has_a_first_page(author: User, role: str) -> None:
    submit(author, write(author))
    page = signed(factories.make_user("x", role, is_demo=True)).get("/admin/")
    assert page.status_code == 200
    waits = "Rendre les abribus lisibles" in page.content.decode()
    assert waits is (role == roles.CHALLENGE_APPROVERS)


def test_moderators_do_not_write_pages_and_administrators_see_the_workflows() -> None:
    assert not GroupPagePermission.objects.filter(group__name=roles.MODERATORS).exists()
    client = signed(factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True))
    for address in ("/admin/workflows/list/", "/admin/groups/", "/admin/users/"):
        assert client.get(address).status_code == 200


def test_one_that_lapsed_does_not_keep_the_next_from_its_hour(author: User, approver: User) -> None:
    later = timezone.localtime() + timedelta(hours=2)
    when = later.strftime("%Y-%m-%d %H:%M")
    challenge = write(author)
    submit(author, challenge, go_live_at=when)
    approve(approver, challenge)
    other = Challenge.objects.create(
        slug="autre", title_fr="Autre", summary_fr="x", problem_fr="x", wanted_fr="x", live=False
    )
    open_own_call(challenge=other, actor=author, now=timezone.now())
    other = Challenge.objects.get(pk=other.pk)
    other.go_live_at = later + timedelta(minutes=1)
    other.save_revision(user=author).publish(user=approver)
    past = timezone.now() - timedelta(days=1)
    Stage.objects.filter(call=challenge.call).update(
        opens_at=past - timedelta(days=9), questions_until=None, closes_at=past
    )
    with freeze_time(later + timedelta(hours=1)):
        publish_scheduled()
        publish_scheduled()
    lapsed, shown = Challenge.objects.order_by("pk")
    assert (lapsed.state, lapsed.scheduled_revision) == (ChallengeState.DRAFT, None)
    assert (shown.state, shown.live) == (ChallengeState.PUBLISHED, True)


def test_an_approval_is_asked_for_and_answered_by_mail(author: User, approver: User) -> None:
    english = factories.make_user(
        "approver", roles.CHALLENGE_APPROVERS, is_demo=True, language="en"
    )
    author.groups.add(approver.groups.get())  # who wrote it is not asked
    challenge = write(author)
    submit(author, challenge)
    asked = {m.to_email: m for m in Message.objects.filter(event="approval_asked")}
    assert sorted(asked) == sorted([approver.email, english.email])
    assert asked[approver.email].subject == (
        "À approuver\u00a0: «\u00a0Rendre les abribus lisibles\u00a0»"
    )
    assert asked[english.email].subject == "To approve: “Make bus shelters readable”"
    edit = reverse(name("edit"), args=[challenge.pk])
    assert edit in asked[english.email].text
    act(approver, challenge, "reject", **{"workflow-action-extra-data": '{"comment": "Le lieu ?"}'})
    _is_the_example(asked[english.email], "To approve")
    returned = Message.objects.get(event="approval_answered")
    _is_the_example(returned, "Le lieu ?")
    assert (returned.to_email, "Le lieu ?" in returned.text) == (author.email, True)
    submit(author, challenge)
    approve(english, challenge)
    last = Message.objects.filter(event="approval_answered").latest("pk")
    assert last.subject == "Approuvé\u00a0: «\u00a0Rendre les abribus lisibles\u00a0»"
    assert mail.outbox == []  # none goes beside the outbox


def _is_the_example(sent: Message, said: str) -> None:
    """Staff see it beside the words they change."""
    reader = factories.make_user(f"reader-{sent.pk}", roles.ADMINISTRATORS, is_demo=True)
    event, words = catalogue[sent.event], built_in(sent.event, sent.language)
    seen = preview_of(event, words, sent.language, reader)
    assert (seen.is_real, seen.subject) == (True, sent.subject)
    assert said in sent.subject + sent.text
    assert said in seen.subject + seen.text
