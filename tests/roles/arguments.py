"""What an address takes, and what is posted to it; no entry for nothing.

What is posted is what a person with the right would send: a refusal then is one of the person, and
not of an empty form.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language

from core.accounts.models import User
from pilots.models import Challenge
from startups.models import Solution, Startup
from startups.profile import frozen_profile
from tests.roles import editing
from tests.roles.walk import LANGUAGE, Address
from tests.roles.world import PAGE_PASSWORD, World

Maker = Callable[[World], Any]


def _challenge(w: World) -> list[Any]:
    return [w.challenge.slug]


def _organisation(w: World) -> list[Any]:
    return [w.organisation.pk]


def _application(w: World) -> list[Any]:
    return [w.application.pk]


def _draft(w: World) -> list[Any]:
    return [w.draft.pk]


def _pilot(w: World) -> list[Any]:
    return [w.pilot.slug]


def _claimed(w: World) -> list[Any]:
    return ["startup", w.other.pk]


ARGUMENTS: dict[str, Callable[[World], list[Any]]] = {
    "challenge_detail": _challenge,
    "pilot_detail": _pilot,
    "site_detail": lambda w: [w.site.slug],
    "incubator_detail": lambda w: [w.incubator.slug],
    "program_detail": lambda w: [w.program.slug],
    "startup_detail": lambda w: [w.startup.slug],
    "solution_detail": lambda w: [w.solution.slug],
    "file": lambda w: [w.file.pk],
    "listing_confirm": lambda w: ["startup", w.startup.pk],
    "picture": lambda w: [w.logo.pk],
    "alumni": _organisation,
    "alumni_say": _organisation,
    "alumni_answer": lambda w: [w.organisation.pk, w.tie.pk],
    "listing_claim": lambda w: ["startup", w.other.slug],
    "listing_claim_prove": lambda w: [w.proof_link],
    "claim_withdraw": lambda w: [w.claim.pk],
    "listing_wrong": lambda w: ["startup", w.startup.slug],
    "listing_correct": lambda w: ["startup", w.startup.slug, "founded_year"],
    "listing_corrections": lambda w: ["startup", w.startup.pk],
    "correction_answer": lambda w: [w.correction.pk],
    "city_correction": lambda w: [w.correction.pk],
    "listing_history": lambda w: ["startup", w.startup.slug],
    "listing_close": lambda w: ["startup", w.startup.pk],
    "city_close": _claimed,
    "city_merge": _claimed,
    "city_rename": _claimed,
    "city_reopen": _claimed,
    "city_listing": _claimed,
    "city_claims": _claimed,
    "city_verify": _claimed,
    "intake_new": lambda w: [w.program.pk],
    "intake_edit": lambda w: [w.intake.pk],
    "intake_cancel": lambda w: [w.intake.pk],
    "intake_next": lambda w: [w.past_intake.pk],
    "session_end": lambda w: [w.session.pk],
    "workspace_act_as": _organisation,
    "data_export_take": lambda w: [w.export.pk],
    "organisation_join": lambda w: [w.link],
    "organisation_requests": _organisation,
    "organisation_members": _organisation,
    "organisation_invite": _organisation,
    "organisation_leave": _organisation,
    "organisation_details": _organisation,
    "organisation_hand_over": _organisation,
    "organisation_close": _organisation,
    "member_role": lambda w: [w.member.pk],
    "member_remove": lambda w: [w.member.pk],
    "invitation": lambda w: [w.invitation_link],
    "invitation_resend": lambda w: [w.invitation.pk],
    "invitation_revoke": lambda w: [w.invitation.pk],
    "ownership_offer": lambda w: [w.offer.pk],
    "ownership_withdraw": lambda w: [w.offer.pk],
    "join_request_answer": lambda w: [w.asked.pk],
    "join_request_withdraw": lambda w: [w.asked.pk],
    "follow": lambda w: ["challenge", w.challenge.slug],
    "follow_confirm": lambda w: ["forged"],
    "follow_page": lambda w: [w.follower_link],
    "follow_data": lambda w: [w.follower_link],
    "follow_forget": lambda w: [w.follower_link],
    "follow_stop": lambda w: [w.stop_link],
    "application_start": lambda w: [w.open_challenge.slug],
    "application_edit": _draft,
    "application_review": _draft,
    "application_save": lambda w: [w.draft.pk, "team"],
    "application_detail": _application,
    "application_withdraw": _application,
    "application_reopen": _application,
    "jury_seat": lambda w: [w.seat.pk],
    "jury_conflicts": lambda w: [w.seat.pk],
    "jury_evaluate": lambda w: [w.assignment.pk],
    "jury_decline": lambda w: [w.assignment.pk],
    "city_challenge": _challenge,
    "city_jury": _challenge,
    "city_assign": _challenge,
    "city_cancel": _challenge,
    "city_envelope": _challenge,
    "city_application": _application,
    "city_return": lambda w: [w.assignment.pk],
    "pilotdesk_release": lambda w: [w.pilot.slug, w.booking.pk],
    "pilotdesk_permit": lambda w: [w.pilot.slug, w.permit.pk],
    "pilotdesk_indicator_remove": lambda w: [w.pilot.slug, w.indicator.pk],
    "pilotdesk_settle": lambda w: [w.pilot.slug, w.milestone.pk],
    "pilotdesk_key_revoke": lambda w: [w.pilot.slug, w.key.pk],
    "mfa_remove_webauthn": lambda w: [w.security_key.pk],
    "mfa_edit_webauthn": lambda w: [w.security_key.pk],
    "openid_connect_login": lambda w: ["none"],
    "openid_connect_callback": lambda w: ["none"],
    "interest_send": lambda w: [w.program.slug, w.new_intake.pk],
    "interest_sent": lambda w: [w.interest.pk],
    "interest_received": lambda w: [w.interest.pk],
    "interest_inbox": lambda w: [w.other.organisation_id],
    "interest_export": lambda w: [w.other.organisation_id],
    "incubator_desk": lambda w: [w.incubator.pk],
    "need_detail": lambda w: [w.need.pk],
    "need_answer": lambda w: [w.other_need.pk],
    "need_edit": lambda w: [w.need.pk],
    "startup_needs": lambda w: [w.startup.pk],
    "deployment_contact": lambda w: [w.deployment.pk],
    "relay": lambda w: [w.relay.pk],
    "moderation_relay": lambda w: [w.relay.pk],
    "moderation_need": lambda w: [w.other_need.pk],
    "wagtailadmin_password_reset_confirm": lambda w: [
        urlsafe_base64_encode(force_bytes(w.member.user.pk)),
        default_token_generator.make_token(w.member.user),
    ],
    "wagtail_serve": lambda w: [f"{w.page.slug}/"],
    "wagtaildocs_serve": lambda w: [w.document.pk, w.document.filename],
    "wagtaildocs_authenticate_with_password": lambda w: [w.collection_restriction.pk],
    "wagtailcore_authenticate_with_password": lambda w: [w.restriction.pk, w.word_page.pk],
    **editing.ARGUMENTS,
}


# Where a pattern without a name is visited, when its route is no address.
PLACES = {"admin/^.*/$": "/admin/nulle-part/"}


def place(address: Address, world: World) -> str:
    """Where it is, in the active language."""
    if address.key == address.name:
        return reverse(address.name, **arguments(address, world))
    return PLACES.get(address.key) or "/" + address.route.replace(LANGUAGE, f"{get_language()}/")


def arguments(address: Address, world: World) -> dict[str, Any]:
    """What ``reverse`` takes."""
    if address.key in ARGUMENTS:
        return {"args": ARGUMENTS[address.key](world)}
    if address.name.startswith("pilotdesk"):
        return {"args": _pilot(world)}
    if address.route.startswith("admin/"):
        return {"kwargs": _of_the_administration(address, world)}
    return {}


# What stands in the administration for each of ours, when it is not the newest of its kind.
SHOWN: dict[type, Maker] = {
    User: lambda w: w.member.user,
    Challenge: lambda w: w.written,
    Startup: lambda w: w.startup,
    Solution: lambda w: w.solution,
}


def _of_the_administration(address: Address, world: World) -> dict[str, Any]:
    model = world.models.get(address.space) or address.model
    maker = SHOWN.get(model)
    shown = maker(world) if maker else model and model._default_manager.order_by("-pk").first()
    task = None
    if "task_state_id" in address.parameters and model is Challenge:
        shown = world.submitted
        task = shown.current_workflow_task_state
    values = {
        "pk": shown.pk if shown else 0,
        "revision_id": getattr(shown, "latest_revision_id", None) or 0,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "task_id": task.task_id if task else 0,
        "task_state_id": task.pk if task else 0,
        "workflow_state_id": task.workflow_state_id if task else 0,
        "action_name": "approve",
        "act": "cancel",
        "event": "invitation",
        "language": "fr",
    }
    return {name: values[name] for name in address.parameters}


def _day(w: World, days: int = 0) -> str:
    return str(w.pilot.ends_on + timedelta(days=days))


def _intake(w: World) -> dict[str, Any]:
    dates = {"opens_at": f"{_day(w)}T09:00", "closes_at": f"{_day(w, 30)}T17:00"}
    return {**dates, "apply_by": "here", "languages": ["fr"]}


POSTED: dict[str, Callable[[World], dict[str, Any]]] = {
    "alumni_say": lambda w: {
        "side": "startup",
        "startup": w.startup.pk,
        "program": w.program.pk,
        "year": "2024",
    },
    "alumni_answer": lambda w: {"answer": "withdraw"},
    "listing_claim": lambda w: {"way": "proof", "email": "info@mesures.example"},
    "listing_correct": lambda w: {"value": "2017", "source": "Elle-même", "began": w.began},
    "correction_answer": lambda w: {"answer": "refuse", "reason": "Non"},
    "city_correction": lambda w: {"answer": "refuse", "reason": "Non"},
    "listing_close": lambda w: {"closed_on": "2020-01-01", "note_fr": "Fin", "sure": "on"},
    "city_close": lambda w: {"closed_on": "2020-01-01", "note_fr": "Fin"},
    "city_merge": lambda w: {
        "closed_on": "2020-01-01",
        "note_fr": "Fin",
        "heir": w.startup.slug,
    },
    "city_rename": lambda w: {"slug": "une-autre-adresse"},
    "city_reopen": lambda w: {"reason_fr": "Par erreur"},
    "city_claims": lambda w: {
        "read": [w.claim.pk],
        "accepted": w.claim.pk,
        "reason_fr": "Motif",
    },
    "preferences": lambda w: {"name": "Nom", "language": "en"},
    "erase_me": lambda w: {"word": "erase"},
    "organisation_create": lambda w: {
        "name": "Une autre maison",
        "kind": "startup",
        "language": "fr",
    },
    "organisation_invite": lambda w: {"email": "personne@test.example", "role": "viewer"},
    "organisation_details": lambda w: {"name": "Autre nom", "language": "fr"},
    "organisation_hand_over": lambda w: {"to": w.member.pk, "stays_owner": "yes"},
    "organisation_close": lambda w: {"name": w.organisation.name},
    "member_role": lambda w: {"role": "editor"},
    "invitation": lambda w: {"answer": "decline"},
    "ownership_offer": lambda w: {"answer": "refuse"},
    "join_request_answer": lambda w: {"answer": "accept", "role": "viewer"},
    "follow": lambda w: {"email": "lecture@test.example", "language": "fr"},
    "follow_link": lambda w: {"email": w.person("owner").email},
    "follow_page": lambda w: {"stop": "all"},
    "following": lambda w: {"stop": "all"},
    "follow_search": lambda w: {
        "frequency": "weekly",
        "email": "curieuse@maison.example",
        "language": "fr",
    },
    "application_save": lambda w: {"value": "Nous", "version": "0"},
    "application_edit": lambda w: {"q-team": "Nous", "q-version-team": "0"},
    "jury_conflicts": lambda w: {"sincere": "on"},
    "jury_evaluate": lambda w: {"to_applicant": "Bien"},
    "city_jury": lambda w: {"users": [w.person("juror").pk]},
    "city_application": lambda w: {"outcome": "selected", "reasons_fr": "Motif"},
    "city_cancel": lambda w: {"reason_fr": "Motif"},
    "pilotdesk_suspend": lambda w: {"reason_fr": "Motif"},
    "pilotdesk_cancel": lambda w: {"reason_fr": "Motif"},
    "pilotdesk_plan": lambda w: {
        "title_fr": "Titre",
        "starts_on": str(w.pilot.starts_on),
        "ends_on": _day(w),
        "verdict_due_on": _day(w, 30),
        "verdict_role_fr": "Direction",
    },
    "pilotdesk_verdict": lambda w: {"outcome": "stop", "reasons_fr": "x", "role_fr": "x"},
    "pilotdesk_sites": lambda w: {
        "site": w.free_site.slug,
        "starts_on": str(w.pilot.starts_on),
        "ends_on": _day(w),
    },
    "pilotdesk_permit": lambda w: {"move": "request"},
    "pilotdesk_indicators": lambda w: {"label_fr": "Bruit", "unit": "dB", "every_days": "7"},
    "pilotdesk_milestones": lambda w: {"title_fr": "Jalon", "due_on": _day(w)},
    "pilotdesk_settle": lambda w: {"to": "met", "on": str(w.pilot.starts_on)},
    "pilotdesk_readings": lambda w: {
        "indicator": "k",
        "at": f"{w.pilot.starts_on}T00:01",
        "value": "1",
    },
    "pilotdesk_key_create": lambda w: {"label": "Compteur"},
    "pilotdesk_journal": lambda w: {"happened_on": str(w.pilot.starts_on), "title_fr": "Jour"},
    "intake_new": _intake,
    "intake_edit": _intake,
    "intake_next": _intake,
    "intake_cancel": lambda w: {"reason_fr": "Motif"},
    "wagtailsnippets_pilots_pilot:revisions_revert": lambda w: {"title_fr": "Titre"},
    "interest_send": lambda w: {
        "word": "Mot",
        "fingerprint": frozen_profile(w.startup, []).fingerprint,
    },
    "interest_sent": lambda w: {"do": "say", "text": "Mot"},
    "interest_received": lambda w: {"do": "say", "text": "Mot"},
    "interest_inbox": lambda w: {"interest": w.interest.pk},
    "search_dismiss": lambda w: {
        "about": f"challenge:{w.challenge.pk}",
        "what": f"startup:{w.startup.pk}",
    },
    "need_answer": lambda w: {"writer": w.other.organisation_id, "text": "Mot"},
    "deployment_contact": lambda w: {"writer": w.other.organisation_id, "text": "Mot"},
    "need_edit": lambda w: {"kind": "data", "text_fr": "Autre", "expires_on": w.need.expires_on},
    "startup_needs": lambda w: {"kind": "data", "text_fr": "x", "expires_on": w.need.expires_on},
    "relay": lambda w: {"do": "say", "text": "Mot"},
    "moderation_relay": lambda w: {"reason": "Motif"},
    "moderation_need": lambda w: {"reason": "Motif"},
    "account_login": lambda w: {"login": w.member.user.email, "password": "motdepasse"},
    "imports:inspect": lambda w: {"act": "abandon"},
    "wagtailcore_authenticate_with_password": lambda w: {
        "password": PAGE_PASSWORD,
        "return_url": "/fr/mot/",
    },
    "wagtaildocs_authenticate_with_password": lambda w: {
        "password": PAGE_PASSWORD,
        "return_url": "/fr/mot/",
    },
    **editing.POSTED,
}
