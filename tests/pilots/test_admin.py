"""A challenge is written, approved by a second person, and published, in the administration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import User
from pilots.enums import ChallengeState
from pilots.models import Challenge
from pilots.viewsets import ChallengeViewSet, StageViewSet
from tests import factories

pytestmark = pytest.mark.django_db


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
    html = client.get(f"{address}?mode={mode}").content.decode()
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
    call_command("publish_scheduled")
    assert Challenge.objects.get().state == ChallengeState.DRAFT
    revision = Challenge.objects.get().scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert Challenge.objects.get().state == ChallengeState.PUBLISHED


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
    assert client.get("/admin/").status_code == 302


def test_administrators_read_the_audit_and_the_outbox() -> None:
    user = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True)
    client = signed(user)
    for address in ("/admin/audit/", "/admin/outbox/"):
        assert client.get(address).status_code == 200
    stranger = signed(factories.manager(is_demo=True))
    assert stranger.get("/admin/audit/").status_code == 302
