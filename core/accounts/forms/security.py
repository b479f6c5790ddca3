"""allauth's forms, with our sentences and equal work whether an address has an account or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from core.accounts.limits import too_many
from core.accounts.mail_domains import as_kept

if TYPE_CHECKING:
    from django.http import HttpRequest

PASSWORD_HELP = _("Ten characters at least; several words without a link make a good password.")


def _plainly(form: Any) -> None:
    """One sentence about passwords, not a list within a paragraph."""
    form.fields["password1"].help_text = PASSWORD_HELP


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """Creates an account; an address that has one already costs the same time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As allauth's."""
        super().__init__(*args, **kwargs)
        _plainly(self)

    def try_save(self, request: HttpRequest) -> Any:
        """The slow digest of the password is made in both cases.

        No account is made for an address that cannot be sent its code now.
        """
        if not consume_email_verification_rate_limit(
            request, self.cleaned_data["email"], dry_run=True
        ):
            raise ImmediateHttpResponse(too_many(request))
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Signs in with an address and a password."""

    def clean_login(self) -> str:
        """The address as it is kept."""
        return as_kept(super().clean_login())


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Asks for a code by mail."""

    def clean_email(self) -> str:
        """The address as it is kept."""
        self.cleaned_data["email"] = as_kept(self.cleaned_data["email"])
        return str(super().clean_email())


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """Changes the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As allauth's."""
        super().__init__(*args, **kwargs)
        _plainly(self)


class SetPasswordForm(allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """The first password of an account that had none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As allauth's."""
        super().__init__(*args, **kwargs)
        _plainly(self)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password after a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As allauth's."""
        super().__init__(*args, **kwargs)
        _plainly(self)


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Adds a passkey, or a key that comes after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A passkey unless the person says otherwise."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        if "passwordless" in self.fields:
            field = self.fields["passwordless"]
            field.initial = True
            field.label = _("It also replaces my password (passkey)")
            field.help_text = _(
                "Your device then asks for your fingerprint, your face or its code each time."
            )
