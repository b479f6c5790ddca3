"""What the tests of personal information share."""

from __future__ import annotations

import io
import multiprocessing
import queue as queues
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.signing import SignedPackage
from django_q.worker import worker

from core.accounts.domain.join_requests import ask_to_join
from core.accounts.models import User
from core.files.storing import store_upload
from core.notifications.enums import MessageState
from core.notifications.models import Message
from pilots.domain import application as applications
from tests import factories


@pytest.fixture(autouse=True)
def private_root(settings: Any, tmp_path: Path) -> Path:
    """Each test writes its private files where nobody else does."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


@dataclass
class Life:
    """A person who has done a little of everything, and a neighbour whose data is not theirs."""

    person: User
    other: User
    startup: Any
    submitted: Any
    draft: Any
    file: Any


def a_pdf(title: str) -> bytes:
    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = title
    pdf.save(out)
    return out.getvalue()


def message(user: User | None, key: str, state: str, **fields: Any) -> Message:
    """A row of the outbox, as delivery would have left it."""
    now = timezone.now()
    return Message.objects.create(
        **{
            "key": key,
            "event": "application_receipt",
            "user": user,
            "to_email": user.email if user else "",
            "subject": f"Objet {key}",
            "text": f"Texte {key}",
            "state": state,
            "message_id": f"<{key}@test>",
            "sent_at": now if state == MessageState.SENT else None,
            **fields,
        }
    )


@pytest.fixture
def life(db: None) -> Life:
    """Rows made by the verbs themselves."""
    now = timezone.now()
    person = factories.make_user("Ana", language="en", time_zone="America/Toronto")
    other = factories.make_user("Bo")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    startup, elsewhere = factories.make_startup(person), factories.make_startup(other)
    submitted = _apply(startup, person, "Nous sommes deux.", now)
    _apply(elsewhere, other, "Secret du voisin.", now)
    applications.submit_application(application=submitted, actor=person, now=now)
    draft = _apply(startup, person, "=2+3", now, only="team")
    ask_to_join(
        organisation=elsewhere.organisation,
        actor=person,
        now=now - timedelta(minutes=5),
        message="@SUM(A1:A9)",
    )
    stored = store_upload(
        upload=SimpleUploadedFile("plan d’essai.pdf", a_pdf("x")),
        kind="application",
        organisation=startup.organisation,
        actor=person,
    )
    message(person, "m1", MessageState.SENT)
    message(person, "held", MessageState.HELD, text="Vous êtes retenus.")
    message(other, "m2", MessageState.SENT, text="Pour le voisin.")
    message(
        None,
        "code",
        MessageState.SENT,
        event="account_email_login_code",
        to_email=person.email,
        text="Code 123456",
    )
    return Life(person, other, startup, submitted, draft, stored)


def _apply(startup: Any, person: User, team: str, now: Any, only: str = "") -> Any:
    application = applications.start_application(
        challenge=factories.make_challenge(now),
        organisation=startup.organisation,
        actor=person,
        now=now,
    )
    values = {"team": team, "solution": "b", "maturity": "5", "failure": "c", "budget": "1"}
    for key, value in values.items():
        if only in ("", key):
            applications.save_answer(
                application=application,
                key=key,
                value=value,
                base_version=0,
                actor=person,
                now=now,
            )
    return application


def through_worker() -> None:
    """What waits goes through the queue's own worker, which keeps what became of it."""
    waiting: Any = queues.Queue()
    done: Any = queues.Queue()
    once = multiprocessing.Event()
    once.set()
    while OrmQ.objects.filter(lock__lt=timezone.now()).exists():
        pusher(waiting, once)
    waiting.put("STOP")
    done_with = multiprocessing.Value("d", -1)
    with pytest.MonkeyPatch.context() as held:
        # The test's own transaction goes on afterwards.
        held.setattr("django.db.close_old_connections", lambda: None)
        worker(waiting, done, done_with)
        done.put("STOP")
        monitor(done)
    assert not OrmQ.objects.exists()


def in_the_queue(text: str) -> list[str]:
    """Where ``text`` stands in what the queue was given and what it kept, both packed there."""
    found = [
        f"django_q.Task.{name}"
        for task in Task.objects.all()
        for name in ("name", "func", "args", "kwargs", "result")
        if text in repr(getattr(task, name))
    ]
    waiting = [SignedPackage.loads(row.payload) for row in OrmQ.objects.all()]
    return found + ["django_q.OrmQ.payload" for task in waiting if text in repr(task)]
