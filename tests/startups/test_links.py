"""Links of public listings: tested in batches that survive, told once, marked until they answer."""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import queue
from core.accounts import roles
from core.accounts.models import Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.exceptions import NotAllowed
from core.notifications.models import Message
from core.probing import Answer, Outcome, Prober, Reason
from core.taxonomy.models import CitySettings
from startups import link_tasks
from startups.domain.links import (
    addresses_of,
    ask_for_test,
    broken_links_of,
    gather_links,
    note_answer,
    tell_owners,
)
from startups.domain.sweeping import AT_A_TIME, BATCH, Sweep, take
from startups.enums import ListingState
from startups.models import CheckedLink, Incubator, Intake, Program, Startup
from startups.workspace.links import rows
from tests import factories
from tests.databases import ROOT
from tests.local_server import LocalServer, Talk, serving

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(hour=16, minute=0)
FAILED = Answer(Outcome.FAILS, 404, Reason.STATUS)
LOST = Answer(Outcome.FAILS, None, Reason.NO_SUCH_NAME)
FINE = Answer(Outcome.ANSWERS, 200)
SHUT = Answer(Outcome.UNSURE, 403)
SITE = "https://pousse.test/"


class Says(Prober):
    """A prober whose every answer is written down by the test; it calls nobody."""

    def __init__(self, answers: dict[str, Answer], default: Answer = FINE) -> None:
        super().__init__()
        object.__setattr__(self, "answers", answers)
        object.__setattr__(self, "default", default)
        object.__setattr__(self, "asked", [])

    def probe(self, url: str) -> Answer:
        self.asked.append(url)  # type: ignore[attr-defined]
        return self.answers.get(url, self.default)  # type: ignore[attr-defined]


def sweep(prober: Prober, now: datetime = NOW, **fields: Any) -> Sweep:
    return Sweep(prober=prober, pause=0, clock=lambda: now, **fields)


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner, website=SITE)


def the_link() -> CheckedLink:
    return CheckedLink.objects.get()


def break_it(link: CheckedLink, now: datetime = NOW) -> CheckedLink:
    note_answer(link=link, answer=FAILED, now=now - timedelta(days=1))
    return note_answer(link=link, answer=FAILED, now=now)


def make_incubator(slug: str = "appui", **fields: Any) -> Incubator:
    made: Incubator = Incubator.objects.create(
        **{"slug": slug, "name": slug, "kind": "incubator", "summary_fr": "x", "live": True}
        | fields
    )
    return made


def test_which_links_are_public(owner: User) -> None:
    shared = "https://partage.test/"
    one = factories.make_startup(owner, website=SITE, links=[shared, "ftp://x.test/", 7])
    factories.make_startup(website="https://exemple.test/", is_example=True)
    factories.make_startup(website="https://brouillon.test/", live=False)
    factories.make_startup(website="https://close.test/", state=ListingState.CLOSED)
    support = make_incubator(website=shared)
    program = Program.objects.create(
        slug="p", incubator=support, name_fr="P", summary_fr="x", about_fr="x", live=True
    )
    for url in ("https://candidature.test/", ""):
        Intake.objects.create(program=program, is_rolling=True, apply_url=url)
    Intake.objects.create(
        program=program, is_rolling=True, apply_url="https://annule.test/", cancelled_at=NOW
    )
    assert gather_links() == 3
    assert dict(CheckedLink.objects.values_list("address", "used_by")) == {
        SITE: [["startup", one.pk]],
        shared: [["startup", one.pk], ["incubator", support.pk]],
        "https://candidature.test/": [["program", program.pk]],
    }
    assert addresses_of(one) == [SITE, shared]
    assert addresses_of(program) == ["https://candidature.test/"]


def test_what_no_listing_leads_to_any_more_is_forgotten(startup: Startup) -> None:
    gather_links()
    break_it(the_link())
    Startup.objects.filter(pk=startup.pk).update(website="https://neuf.test/")
    gather_links()
    assert (the_link().address, the_link().broken_since) == ("https://neuf.test/", None)


def test_gathering_again_keeps_what_was_found(startup: Startup) -> None:
    gather_links()
    broken = break_it(the_link())
    gather_links()
    assert the_link().broken_since == broken.broken_since


def test_one_failure_is_not_a_broken_link(startup: Startup) -> None:
    gather_links()
    first = NOW.replace(hour=14)
    for hour in (0, 2, 6):
        link = note_answer(link=the_link(), answer=FAILED, now=first + timedelta(hours=hour))
        assert (link.failing_since, link.broken_since) == (first, None)
    link = note_answer(link=link, answer=LOST, now=first + timedelta(days=1))
    assert (link.broken_since, link.reason, link.status) == (first, "no_such_name", None)
    link = note_answer(link=link, answer=FAILED, now=first + timedelta(days=8))
    assert link.broken_since == first
    assert AuditEntry.objects.filter(action="link.broken").count() == 1


@pytest.mark.parametrize("answer", [FINE, SHUT])
def test_what_answers_is_whole_again(startup: Startup, answer: Answer) -> None:
    gather_links()
    link = note_answer(link=break_it(the_link()), answer=answer, now=NOW + timedelta(days=7))
    assert (link.failing_since, link.broken_since, link.told_at) == (None, None, None)
    assert AuditEntry.objects.filter(action="link.repaired").count() == 1


def test_when_a_link_is_due() -> None:
    def due(days: float, **fields: Any) -> bool:
        CheckedLink.objects.all().delete()
        checked = NOW - timedelta(days=days)
        CheckedLink.objects.create(address=SITE, checked_at=checked, **fields)
        return CheckedLink.objects.due(NOW).exists()

    assert [due(6.9), due(7)] == [False, True]
    assert [due(d, failing_since=NOW - timedelta(days=d)) for d in (0.9, 1)] == [False, True]
    broken = NOW - timedelta(days=3)
    assert due(2, failing_since=broken, broken_since=broken) is False
    assert due(9, taken_until=NOW + timedelta(minutes=1)) is False
    assert due(9, taken_until=NOW) is True


def fill(count: int, host: str = "") -> None:
    CheckedLink.objects.bulk_create(
        CheckedLink(address=f"https://{host or f'h{n}.test'}/{n}", used_by=[["startup", n]])
        for n in range(count)
    )


def test_batches_go_on_until_nothing_is_due() -> None:
    fill(2 * BATCH + 5)
    prober = Says({})
    assert [sweep(prober).run() for _n in range(4)] == [BATCH, BATCH, 5, 0]
    assert len(set(prober.asked)) == len(prober.asked) == 2 * BATCH + 5  # type: ignore[attr-defined]


def test_two_workers_do_not_test_the_same() -> None:
    fill(10)
    first, second = take(6, NOW), take(6, NOW)
    assert (len(first), len(second)) == (6, 4)
    assert not {link.pk for link in first} & {link.pk for link in second}
    # The first was killed: what it had is free again.
    assert len(take(10, NOW + timedelta(minutes=11))) == 10


def test_what_there_was_no_time_for_is_free_at_once() -> None:
    fill(5, "lent.test")
    assert sweep(Says({}), budget=0).run() == 0
    assert CheckedLink.objects.due(NOW).count() == 5


def test_when_our_own_network_is_down_nothing_is_noted() -> None:
    CheckedLink.objects.create(
        address="https://temoin.test/", outcome=Outcome.ANSWERS, checked_at=NOW
    )
    fill(4)
    assert sweep(Says({}, default=LOST)).run() == 0
    assert CheckedLink.objects.filter(failing_since__isnull=False).count() == 0
    assert CheckedLink.objects.due(NOW).count() == 0
    later = NOW + timedelta(minutes=11)
    up = Says({"https://temoin.test/": FINE}, default=LOST)
    assert sweep(up, now=later).run() == 4
    assert CheckedLink.objects.filter(failing_since=later).count() == 4


def test_the_owner_is_told_once_of_all(startup: Startup, owner: User) -> None:
    editor = factories.make_user("plume", language="en")
    viewer = factories.make_user("lecture")
    startup.organisation.memberships.create(user=editor, role=Role.EDITOR)
    startup.organisation.memberships.create(user=viewer, role=Role.VIEWER)
    Startup.objects.filter(pk=startup.pk).update(links=["https://deux.test/"])
    nobody = make_incubator(website="https://personne.test/")
    gather_links()
    for link in CheckedLink.objects.all():
        break_it(link)
    assert [tell_owners(now=NOW), tell_owners(now=NOW)] == [2, 0]
    letters = {m.user_id: m for m in Message.objects.filter(event="links_broken")}
    assert set(letters) == {owner.pk, editor.pk}
    for message in letters.values():
        assert [a in message.text for a in (SITE, "https://deux.test/")] == [True, True]
        assert "personne.test" not in message.text
    assert "Lien rompu depuis le" in letters[owner.pk].text
    assert "Broken link since" in letters[editor.pk].text
    assert CheckedLink.objects.filter(told_at=NOW).count() == 3
    assert nobody.organisation is None
    # It answers, then breaks again: that is another thing to tell.
    link = CheckedLink.objects.get(address=SITE)
    note_answer(link=link, answer=FINE, now=NOW + timedelta(days=7))
    break_it(link, NOW + timedelta(days=15))
    assert tell_owners(now=NOW + timedelta(days=15)) == 2


def test_the_letter_and_its_mark_are_lost_together(
    startup: Startup, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather_links()
    break_it(the_link())

    def killed(*args: Any, **kwargs: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(CheckedLink.objects.all()), "update", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_owners(now=NOW)
    assert (Message.objects.count(), the_link().told_at) == (0, None)
    assert tell_owners(now=NOW) == 1


def test_the_workspace_and_the_page_of_the_owner(startup: Startup, owner: User) -> None:
    def titles() -> list[str]:
        with translation.override("fr"):
            found = rows(owner, startup.organisation, timezone.now())
            return [str(row.title) for row in found if row.url_name == "listing_links"]

    gather_links()
    assert titles() == []
    break_it(the_link())
    assert titles() == ["1 lien de vos fiches est rompu"]
    client = Client()
    client.force_login(owner)
    page = client.get(reverse("listing_links")).content.decode()
    assert SITE in page
    assert startup.name in page
    assert reverse("listing_edit", args=["startup", startup.pk]) in page
    answer = client.post(reverse("listing_links"), follow=True)
    assert "en cours d’essai" in answer.content.decode()
    # Corrected, though not gathered yet: it is theirs no more.
    Startup.objects.filter(pk=startup.pk).update(website="https://neuf.test/")
    assert titles() == []
    assert broken_links_of(startup.organisation) == []


def test_who_may_ask_for_a_test(startup: Startup, owner: User) -> None:
    gather_links()
    link = break_it(the_link())
    viewer = factories.make_user("lecture")
    startup.organisation.memberships.create(user=viewer, role=Role.VIEWER)
    for other in (viewer, factories.make_user("rival"), factories.manager()):
        with pytest.raises(NotAllowed):
            ask_for_test(links=[link], actor=other, now=NOW)
    for allowed in (owner, factories.make_user("moderation", roles.MODERATORS)):
        assert ask_for_test(links=[link], actor=allowed, now=NOW) == 1
    # Nobody of that name: the queue's own prober says so, and the day is another one.
    queue.drain()
    assert the_link().checked_at > NOW - timedelta(days=1)


def test_an_owner_asks_ten_times_an_hour(startup: Startup, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    codes = [client.post(reverse("listing_links")).status_code for _n in range(11)]
    assert codes == [302] * 10 + [429]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "lien rompu depuis"), ("en", "broken link since")]
)
def test_the_public_page_says_so(startup: Startup, language: str, words: str) -> None:
    gather_links()

    def page() -> str:
        with translation.override(language):
            return Client().get(startup.get_absolute_url()).content.decode().replace("\xa0", " ")

    note_answer(link=the_link(), answer=FAILED, now=NOW)
    assert words not in page()
    break_it(the_link(), NOW + timedelta(days=2))
    # Beside the link that it is about.
    link = page().partition(f'<a href="{the_link().address}"')[2].partition("</li>")[0]
    assert words in link
    note_answer(link=the_link(), answer=FINE, now=NOW)
    assert words not in page()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_staff_asks_as_much_for_one_as_for_three(
    count: int, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.DEBUG = True
    moderator = factories.make_user("moderation", roles.MODERATORS, is_demo=True)
    for n in range(count):
        factories.make_startup(website=f"https://p{n}.test/")
    gather_links()
    client = Client()
    client.force_login(moderator)
    client.get(reverse("public_links:index"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("public_links:index"))
    assert page.content.decode().count("https://p") >= count


LIST_QUERIES = 11


@pytest.mark.parametrize("count", [1, 3])
def test_the_owners_page_asks_as_much_for_one_as_for_three(
    owner: User, count: int, django_assert_num_queries: Any
) -> None:
    organisation = Organisation.objects.create(
        name="Maison", slug="maison", kind=OrganisationKind.SUPPORT
    )
    for n in range(count):
        support = make_incubator(f"i{n}", website=f"https://i{n}.test/", organisation=organisation)
        program = Program.objects.create(
            slug=f"p{n}", incubator=support, name_fr="P", summary_fr="x", about_fr="x", live=True
        )
        Intake.objects.create(program=program, is_rolling=True, apply_url=f"https://p{n}.test/")
    gather_links()
    for link in CheckedLink.objects.all():
        break_it(link)
    with django_assert_num_queries(7):
        assert len(broken_links_of(organisation)) == 2 * count


def test_staff_read_one_and_have_it_tested(startup: Startup, settings: Any) -> None:
    settings.DEBUG = True
    moderator = factories.make_user("moderation", roles.MODERATORS, is_demo=True)
    gather_links()
    link = break_it(the_link())
    client = Client()
    client.force_login(moderator)
    page = client.get(reverse("public_links:inspect", args=[link.pk])).content.decode()
    assert startup.name in page
    assert "(404)" in page
    answer = client.post(reverse("public_links:test", args=[link.pk]), follow=True)
    assert "en cours d’essai" in answer.content.decode()
    assert AuditEntry.objects.filter(action="link.test_asked", actor_id=moderator.pk).count() == 1


def test_a_demonstration_calls_nobody_by_itself(startup: Startup) -> None:
    city = CitySettings.load()
    city.is_demo = True
    city.save()
    link_tasks.look()
    assert CheckedLink.objects.count() == 0


# ---- with a real server -------------------------------------------------------------------------


class Crowd:
    """A server that counts how many are talking to it at once.

    The first do not leave before as many as it ``expects`` are there: how quick this machine is
    says nothing of how many are let in.
    """

    def __init__(self) -> None:
        self.expects = 1
        self.lock = threading.Lock()
        self.full = threading.Event()
        self.now = self.most = 0
        self.starts: list[float] = []

    def __call__(self, talk: Talk) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.starts.append(time.monotonic())
            if self.most >= self.expects:
                self.full.set()
        self.full.wait(30)
        talk.over.wait(0.1)
        with self.lock:
            self.now -= 1
        talk.answer("200 OK")


@pytest.fixture
def crowd() -> Iterator[tuple[Crowd, LocalServer, Prober]]:
    crowd = Crowd()
    with serving(crowd) as server:
        prober = Prober(
            deadline=60,
            resolve=lambda host, port: ["93.184.216.34"],
            dial=lambda ip, port, seconds: _dial(server),
        )
        yield crowd, server, prober


def _dial(server: LocalServer) -> Any:
    import socket

    return socket.create_connection(("127.0.0.1", server.port), 5)


def test_four_at_a_time_and_no_more(crowd: tuple[Crowd, LocalServer, Prober]) -> None:
    seen, _server, prober = crowd
    seen.expects = AT_A_TIME
    CheckedLink.objects.bulk_create(CheckedLink(address=f"http://h{n}.test/") for n in range(12))
    assert sweep(prober).run() == 12
    assert seen.most == AT_A_TIME
    assert CheckedLink.objects.filter(outcome=Outcome.ANSWERS).count() == 12


def test_one_machine_is_called_politely(crowd: tuple[Crowd, LocalServer, Prober]) -> None:
    seen, _server, prober = crowd
    CheckedLink.objects.bulk_create(CheckedLink(address=f"http://meme.test/{n}") for n in range(3))
    assert Sweep(prober=prober, pause=0.3, clock=lambda: NOW).run() == 3
    gaps = [after - before for before, after in zip(seen.starts, seen.starts[1:], strict=False)]
    assert seen.most == 1
    assert all(gap >= 0.35 for gap in gaps), gaps


KILLED = """
import django, ipaddress, sys
django.setup()
from core.probing import Prober
from startups.domain.sweeping import Sweep
port = int(sys.argv[1])
prober = Prober(
    ports=frozenset({80, 443, port}), first=frozenset({ipaddress.ip_address("127.0.0.1")})
)
sweep = Sweep(prober=prober, pause=0.01)
while sweep.run():
    pass
"""


def test_killed_in_the_middle_it_goes_on(tmp_path: Any) -> None:
    """A process of its own on a database of its own, killed; the next one tests the rest, once."""
    from tests import databases

    database = databases.copy(databases.migrated(), f"links{os.getpid()}")
    around = {**os.environ, "DATABASE_URL": database}
    shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c"]

    def in_it(code: str) -> str:
        done = subprocess.run(
            [*shell, f"from startups.models import CheckedLink as L\n{code}"],
            cwd=ROOT,
            env=around,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    with serving(lambda talk: talk.answer("200 OK")) as server:
        address = f"http://127.0.0.1:{server.port}"
        in_it(f"L.objects.bulk_create(L(address='{address}/%d' % n) for n in range(150))")
        command = [sys.executable, "-c", KILLED, str(server.port)]
        worker = subprocess.Popen(command, cwd=ROOT, env=around, start_new_session=True)
        until = time.monotonic() + 300
        while len(server.heads) < 70:
            assert time.monotonic() < until
            time.sleep(0.01)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        before = int(in_it("print(L.objects.filter(outcome='answers').count())"))
        assert 60 <= before < 150
        in_it("L.objects.update(taken_until=None)")  # ten minutes later
        subprocess.run(command, cwd=ROOT, env=around, check=True)
        assert in_it("print(L.objects.filter(outcome='answers').count())") == "150"
        # Those that were noted were not tested again; the batch that was cut was, in part.
        assert 150 <= len(server.heads) <= 150 + 64


def test_loopback_is_for_the_address_given_alone() -> None:
    assert Prober().first == frozenset()
    assert ipaddress.ip_address("127.0.0.1") not in Prober().first
