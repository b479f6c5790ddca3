"""“Tell me when it opens”: once to each follower of the program or of who runs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import startups.news
from core import queue
from core.following.models import Follow, Follower, Happening
from core.following.targets import find_target
from core.notifications.models import Message
from startups.enums import ListingState
from startups.models import Incubator, Intake, Program
from tests import factories
from tests.startups.rows import make_intake, make_program

pytestmark = pytest.mark.django_db


def follower(email: str, *things: tuple[str, str]) -> None:
    long_ago = timezone.now() - timedelta(days=20)
    made = Follower.objects.create(email=email, language="en", created_at=long_ago)
    for kind, slug in things:
        Follow.objects.create(
            follower=made, kind=kind, slug=slug, asked_at=long_ago, confirmed_at=long_ago
        )


def look() -> list[tuple[str, str]]:
    """Look twice, as the queue does; who was written to, and what."""
    for _n in range(2):
        startups.news.look()
        queue.drain()
    found = Message.objects.filter(event="follow_news").order_by("pk")
    return list(found.values_list("to_email", "subject"))


@pytest.fixture
def program() -> Program:
    return make_program()


def test_who_follows_both_reads_it_once(program: Program) -> None:
    follower("programme@x.example", ("program", program.slug))
    follower("maison@x.example", ("incubator", program.incubator.slug))
    follower("deux@x.example", ("program", program.slug), ("incubator", program.incubator.slug))
    follower("autre@x.example", ("program", make_program().slug))
    make_intake(program)
    said = f"Intake open: {program.name_en}"
    assert look() == [
        ("programme@x.example", said),
        ("maison@x.example", said),
        ("deux@x.example", said),
    ]


def test_dates_that_move_open_it_once(program: Program) -> None:
    follower("a@x.example", ("program", program.slug))
    intake = make_intake(program)
    assert len(look()) == 1
    now = timezone.now()
    Intake.objects.filter(pk=intake.pk).update(opens_at=now + timedelta(days=1))
    assert len(look()) == 1
    Intake.objects.filter(pk=intake.pk).update(opens_at=now - timedelta(hours=1))
    # Also once what was noted lately no longer holds it.
    Happening.objects.update(noted_at=now - timedelta(days=30))
    assert len(look()) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_at": timezone.now() - timedelta(days=9)},
        {"opens_at": None, "closes_at": None, "is_rolling": True},
    ],
)
def test_what_is_announced_late_or_rolling_opens_as_it_is_announced(
    program: Program, fields: dict[str, Any]
) -> None:
    follower("a@x.example", ("program", program.slug))
    make_intake(program, **fields)
    assert len(look()) == 1


def test_what_opened_long_ago_is_no_news(program: Program) -> None:
    follower("a@x.example", ("program", program.slug))
    intake = make_intake(program, opens_at=timezone.now() - timedelta(days=9))
    Intake.objects.filter(pk=intake.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert look() == []


def test_a_cancellation_says_why(program: Program) -> None:
    follower("a@x.example", ("program", program.slug))
    make_intake(
        program,
        opens_at=timezone.now() + timedelta(days=9),
        cancelled_at=timezone.now(),
        cancelled_reason_fr="Les travaux continuent.",
    )
    ((_to, subject),) = look()
    assert subject == f"Intake cancelled: {program.name_en}"
    assert "Les travaux continuent." in Message.objects.get(event="follow_news").text


def test_a_program_that_is_gone_is_not_followed(program: Program) -> None:
    assert find_target("program", program.slug) is not None
    Incubator.objects.update(state=ListingState.CLOSED)
    assert find_target("program", program.slug) is None
    Incubator.objects.update(state=ListingState.UNCLAIMED)
    Program.objects.update(state=ListingState.CLOSED)
    assert find_target("program", program.slug) is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_the_program_has_the_button(program: Program, language: str) -> None:
    words = {"fr": "Prévenez-moi à l’ouverture", "en": "Tell me when it opens"}
    address = {"fr": "programmes", "en": "programs"}
    path = f"/{language}/{address[language]}/{program.slug}/"
    page = Client().get(path).content.decode()
    assert f">{words[language]}</a>" in page
    client = Client()
    client.force_login(factories.make_user("lecture"))
    assert f">{words[language]}</button>" in client.get(path).content.decode()
    assert client.post(reverse("follow", args=["program", program.slug])).status_code == 302
    assert Follow.objects.get().kind == "program"
