"""The messages that the thread sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notifications.events import Event, register


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    for name, label, audience in (
        ("application_receipt", _("Receipt of an application"), "applicant"),
        ("jury_invitation", _("Invitation to a jury"), "jury"),
        ("decision_letter", _("Decision on an application"), "applicant"),
        ("pilot_started", _("Start of a trial"), "applicant"),
        ("pilot_verdict", _("Verdict of a trial"), "applicant"),
    ):
        register(Event(name=name, label=label, audience=audience))
