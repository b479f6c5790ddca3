"""What a site is made to hold, from inside it: called by name through ``manage.py shell``."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from django_q.models import Schedule

from core.accounts.models import Membership, Role, User
from core.following.models import Follow
from core.notifications import outbox
from core.notifications.delivery import CLAIM_HOLDS, sweep
from core.notifications.enums import MessageState
from core.notifications.events import catalogue
from core.notifications.models import Message
from pilots.domain import decision
from pilots.domain.decision import AlreadyReleased, release_envelope, set_outcome
from pilots.enums import ApplicationState, Outcome
from pilots.models import Application, Challenge, Envelope
from search.models import SavedSearch
from search.saved import KIND
from search.tasks import look_for_news, saved_search_letters
from tests import factories


def person(name: str) -> User:
    """The account of the demonstration."""
    found: User = User.objects.get(email=f"{name}@demo.test")
    return found


def queue_messages(count: int) -> None:
    """So many messages ready to leave."""
    receipt = catalogue["application_receipt"].example()
    receipt.pop("user_name")
    outbox.queue_messages(
        event="application_receipt",
        letters=[
            outbox.Letter(key=f"kill:{n}", to=f"destinataire{n}@exemple.test", context=receipt)
            for n in range(count)
        ],
    )


def identities() -> None:
    """The Message-ID of each of them."""
    print(*Message.objects.filter(key__startswith="kill:").values_list("message_id", flat=True))


def let_claims_grow_old() -> None:
    """What five minutes do: the claims of the dead lapse, and the sweep takes them up."""
    past = timezone.now() - CLAIM_HOLDS - timedelta(minutes=1)
    Message.objects.filter(state=MessageState.SENDING).update(claimed_at=past)
    Message.objects.exclude(state=MessageState.SENT).update(created_at=past, next_attempt_at=past)
    sweep()


def let_a_minute_pass() -> None:
    """What is done every minute is due: the worker's next look at its schedules starts it."""
    Schedule.objects.update(next_run=timezone.now())


def schedule_challenges(count: int) -> None:
    """So many challenges approved, their hour come."""
    author, approver = person("ville"), person("approbation")
    now = timezone.now()
    for number in range(count):
        challenge = factories.make_challenge(
            now, slug=f"kill-{number}", reference="", published_at=None, live=False, state="draft"
        )
        challenge.call.frozen_at = None
        challenge.call.save()
        challenge = Challenge.objects.get(pk=challenge.pk)
        challenge.go_live_at = now + timedelta(minutes=5)
        revision = challenge.save_revision(user=author)
        revision.publish(user=approver)  # approved: it waits for its hour
        revision.refresh_from_db()
        revision.approved_go_live_at = now
        revision.content["go_live_at"] = now.isoformat()
        revision.save()


def hold_outcomes() -> None:
    """Outcomes held for every application of the demonstration's busiest call under review."""
    waiting = Application.objects.filter(state=ApplicationState.UNDER_REVIEW)
    stage = max((a.stage for a in waiting), key=lambda s: (s.applications.count(), s.pk))
    for application in stage.applications.all():
        Membership.objects.get_or_create(
            user=person("startup"), organisation=application.organisation, role=Role.OWNER
        )
    outcomes = [Outcome.SELECTED] + [Outcome.REJECTED] * 50
    for application, outcome in zip(stage.applications.order_by("pk"), outcomes, strict=False):
        set_outcome(
            application=application,
            outcome=outcome,
            reasons_fr="Motif.",
            actor=person("ville"),
            now=timezone.now(),
        )


def release(die_at_move: int = 0) -> None:
    """Release the envelope that waits; the process kills itself at a change of state when asked."""
    moves = [0]
    honest = decision.change_state

    def counted(*arguments: Any, **named: Any) -> Any:
        moves[0] += 1
        if moves[0] == die_at_move:
            os.kill(os.getpid(), signal.SIGKILL)
        return honest(*arguments, **named)

    envelope = Envelope.objects.filter(decisions__isnull=False).latest("pk")
    with patch.object(decision, "change_state", counted):
        try:
            release_envelope(envelope=envelope, actor=person("ville"), now=timezone.now())
        except AlreadyReleased:
            print("already released")


def envelope_facts() -> None:
    """Of the last envelope: applications, their states, letters, who is written to, pilots."""
    envelope = Envelope.objects.filter(decisions__isnull=False).latest("pk")
    received = envelope.challenge.applications.order_by("pk")
    states = ",".join(sorted(set(received.values_list("state", flat=True))))
    letters = Message.objects.filter(batch=envelope.batch).count()
    due = sum(len(decision._addressees(application)) for application in received)
    print(received.count(), states, letters, due, envelope.challenge.pilots.count())


def publish_challenge(slug: str, title_fr: str, title_en: str) -> None:
    """A challenge written, approved and published now; what is there already is no news."""
    look_for_news()
    now = timezone.now()
    challenge = factories.make_challenge(
        now,
        slug=slug,
        title_fr=title_fr,
        title_en=title_en,
        reference="",
        published_at=None,
        live=False,
        state="draft",
    )
    challenge.call.frozen_at = None
    challenge.call.save()
    challenge = Challenge.objects.get(pk=challenge.pk)
    challenge.save_revision(user=person("ville")).publish(user=person("approbation"))


def let_a_night_pass() -> None:
    """What was confirmed today was confirmed the day before yesterday, and the letters leave."""
    past = timezone.now() - timedelta(days=2)
    Follow.objects.filter(kind=KIND, confirmed_at__isnull=False).update(
        asked_at=past, confirmed_at=past
    )
    SavedSearch.objects.update(told_until=past)
    saved_search_letters()
