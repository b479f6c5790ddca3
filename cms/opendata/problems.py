"""What goes wrong, said as RFC 9457 problem documents, and the one door of all API addresses."""

from __future__ import annotations

import hashlib
import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja.errors import HttpError, ValidationError

from cms.opendata.params import WORDS
from core.addresses import site_url
from core.exceptions import DomainError, Incomplete, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from ninja import NinjaAPI

    type_view = Callable[..., HttpResponseBase]

log = logging.getLogger("django.request")

DOCS_PATH = "/api/v1/docs"
LICENCE_NAME = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
SECONDS = 60

# Code and title of each status; the documentation page explains them under these names.
TITLES: dict[int, tuple[str, str]] = {
    400: ("bad_request", gettext_noop("The request could not be read.")),
    401: ("key_required", gettext_noop("A key is required.")),
    403: ("not_allowed", gettext_noop("This is not allowed.")),
    404: ("not_found", gettext_noop("There is nothing public at this address.")),
    405: ("method_not_allowed", gettext_noop("This address does not take that method.")),
    409: ("refused", gettext_noop("This cannot be done now.")),
    410: ("removed", gettext_noop("This record was removed.")),
    413: ("too_large", gettext_noop("The request is too large.")),
    415: ("unsupported_media_type", gettext_noop("The body must be JSON.")),
    422: ("invalid", gettext_noop("A value cannot be used.")),
    500: ("error", gettext_noop("Something went wrong on our side.")),
}


def problem(
    request: HttpRequest, status: int, detail: str = "", *, code: str = "", **more: Any
) -> HttpResponse:
    """A problem document; ``code`` is stable, for software, and ``detail`` is for people."""
    default_code, title = TITLES.get(status, ("error", HTTPStatus(status).phrase))
    code = code or default_code
    document = {
        "type": f"{site_url()}{DOCS_PATH}#{code}",
        "title": _(title),
        "status": status,
        "detail": detail or _(title),
        "instance": request.path,
        "code": code,
        **more,
    }
    if status == HTTPStatus.NOT_FOUND:
        # Else the language middleware would look for a page of this name under /fr/ or /en/.
        request.urlconf = "cms.opendata.urls"  # type: ignore[attr-defined]
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
    )
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="pilot readings"'
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """No such address under ``/api/v1/``."""
    return problem(request, 404, _("This address is not part of the API; see its documentation."))


def add_handlers(api: NinjaAPI) -> None:
    """Every exception becomes a problem document."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Exception: _unforeseen,
        Http404: lambda request, error: problem(request, 404),
        HttpError: lambda request, error: problem(request, error.status_code, error.message),
        ValidationError: _invalid,
        DomainError: _refused,
        SuspiciousOperation: lambda request, error: problem(request, 400),
        RequestDataTooBig: lambda request, error: problem(request, 413),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """One sentence for each parameter that cannot be used: what it takes."""
    names = list(dict.fromkeys(str(e["loc"][-1]) for e in error.errors))
    errors = [{"name": name, "detail": _(WORDS[name]) if name in WORDS else ""} for name in names]
    detail = " ".join(f"“{e['name']}”: {e['detail']}" for e in errors)
    return problem(request, 422, detail, errors=errors)


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 409
    more = {"problems": error.problems} if isinstance(error, Incomplete) else {}
    return problem(request, status, str(error), code=error.code, **more)


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    got_request_exception.send(sender=None, request=request)
    log.error("Internal Server Error: %s", request.path, exc_info=error)
    return problem(request, 500)


def door(view: type_view) -> type_view:
    """``view`` with what all addresses of the API share: HEAD, OPTIONS, 405, ETag and headers."""

    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _public(HttpResponse(status=204))
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response.headers["Allow"]
            response = problem(request, 405)
            response.headers["Allow"] = allowed
        if request.method != "GET":
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        response = _fresh(request, _public(response))
        return _bodiless(request, response) if is_head else response

    # The key in the header is what allows a write: no cookie is read.
    opened.csrf_exempt = True  # type: ignore[attr-defined]
    return opened


def _public(response: HttpResponseBase) -> HttpResponseBase:
    """Anyone may read it, from any page, and keep it a minute."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Language"])
    if response.status_code == HTTPStatus.NO_CONTENT:
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "*"
    elif response.status_code == HTTPStatus.OK:
        response.headers.setdefault("Cache-Control", f"public, max-age={SECONDS}")
        response.headers["Link"] = f'<{LICENCE_URL}>; rel="license"'
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _fresh(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An ETag, and 304 for a reader who already has it."""
    if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    if not isinstance(answer, HttpResponse):
        return response
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _bodiless(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    request.method = "HEAD"
    empty = HttpResponse(status=response.status_code)
    for name, value in response.headers.items():
        empty.headers[name] = value
    if isinstance(response, HttpResponse):
        empty.headers["Content-Length"] = str(len(response.content))
    else:
        response.close()
    return empty
