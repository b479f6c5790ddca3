"""Anonymous pages kept whole for a few seconds, with an ETag.

First in the chain: a hit costs a dictionary look-up and a comparison. Only what a visitor without
a session receives is kept; such a page holds no CSRF token and no mark of a person. Each process
keeps its own pages, so nothing has to be told to anyone: they simply grow old.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    type_view = Callable[[HttpRequest], HttpResponse]

CAPACITY = 512
LARGEST = 1_000_000
KEPT_TYPES = ("text/html", "application/atom+xml", "text/calendar")
NEVER = ("/admin/", "/api/", "/dev/", "/files/", "/static/", "/media/", "/healthz", "/readyz")


@dataclass(slots=True)
class KeptPage:
    """A whole answer: bytes plain and compressed, headers, and until when it is served."""

    body: bytes
    compressed: bytes
    headers: list[tuple[str, str]]
    etag: str
    expires: float


class PageCache:
    """A small store of pages, the oldest leaving first; safe between threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """``capacity`` is a number of pages."""
        self._capacity = capacity
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, now: float) -> KeptPage | None:
        """The page under ``key`` if it is still fresh at ``now`` (monotonic seconds)."""
        page = self._pages.get(key)
        return page if page is not None and page.expires > now else None

    def put(self, key: str, page: KeptPage) -> None:
        """Keep ``page``, dropping the oldest beyond the capacity."""
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._capacity:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()


pages = PageCache()


class PageCacheMiddleware:
    """Serve kept pages; keep what may be kept. Off when ``PAGE_CACHE_SECONDS`` is 0."""

    def __init__(self, get_response: type_view) -> None:
        """``get_response`` is the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the store when the reader is nobody in particular."""
        seconds: int = settings.PAGE_CACHE_SECONDS
        if not seconds or not _is_anonymous_read(request):
            return self.get_response(request)
        key = f"{request.META.get('HTTP_HOST', '')}{request.scheme}{request.get_full_path()}"
        now = time.monotonic()
        page = pages.get(key, now)
        if page is None:
            response = self.get_response(request)
            page = _keepable(request, response, now + seconds)
            if page is None:
                return response
            pages.put(key, page)
        return _answer(request, page)


def _is_anonymous_read(request: HttpRequest) -> bool:
    if request.method != "GET" or request.path == "/" or request.path.startswith(NEVER):
        return False
    # A part of a page asked for by a script is not the page.
    if "HTTP_HX_REQUEST" in request.META:
        return False
    cookies = request.META.get("HTTP_COOKIE", "")
    return settings.SESSION_COOKIE_NAME not in cookies and "messages" not in cookies


def _keepable(request: HttpRequest, response: HttpResponse, expires: float) -> KeptPage | None:
    if response.status_code != 200 or response.streaming or response.cookies:
        return None
    kind = response.headers.get("Content-Type", "").split(";")[0]
    private = "private" in response.headers.get("Cache-Control", "")
    if kind not in KEPT_TYPES or private or len(response.content) > LARGEST:
        return None
    # A form's token belongs to one person: such a page is never shared.
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or request.META.get("CSRF_COOKIE"):
        return None
    body = response.content
    patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
    dropped = {"content-length", "content-encoding", "etag"}
    return KeptPage(
        body=body,
        compressed=gzip.compress(body, compresslevel=5, mtime=0),
        headers=[(k, v) for k, v in response.headers.items() if k.lower() not in dropped],
        etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        expires=expires,
    )


def _answer(request: HttpRequest, page: KeptPage) -> HttpResponse:
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        unchanged = HttpResponseNotModified()
        unchanged.headers["ETag"] = page.etag
        return unchanged
    zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response = HttpResponse(page.compressed if zipped else page.body)
    for name, value in page.headers:
        response.headers[name] = value
    response.headers["ETag"] = page.etag
    response.headers["Content-Length"] = str(len(response.content))
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
