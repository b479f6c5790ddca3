"""Our turn of django-allauth: mails go through the outbox, addresses are cleaned."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.accounts import mail_domains
from core.accounts.limits import too_many
from core.accounts.mail_events import event_of, facts_of
from core.accounts.models import User
from core.accounts.recent import was_recent
from core.languages import active_language
from core.notifications.outbox import queue_message
from core.text import TextRefused

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Hooks of allauth that we fill."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("No account has both this address and this password."),
        "incorrect_code": _("This is not the code, or it has served. Look at the last message."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "duplicate_email": _("This is already the address of your account."),
        "same_as_current": _("This is already the address written above."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new person reads in the language they signed up in."""
        user.language = active_language()
        return super().save_user(request, user, form, commit=commit)

    def clean_email(self, email: str) -> str:
        """An address that imitates another one is refused with a sentence."""
        try:
            return mail_domains.clean_address(super().clean_email(email))
        except TextRefused as error:
            raise ValidationError(str(error), code=error.code) from error

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the demonstration's public password anywhere but in development."""
        email = str(credentials.get("email") or "")
        if email.endswith("@demo.test") and not settings.DEBUG:
            raise ValidationError(_("Demonstration accounts are closed on this site."))
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What a form is refused with; who tried too often reads a page that says until when."""
        if code in ("too_many_login_attempts", "rate_limited") and current.request is not None:
            raise ImmediateHttpResponse(too_many(current.request))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """One rule for the whole site: :func:`core.accounts.recent.was_recent`."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        return current.request is None or not was_recent(current.request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail is a row before it is a message, allauth's too: an event of the catalogue.

        It is written in the language of the person, else in that of the page. ``KeyError`` when
        allauth sends what :mod:`core.accounts.mail_events` does not know.
        """
        event = event_of(template_prefix)
        person = _person(email, context)
        queue_message(
            key=f"account:{uuid.uuid4().hex}",
            event=event.name,
            to=person if person is not None else email,
            to_email=email,
            context=facts_of(event, context),
            language=person.language if person is not None else active_language(),
        )


def _person(email: str, context: dict[str, Any]) -> User | None:
    """Whose mail it is: the account of the address, else the person named by allauth."""
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        known = EmailAddress.objects.filter(email__iexact=email, verified=True)
        address = known.select_related("user").first()
        named = address.user if address is not None else context.get("user")
        if named is None and current.request is not None and current.request.user.is_authenticated:
            named = current.request.user
        found = named if isinstance(named, User) else None
    return found
