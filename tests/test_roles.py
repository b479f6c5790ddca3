"""Every address of the project, visited as each role: who gets in, who is told what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.domain.invitations import invite
from core.accounts.domain.join_requests import ask_to_join
from core.accounts.domain.ownership import offer_ownership
from core.accounts.links import invitation_link, joining_link
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.files.storing import store_upload
from core.following.domain.following import follower_of
from core.following.links import seeing, stopping
from core.privacy.domain.exports import ask_for_export
from pilots.domain import application as applications
from pilots.domain import decision, jury, reading, sites
from pilots.enums import Outcome
from pilots.models import Assignment, Indicator, Milestone, Permit, SiteBooking, Stage
from startups.models import Incubator, Program
from tests import factories

pytestmark = pytest.mark.django_db

# Who visits: nobody signed in, the startup's owner, a rival, the challenge manager, a member of
# the jury, the pilot manager.
ROLES = ("visitor", "owner", "rival", "manager", "juror", "pilots")


@dataclass
class World:
    """One challenge closed and being decided, one trial in preparation."""

    people: dict[str, User | None]
    challenge: Any
    draft: Any
    application: Any
    assignment: Any
    seat: Any
    pilot: Any
    site: Any
    booking: Any
    permit: Any
    indicator: Any
    milestone: Any
    key: Any
    startup: Any
    incubator: Any
    program: Any
    file: Any
    asked: Any
    link: str
    member: Any
    invitation: Any
    offer: Any
    export: Any
    follower_link: str
    stop_link: str


@pytest.fixture
def world() -> World:
    now = timezone.now()
    owner, rival = factories.make_user("proprio"), factories.make_user("rival")
    manager, juror = factories.manager(), factories.jury_member()
    pilots = factories.pilot_manager()
    startup, other = factories.make_startup(owner), factories.make_startup(rival)
    challenge = factories.make_challenge(now)
    application = _submitted(challenge, startup, owner, now)
    open_one = factories.make_challenge(now)
    draft = applications.start_application(
        challenge=open_one, organisation=startup.organisation, actor=owner, now=now
    )
    Stage.objects.filter(pk=challenge.stage.pk).update(
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(hours=1)
    )
    stage = Stage.objects.get(pk=challenge.stage.pk)
    jury.appoint_jury(stage=stage, users=[juror], actor=manager, now=now)
    seat = juror.juror_in.get()
    jury.declare_conflicts(juror=seat, organisations=[], actor=juror, now=now)
    jury.assign_applications(stage=stage, actor=manager, now=now)
    application.refresh_from_db()
    decision.set_outcome(
        application=application,
        outcome=Outcome.REJECTED,
        reasons_fr="Motif",
        actor=manager,
        now=now,
    )
    pilot = factories.make_pilot(startup, challenge=challenge)
    site = factories.make_site()
    factories.make_rule(site)
    sites.book_site(
        pilot=pilot,
        site=site,
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        actor=pilots,
        now=now,
    )
    key, _secret = reading.create_key(pilot=pilot, label="Compteur", actor=pilots, now=now)
    incubator = Incubator.objects.create(
        slug="inc", name="Inc", kind="incubator", summary_fr="x", about_fr="x", live=True
    )
    member = Membership.objects.create(
        user=factories.make_user("membre"), organisation=startup.organisation, role=Role.VIEWER
    )
    return World(
        people=dict(zip(ROLES, (None, owner, rival, manager, juror, pilots), strict=True)),
        challenge=challenge,
        draft=draft,
        application=application,
        assignment=Assignment.objects.get(),
        seat=seat,
        pilot=pilot,
        site=site,
        booking=SiteBooking.objects.get(),
        permit=Permit.objects.get(),
        indicator=Indicator.objects.create(pilot=pilot, key="k", label_fr="Mesure", unit="h"),
        milestone=Milestone.objects.create(pilot=pilot, title_fr="Jalon", due_on=pilot.ends_on),
        key=key,
        startup=startup,
        incubator=incubator,
        program=Program.objects.create(
            slug="prog", incubator=incubator, name_fr="P", summary_fr="x", about_fr="x", live=True
        ),
        file=_file(startup.organisation, owner),
        asked=ask_to_join(organisation=startup.organisation, actor=rival, now=now),
        link=joining_link(owner, other.organisation_id),
        member=member,
        invitation=invite(
            organisation=startup.organisation,
            email=rival.email,
            role=Role.VIEWER,
            actor=owner,
            now=now,
        ),
        offer=offer_ownership(
            organisation=startup.organisation,
            to=member.user,
            stays_owner=True,
            actor=owner,
            now=now,
        ),
        export=ask_for_export(actor=owner, now=now),
        follower_link=seeing(follower_of(user=owner, now=now)),
        stop_link=stopping(follower_of(user=owner, now=now).key, "digest", "daily"),
    )


def _submitted(challenge: Any, startup: Any, owner: User, now: Any) -> Any:
    application = applications.start_application(
        challenge=challenge, organisation=startup.organisation, actor=owner, now=now
    )
    values = {"team": "a", "solution": "b", "maturity": "5", "failure": "c", "budget": "1"}
    for key, value in values.items():
        applications.save_answer(
            application=application, key=key, value=value, base_version=0, actor=owner, now=now
        )
    return applications.submit_application(application=application, actor=owner, now=now)


def _file(organisation: Any, owner: User) -> Any:
    import io

    import pikepdf

    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out)
    upload = SimpleUploadedFile("plan.pdf", out.getvalue())
    return store_upload(upload=upload, kind="application", organisation=organisation, actor=owner)


def public(*args: Callable[[World], Any]) -> tuple[Any, str]:
    return args, "200 200 200 200 200 200"


def row(expected: str, *args: Callable[[World], Any]) -> tuple[Any, str]:
    return args, expected


def challenge_slug(w: World) -> Any:
    return w.challenge.slug


def pilot_slug(w: World) -> Any:
    return w.pilot.slug


CITY = "302 403 403 200 403 403"
CITY_POST = "302 405 405 405 405 405"
DESK_CITY = "302 403 404 404 404 200"
DESK_POST = "302 405 405 405 405 405"
OWN = "302 200 404 404 404 404"

# Name of the address: what it takes, then the answer to a GET for each of ROLES in order.
ADDRESSES: dict[str, tuple[Any, str]] = {
    "choose_language": row("302 302 302 302 302 302"),
    "healthz": public(),
    "readyz": public(),
    "home": public(),
    "data": public(),
    "api_docs": public(),
    "search": public(),
    "challenge_list": public(),
    "challenge_feed": public(),
    "challenge_ics": public(),
    "pilot_list": public(),
    "pilot_feed": public(),
    "site_list": public(),
    "incubator_list": public(),
    "program_list": public(),
    "program_calendar": public(),
    "program_ics": public(),
    "startup_list": public(),
    "solution_list": public(),
    "challenge_detail": public(challenge_slug),
    "pilot_detail": public(pilot_slug),
    "site_detail": public(lambda w: w.site.slug),
    "incubator_detail": public(lambda w: w.incubator.slug),
    "program_detail": public(lambda w: w.program.slug),
    "startup_detail": public(lambda w: w.startup.slug),
    "solution_detail": public(lambda w: w.startup.solutions.get().slug),
    "file": row("404 200 404 404 404 404", lambda w: w.file.pk),
    "mail_events": row("405 405 405 405 405 405"),
    "own_address": row("302 200 200 200 200 200"),
    "workspace": row("302 200 200 200 200 200"),
    "preferences": row("302 200 200 200 200 200"),
    "listing_confirm": row(OWN, lambda w: "startup", lambda w: w.startup.pk),
    "session_end": row(CITY_POST, lambda w: 1),
    "workspace_act_as": row(CITY_POST, lambda w: w.startup.organisation_id),
    "my_data": row("302 200 200 200 200 200"),
    "data_export_ask": row("302 405 405 405 405 405"),
    "erase_me": row("302 200 200 200 200 200"),
    "erased": public(),
    "data_export_take": row("302 410 404 404 404 404", lambda w: w.export.pk),
    "organisation_list": row("302 200 200 200 200 200"),
    "organisation_create": row("302 200 200 200 200 200"),
    "organisation_join": row("302 200 403 403 403 403", lambda w: w.link),
    "organisation_requests": row(OWN, lambda w: w.startup.organisation_id),
    "organisation_members": row(OWN, lambda w: w.startup.organisation_id),
    "organisation_invite": row(CITY_POST, lambda w: w.startup.organisation_id),
    "organisation_leave": row(OWN, lambda w: w.startup.organisation_id),
    "organisation_details": row(OWN, lambda w: w.startup.organisation_id),
    "organisation_hand_over": row(OWN, lambda w: w.startup.organisation_id),
    "organisation_close": row(OWN, lambda w: w.startup.organisation_id),
    "member_role": row(CITY_POST, lambda w: w.member.pk),
    "member_remove": row(OWN, lambda w: w.member.pk),
    "invitation": public(lambda w: invitation_link(w.invitation.pk)),
    "invitation_resend": row(CITY_POST, lambda w: w.invitation.pk),
    "invitation_revoke": row(CITY_POST, lambda w: w.invitation.pk),
    # The owner who made it is led to the members.
    "ownership_offer": row("302 302 404 404 404 404", lambda w: w.offer.pk),
    "ownership_withdraw": row(CITY_POST, lambda w: w.offer.pk),
    "join_request_answer": row(CITY_POST, lambda w: w.asked.pk),
    "join_request_withdraw": row(CITY_POST, lambda w: w.asked.pk),
    "notices": row("302 200 200 200 200 200"),
    "notice_count": row("302 200 200 200 200 200"),
    "follow_index": public(),
    "follow": public(lambda w: "challenge", challenge_slug),
    "follow_link": public(),
    "follow_confirm": row("404 404 404 404 404 404", lambda w: "forged"),
    # A link that the owner received: who is signed in to another account is told so.
    "follow_page": row("200 200 403 403 403 403", lambda w: w.follower_link),
    # An account takes its copy and is erased on its own pages.
    "follow_data": row("302 302 403 403 403 403", lambda w: w.follower_link),
    "follow_forget": row("302 302 403 403 403 403", lambda w: w.follower_link),
    "follow_stop": public(lambda w: w.stop_link),
    "following": row("302 200 200 200 200 200"),
    "application_start": row("302 200 200 200 200 200", challenge_slug),
    "application_edit": row(OWN, lambda w: w.draft.pk),
    "application_review": row(OWN, lambda w: w.draft.pk),
    "application_save": row(CITY_POST, lambda w: w.draft.pk, lambda w: "team"),
    "application_detail": row(OWN, lambda w: w.application.pk),
    "application_withdraw": row(OWN, lambda w: w.application.pk),
    "application_reopen": row(CITY_POST, lambda w: w.application.pk),
    "jury_seat": row("302 404 404 404 200 404", lambda w: w.seat.pk),
    "jury_conflicts": row("302 404 404 404 200 404", lambda w: w.seat.pk),
    "jury_evaluate": row("302 404 404 404 200 404", lambda w: w.assignment.pk),
    "jury_decline": row("302 404 404 404 200 404", lambda w: w.assignment.pk),
    "city_challenges": row(CITY),
    "city_challenge": row(CITY, challenge_slug),
    "city_jury": row(CITY_POST, challenge_slug),
    "city_assign": row(CITY_POST, challenge_slug),
    "city_cancel": row(CITY, challenge_slug),
    "city_envelope": row(CITY, challenge_slug),
    "city_application": row(CITY, lambda w: w.application.pk),
    "city_return": row(CITY_POST, lambda w: w.assignment.pk),
    "pilotdesk": row("302 200 404 404 404 200", pilot_slug),
    "pilotdesk_start": row(DESK_POST, pilot_slug),
    "pilotdesk_resume": row(DESK_POST, pilot_slug),
    "pilotdesk_suspend": row(DESK_CITY, pilot_slug),
    "pilotdesk_complete": row(DESK_CITY, pilot_slug),
    "pilotdesk_cancel": row(DESK_CITY, pilot_slug),
    "pilotdesk_plan": row(DESK_CITY, pilot_slug),
    "pilotdesk_privacy": row(DESK_POST, pilot_slug),
    "pilotdesk_verdict": row(DESK_CITY, pilot_slug),
    "pilotdesk_sites": row(DESK_CITY, pilot_slug),
    "pilotdesk_release": row(DESK_POST, pilot_slug, lambda w: w.booking.pk),
    "pilotdesk_permit": row(DESK_CITY, pilot_slug, lambda w: w.permit.pk),
    "pilotdesk_indicators": row(DESK_CITY, pilot_slug),
    "pilotdesk_indicator_remove": row(DESK_POST, pilot_slug, lambda w: w.indicator.pk),
    "pilotdesk_milestones": row(DESK_CITY, pilot_slug),
    "pilotdesk_settle": row(DESK_POST, pilot_slug, lambda w: w.milestone.pk),
    "pilotdesk_readings": row("302 200 404 404 404 200", pilot_slug),
    "pilotdesk_key_create": row(DESK_POST, pilot_slug),
    "pilotdesk_key_revoke": row(DESK_POST, pilot_slug, lambda w: w.key.pk),
    "pilotdesk_journal": row("302 200 404 404 404 200", pilot_slug),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_who_gets_in(client: Client, world: World, language: str) -> None:
    found: dict[str, str] = {}
    for role in ROLES:
        person = world.people[role]
        client.logout()
        if person is not None:
            client.force_login(person)
        for name, (makers, _expected) in ADDRESSES.items():
            with translation.override(language):
                address = reverse(name, args=[make(world) for make in makers])
            status = client.get(address).status_code
            found[name] = f"{found.get(name, '')} {status}".strip()
    assert found == {name: expected for name, (_makers, expected) in ADDRESSES.items()}


# What a POST changes, and the answer to a stranger who has the address.
FORBIDDEN_POSTS = [
    ("city_assign", "rival", 403),
    ("city_jury", "owner", 403),
    ("city_return", "juror", 403),
    ("city_envelope", "juror", 403),
    ("city_application", "owner", 403),
    ("pilotdesk_start", "owner", 403),
    ("pilotdesk_start", "rival", 404),
    ("pilotdesk_key_create", "owner", 403),
    ("pilotdesk_permit", "owner", 403),
    ("pilotdesk_verdict", "manager", 404),
    ("application_reopen", "rival", 404),
    ("application_withdraw", "rival", 404),
    ("application_save", "juror", 404),
    ("jury_evaluate", "manager", 404),
    ("workspace_act_as", "rival", 404),
    ("organisation_invite", "rival", 404),
    ("organisation_leave", "rival", 404),
    ("organisation_details", "manager", 404),
    ("organisation_hand_over", "rival", 404),
    ("organisation_close", "manager", 404),
    ("member_role", "rival", 404),
    ("member_remove", "juror", 404),
    ("invitation", "juror", 403),
    ("invitation_resend", "rival", 404),
    ("invitation_revoke", "rival", 404),
    ("ownership_offer", "rival", 404),
    ("ownership_withdraw", "rival", 404),
    ("join_request_answer", "rival", 403),
    ("join_request_answer", "manager", 404),
    ("join_request_withdraw", "owner", 403),
    ("join_request_withdraw", "juror", 404),
]


@pytest.mark.parametrize(("name", "role", "status"), FORBIDDEN_POSTS)
def test_who_may_not_change(
    client: Client, world: World, name: str, role: str, status: int
) -> None:
    person = world.people[role]
    assert person is not None
    client.force_login(person)
    makers, _expected = ADDRESSES[name]
    response = client.post(reverse(name, args=[make(world) for make in makers]))
    assert response.status_code == status
    if status == 403 and name != "invitation":
        assert "Demandez à" in response.content.decode()


def test_a_viewer_reads_and_does_not_move(client: Client, world: World) -> None:
    viewer = factories.make_user("lecture")
    organisation = world.startup.organisation
    Membership.objects.create(user=viewer, organisation=organisation, role=Role.VIEWER)
    client.force_login(viewer)
    assert client.get(reverse("application_detail", args=[world.application.pk])).status_code == 200
    response = client.post(reverse("application_withdraw", args=[world.application.pk]))
    assert response.status_code == 403
    for name in ("requests", "details", "hand_over", "close"):
        page = reverse(f"organisation_{name}", args=[organisation.pk])
        assert client.get(page).status_code == 403
    page = client.get(reverse("organisation_members", args=[organisation.pk]))
    assert page.status_code == 200
    assert world.invitation.email not in page.content.decode()
    for name in ("member_role", "member_remove"):
        assert (
            client.post(reverse(name, args=[world.member.pk]), {"role": "finance"}).status_code
            == 403
        )
    invited = reverse("organisation_invite", args=[organisation.pk])
    assert client.post(invited, {"email": "x@y.ca", "role": "viewer"}).status_code == 403
    # A request of somebody else's is none of a viewer's business.
    assert client.post(reverse("join_request_answer", args=[world.asked.pk])).status_code == 404


def test_someone_without_an_organisation_is_told_what_to_do(client: Client, world: World) -> None:
    client.force_login(factories.make_user("seul"))
    html = client.get(reverse("workspace")).content.decode()
    assert "n’appartient encore à aucune organisation" in html


def test_an_organisation_without_a_profile_is_told_what_to_do(client: Client, world: World) -> None:
    person = factories.make_user("sansfiche")
    organisation = Organisation.objects.create(
        name="Sans fiche", slug="sans-fiche", kind=OrganisationKind.STARTUP
    )
    Membership.objects.create(user=person, organisation=organisation, role=Role.OWNER)
    client.force_login(person)
    response = client.post(reverse("application_start", args=[world.draft.challenge.slug]))
    assert response.status_code == 409
    assert "n’a pas encore de fiche de jeune pousse" in response.content.decode()
