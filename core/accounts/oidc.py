"""Signing in through an identity provider (OpenID Connect), configured by ``OIDC_*``.

allauth leads the exchange (authorization code, PKCE, state). What is added here: a nonce, that the
two descriptions of the person are of the same person, that nobody enters by an address which the
provider has not checked, and a clear page for whatever goes wrong.
"""

from __future__ import annotations

import logging
import secrets
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import translation
from requests import RequestException

from core.languages import LANGUAGES, active_language
from core.text import TextRefused, clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

NONCES: Final = "oidc_nonces"
# One per tab in which a sign-in was begun.
MOST_NONCES: Final = 10
MOST_OF_A_NAME: Final = 150
STATUS: Final = {"cancelled": 200, "forged": 400, "down": 503}


class CityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """allauth's, with a nonce."""

    def get_auth_params(self) -> dict[str, str]:
        """A number that only the token of this very sign-in may bear."""
        nonce = secrets.token_urlsafe(24)
        kept = self.request.session.get(NONCES, [])
        self.request.session[NONCES] = [*kept, nonce][-MOST_NONCES:]
        return {**super().get_auth_params(), "nonce": nonce}

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Whom the provider says it is; ``OAuth2Error`` when it does not hold together."""
        token, described = response.get("id_token") or {}, response.get("userinfo") or {}
        kept = request.session.get(NONCES, [])
        if not token.get("nonce") or token["nonce"] not in kept:
            raise OAuth2Error("nonce")
        request.session[NONCES] = [nonce for nonce in kept if nonce != token["nonce"]]
        if not token.get("sub") or described.get("sub", token["sub"]) != token["sub"]:
            raise OAuth2Error("subject")
        return super().sociallogin_from_response(request, response)

    def extract_email_addresses(self, data: Any) -> Any:
        """Checked only when the provider says so; some say it as a word."""
        addresses = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = str(address.verified).lower() == "true"
        return addresses


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Hooks of allauth that we fill."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        """Ours in the place of allauth's."""
        found = super().get_provider(request, provider, client_id=client_id)
        if isinstance(found, OpenIDConnectProvider):
            return CityProvider(request, app=found.app)
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Nobody enters for the first time by an address that the provider has not checked."""
        _speak_as_begun(sociallogin.state)
        if sociallogin.account.pk:
            return
        address = next(iter(sociallogin.email_addresses), None)
        try:
            if address is None or not address.verified:
                raise ValidationError("unverified", code="unverified")
            get_account_adapter().clean_email(address.email)
        except ValidationError as error:
            said = {"provider": sociallogin.provider, "address": address, "error": error}
            page = "socialaccount/unverified.html"
            raise ImmediateHttpResponse(render(request, page, said, status=403)) from error

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """The name that the provider gives, and the language of the page."""
        user = super().populate_user(request, sociallogin, data)
        user.language = active_language()
        try:
            user.name = clean_line(str(data.get("name") or ""), most=MOST_OF_A_NAME)
        except TextRefused:
            user.name = ""
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """In the language in which the sign-in was begun."""
        sociallogin.user.language = active_language()
        return super().save_user(request, sociallogin, form)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Which of the three it was: gave up, provider down, or a sign-in not begun here."""
        _speak_as_begun((extra_context or {}).get("state"))
        why = "cancelled" if error == AuthError.CANCELLED else "forged"
        if isinstance(exception, RequestException):
            why = "down"
        raise ImmediateHttpResponse(_page(request, provider, why, exception))


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """allauth's ``view``, for which a provider that is down, or answers nonsense, is a page."""

    @wraps(view)
    def wrapped(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (RequestException, KeyError, ValueError) as error:
            provider = SocialAdapter().get_provider(request, provider_id)
            return _page(request, provider, "down", error)

    return wrapped


def _page(
    request: HttpRequest, provider: Any, why: str, exception: Exception | None
) -> HttpResponse:
    if why != "cancelled":
        logger.warning("Sign-in through %s: %s (%r)", provider.name, why, exception)
    page = "socialaccount/authentication_error.html"
    return render(request, page, {"provider": provider, "why": why}, status=STATUS[why])


def _speak_as_begun(state: dict[str, Any] | None) -> None:
    """The callback has no language in its address: that of the page one goes back to."""
    code = str((state or {}).get("next") or "").strip("/").partition("/")[0]
    if code in LANGUAGES:
        translation.activate(code)
