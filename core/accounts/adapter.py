"""Our turn of django-allauth: mails go through the outbox, demo accounts stay in development."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.notifications.outbox import queue_rendered

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Hooks of allauth that we fill."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new person reads in the language they signed up in."""
        user.language = (get_language() or "fr")[:2]
        return super().save_user(request, user, form, commit=commit)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the demonstration's public password anywhere but in development."""
        email = str(credentials.get("email") or "")
        if email.endswith("@demo.test") and not settings.DEBUG:
            raise ValidationError(_("Demonstration accounts are closed on this site."))
        super().pre_authenticate(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail is a row before it is a message, allauth's too."""
        message = self.render_mail(template_prefix, email, context)
        html = next(
            (
                str(body)
                for body, kind in getattr(message, "alternatives", [])
                if kind == "text/html"
            ),
            "",
        )
        queue_rendered(
            key=f"account:{uuid.uuid4().hex}",
            event=template_prefix.replace("/", "_"),
            to_email=email,
            language=(get_language() or "fr")[:2],
            subject=message.subject,
            text=str(message.body),
            html=html,
        )
