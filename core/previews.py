"""A record read in each language before anything is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin

from core.addresses import site_url
from core.languages import CANONICAL, LANGUAGES, active_language

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse


class TwoLanguagePreview(PreviewableMixin):  # type: ignore[misc]  # Wagtail carries no types
    """The public page itself, in the language of the mode and at the record's own address.

    ``PREVIEW_TEMPLATE`` is the template of the public page and :meth:`preview_context` what its
    view gives it; a record may not be saved yet.
    """

    PREVIEW_TEMPLATE = ""

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Both languages; none for a record without a public page."""
        if not self.PREVIEW_TEMPLATE:
            return []
        return [("fr", _("In French")), ("en", _("In English"))]

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """Hook: what the public view gives the template at ``now``."""
        raise NotImplementedError

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """What is previewed is what will be seen."""
        return self.PREVIEW_TEMPLATE

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The public view's own context."""
        return self.preview_context(timezone.now())

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Wagtail's own; the answer is rendered inside, so all of it is in one language."""
        language = preview_mode if preview_mode in LANGUAGES else CANONICAL
        with translation.override(language):
            response: HttpResponse = super().make_preview_request(
                original_request, language, extra_request_attrs
            )
        return response

    def _get_dummy_header_url(self, original_request: HttpRequest | None = None) -> str:
        # The middleware reads the language from the address: it has to be the mode's.
        address = self._public_address()
        if original_request is not None:
            return original_request.build_absolute_uri(address)
        return f"{site_url()}{address}"

    def _public_address(self) -> str:
        try:
            address: str = self.get_absolute_url()  # type: ignore[attr-defined]
        except NoReverseMatch:
            # A draft that has no address yet.
            return f"/{active_language()}/"
        return address
