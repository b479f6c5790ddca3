"""What there is to visit: one row of everything, belonging to known persons."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pikepdf
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
)

from cms.pages.models import ArticlePage
from core.accounts.domain.invitations import invite
from core.accounts.domain.join_requests import ask_to_join
from core.accounts.domain.ownership import offer_ownership
from core.accounts.links import invitation_link, joining_link
from core.accounts.models import Membership, Role, User
from core.files.storing import store_upload
from core.following.domain.following import follow_signed_in, follower_of
from core.following.links import seeing, stopping
from core.following.targets import find_target
from core.notifications.closed_addresses import close_address
from core.notifications.enums import ClosedBecause
from core.privacy.domain.exports import ask_for_export
from core.privacy.models import Erasure, Incident, RetentionRule, RetentionRun
from core.taxonomy.models import CitySettings
from pilots.domain import application as applications
from pilots.domain import decision, jury, reading, sites
from pilots.domain.challenge import open_own_call
from pilots.enums import ChallengeState, Outcome
from pilots.models import Assignment, Challenge, Indicator, Milestone, Permit, SiteBooking, Stage
from startups.models import CheckedLink, ImportRun, Incubator, Program
from tests import factories
from tests.roles.people import give_members, make_people
from tests.roles.walk import of_our_administration, walk

PAGE_PASSWORD = "mot de la page"


class World(SimpleNamespace):
    """Rows by name; ``people`` by name."""

    people: dict[str, User | None]

    def person(self, name: str) -> User:
        """One who is signed in."""
        found = self.people[name]
        assert found is not None
        return found


def make_world() -> World:
    """One challenge closed and being decided, one open, one draft; one trial in preparation."""
    now = timezone.now()
    cache.clear()
    CitySettings.load()  # whose row is made when it is first read
    world = World(people=make_people())
    _challenges(world, now)
    _trial(world, now)
    _directory(world)
    _organisation(world, now)
    _letters(world, now)
    _pages(world)
    _registers(world, now)
    world.models = {a.space: a.model for a in of_our_administration(walk()) if a.model}
    return world


def _challenges(w: World, now: datetime) -> None:
    owner, manager, juror = w.person("owner"), w.person("manager"), w.person("juror")
    w.startup, w.other = factories.make_startup(owner), factories.make_startup(w.person("rival"))
    w.organisation = w.startup.organisation
    give_members(w.organisation, w.people)
    w.challenge, w.open_challenge = factories.make_challenge(now), factories.make_challenge(now)
    w.application = _submitted(w, owner, now)
    w.draft = applications.start_application(
        challenge=w.open_challenge, organisation=w.organisation, actor=owner, now=now
    )
    Stage.objects.filter(pk=w.challenge.stage.pk).update(
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(hours=1)
    )
    w.stage = Stage.objects.get(pk=w.challenge.stage.pk)
    jury.appoint_jury(stage=w.stage, users=[juror], actor=manager, now=now)
    w.seat = juror.juror_in.get()
    jury.declare_conflicts(juror=w.seat, organisations=[], actor=juror, now=now)
    jury.assign_applications(stage=w.stage, actor=manager, now=now)
    w.assignment = Assignment.objects.get()
    w.application.refresh_from_db()
    decision.set_outcome(
        application=w.application,
        outcome=Outcome.REJECTED,
        reasons_fr="Motif",
        actor=manager,
        now=now,
    )
    w.written, w.submitted = _unpublished(manager), _unpublished(manager)
    w.submitted.save_revision(user=manager)
    w.submitted.get_workflow().start(w.submitted, manager)


def _unpublished(manager: User) -> Challenge:
    """A draft with its call."""
    made = factories.make_challenge(state=ChallengeState.DRAFT, live=False, published_at=None)
    found: Challenge = Challenge.objects.get(pk=made.pk)
    if found.call is None:
        open_own_call(challenge=found)
    found.save_revision(user=manager)
    return found


def _submitted(w: World, owner: User, now: datetime) -> Any:
    application = applications.start_application(
        challenge=w.challenge, organisation=w.organisation, actor=owner, now=now
    )
    values = {"team": "a", "solution": "b", "maturity": "5", "failure": "c", "budget": "1"}
    for key, value in values.items():
        applications.save_answer(
            application=application, key=key, value=value, base_version=0, actor=owner, now=now
        )
    return applications.submit_application(application=application, actor=owner, now=now)


def _trial(w: World, now: datetime) -> None:
    pilots = w.person("pilots")
    w.pilot = factories.make_pilot(w.startup, challenge=w.challenge)
    w.site, w.free_site = factories.make_site(), factories.make_site()
    w.rule = factories.make_rule(w.site)
    days = {"starts_on": w.pilot.starts_on, "ends_on": w.pilot.ends_on}
    sites.book_site(pilot=w.pilot, site=w.site, actor=pilots, now=now, **days)
    w.booking, w.permit = SiteBooking.objects.get(), Permit.objects.get()
    w.key, _secret = reading.create_key(pilot=w.pilot, label="Compteur", actor=pilots, now=now)
    w.indicator = Indicator.objects.create(pilot=w.pilot, key="k", label_fr="Mesure", unit="h")
    w.milestone = Milestone.objects.create(pilot=w.pilot, title_fr="Jalon", due_on=w.pilot.ends_on)
    w.pilot.save_revision(user=pilots)


def _directory(w: World) -> None:
    words = {"summary_fr": "x", "about_fr": "x", "live": True}
    w.incubator = Incubator.objects.create(slug="inc", name="Inc", kind="incubator", **words)
    w.program = Program.objects.create(slug="prog", incubator=w.incubator, name_fr="P", **words)
    w.solution = w.startup.solutions.get()
    ImportRun.objects.create(kind="incubator", file_name="liste.csv", source="x")
    CheckedLink.objects.create(address="https://lien.test/", used_by=[["startup", w.startup.pk]])
    for listing in (w.incubator, w.program, w.solution, w.startup):
        listing.save_revision(user=w.person("moderator"))


def _organisation(w: World, now: datetime) -> None:
    owner, rival, organisation = w.person("owner"), w.person("rival"), w.organisation
    w.member = Membership.objects.create(
        user=factories.make_user("membre"), organisation=organisation, role=Role.VIEWER
    )
    w.asked = ask_to_join(organisation=organisation, actor=rival, now=now)
    w.link = joining_link(owner, w.other.organisation_id)
    w.invitation = invite(
        organisation=organisation, email=rival.email, role=Role.VIEWER, actor=owner, now=now
    )
    w.invitation_link = invitation_link(w.invitation.pk)
    w.offer = offer_ownership(
        organisation=organisation, to=w.person("editor"), stays_owner=True, actor=owner, now=now
    )
    w.export = ask_for_export(actor=owner, now=now)
    w.file = _file(organisation, owner)
    w.security_key = Authenticator.objects.create(
        user=w.member.user, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé", "credential": {}}
    )
    w.session = UserSession.objects.create(user=owner, ip="127.0.0.1", session_key="a" * 32)


def _file(organisation: Any, owner: User) -> Any:
    out, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out)
    upload = SimpleUploadedFile("plan.pdf", out.getvalue())
    return store_upload(upload=upload, kind="application", organisation=organisation, actor=owner)


def _letters(w: World, now: datetime) -> None:
    owner = w.person("owner")
    follower = follower_of(user=owner, now=now)
    w.follower_link, w.stop_link = seeing(follower), stopping(follower.key, "digest", "daily")
    target = find_target("challenge", w.open_challenge.slug)
    assert target is not None
    follow_signed_in(user=owner, target=target, now=now)
    close_address(email=owner.email, reason=ClosedBecause.BY_HAND, actor=w.person("admin"))


def _pages(w: World) -> None:
    """One that all read, one with a password, one for who is signed in; a document with one."""
    french, english = (Locale.objects.get(language_code=code) for code in ("fr", "en"))
    made = {}
    for slug, locale in (("lue", english), ("lue", french), ("mot", french), ("signe", french)):
        home = Page.objects.get(depth=2, locale=locale)
        made[slug] = home.add_child(
            instance=ArticlePage(title=slug, slug=slug, locale=locale, body="<p>Mots</p>")
        )
    w.page, w.word_page, w.signed_page = made["lue"], made["mot"], made["signe"]
    kinds = PageViewRestriction
    w.restriction = kinds.objects.create(
        page=w.word_page, restriction_type=kinds.PASSWORD, password=PAGE_PASSWORD
    )
    kinds.objects.create(page=w.signed_page, restriction_type=kinds.LOGIN)
    collection = Collection.get_first_root_node().add_child(name="Réservés")
    w.collection_restriction = CollectionViewRestriction.objects.create(
        collection=collection,
        restriction_type=CollectionViewRestriction.PASSWORD,
        password=PAGE_PASSWORD,
    )
    w.document = Document.objects.create(
        title="Lu", file=ContentFile(b"mots", name="lu.txt"), collection=collection
    )


def _registers(w: World, now: datetime) -> None:
    w.incident = Incident.objects.create(
        found_on=now.date(), circumstances="c", information="i", people="p"
    )
    w.retention_rule = RetentionRule.objects.order_by("pk").first()
    w.retention_run = RetentionRun.objects.create(
        rule=w.retention_rule, terms="t", ran_at=now, before=now - timedelta(days=30)
    )
    w.erasure = Erasure.objects.create(person_number=10**9, erased_at=now)
