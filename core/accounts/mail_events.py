"""The messages of django-allauth about the ways into an account, as events of our catalogue.

allauth names each by the beginning of its templates (``account/email/login_code``); the event is
that name with underscores. What allauth gives is said here by names that staff understand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, catalogue, register
from core.notifications.variables import (
    EXAMPLE_INSTANT,
    Code,
    Email,
    Instant,
    Link,
    Text,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

# What allauth says of a browser that says nothing of itself.
UNSAID: Final = frozenset({"", "Unspecified"})

CODE: Final = {"code": Code(_("code to enter, which serves once"), example="ABCD-EFGH")}
RESET_PAGE: Final = Link(_("page to choose a new password"), to="account_reset_password")
# Where something was done, so that its person knows their own hand.
TRACE: Final[dict[str, Variable]] = {
    "done_at": Instant(_("when it was done"), example=EXAMPLE_INSTANT),
    "ip": Text(_("network address that it was done from"), example="192.0.2.17"),
    "user_agent": Text(
        _("browser, as it names itself"),
        example="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
    "reset_page": RESET_PAGE,
}
PROVIDER: Final = {"provider": Text(_("identity provider"), example="OpenID Connect")}

CODES: Final = {
    "account_email_email_confirmation_signup": _("Account: code to check its first address"),
    "account_email_email_confirmation": _("Account: code to check an address"),
    "account_email_login_code": _("Account: code to sign in"),
    "account_email_password_reset_code": _("Account: code to choose a new password"),
}
DONE: Final[dict[str, tuple[_StrPromise, dict[str, Variable]]]] = {
    "account_email_email_confirm": (_("Account: address checked"), {}),
    "account_email_email_changed": (
        _("Account: address changed"),
        {
            "from_email": Email(_("former address"), example="ancienne@mesures.example"),
            "to_email": Email(_("new address"), example="nouvelle@mesures.example"),
        },
    ),
    "account_email_email_deleted": (
        _("Account: address removed"),
        {"deleted_email": Email(_("address removed"), example="ancienne@mesures.example")},
    ),
    "account_email_password_changed": (_("Account: password changed"), {}),
    "account_email_password_reset": (_("Account: password changed by a code"), {}),
    "account_email_password_set": (_("Account: first password"), {}),
    "mfa_email_totp_activated": (_("Account: authenticator app added"), {}),
    "mfa_email_totp_deactivated": (_("Account: authenticator app removed"), {}),
    "mfa_email_recovery_codes_generated": (_("Account: new recovery codes"), {}),
    "mfa_email_webauthn_added": (_("Account: key added"), {}),
    "mfa_email_webauthn_removed": (_("Account: key removed"), {}),
    "socialaccount_email_account_connected": (
        _("Account: identity provider linked"),
        {**PROVIDER},
    ),
    "socialaccount_email_account_disconnected": (
        _("Account: identity provider unlinked"),
        {**PROVIDER},
    ),
}


def register_mail_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    for name, label in CODES.items():
        _register(name, label, CODE)
    for name, (label, variables) in DONE.items():
        _register(name, label, {**variables, **TRACE})
    _register(
        "account_email_account_already_exists",
        _("Account: the address has one already"),
        {
            "sign_in_page": Link(_("page to sign in"), to="account_login"),
            "reset_page": RESET_PAGE,
        },
    )
    _register(
        "account_email_unknown_account",
        _("Account: no account has the address"),
        {"sign_up_page": Link(_("page to create an account"), to="account_signup")},
        audience=Audience.NOBODY_YET,
    )


def _register(
    name: str,
    label: _StrPromise,
    variables: Mapping[str, Variable],
    audience: Audience = Audience.PERSON,
) -> None:
    register(
        Event(name=name, label=label, audience=audience, variables=variables, opens_an_account=True)
    )


def event_of(template_prefix: str) -> Event:
    """The event of a mail as allauth names it; ``KeyError`` on one that the catalogue lacks."""
    return catalogue[template_prefix.replace("/", "_")]


def facts_of(event: Event, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the words of ``event`` may say, out of all that allauth gives to its own templates."""
    agent = str(given.get("user_agent") or "").strip()
    found = {
        **given,
        "done_at": given.get("timestamp"),
        "user_agent": _("not named") if agent in UNSAID else agent,
        "provider": str(given.get("provider") or ""),
    }
    return {key: found[key] for key in sorted(event.keys()) if key in found}
