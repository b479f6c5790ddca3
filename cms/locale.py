"""Which language a page is in; an address without one leads to the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.urls import is_valid_path

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class SiteLocaleMiddleware(LocaleMiddleware):
    """Django's own, save that a 404 answered by an address without a language stays a 404.

    Django leads every such 404 to ``/fr/…``, where Wagtail's catch-all accepts any path: a file
    that one may not read would answer a redirection.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave the answers of addresses that exist without a language alone."""
        urlconf = getattr(request, "urlconf", settings.ROOT_URLCONF)
        if response.status_code == 404 and is_valid_path(request.path_info, urlconf):
            return response
        return super().process_response(request, response)
