"""Mail that was kept as files, readable in development only."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 200
SEPARATOR = b"-" * 79


def _folder() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", ""))


def _messages() -> list[dict[str, Any]]:
    """The last messages, newest first; a file of Django's backend may hold several."""
    paths = sorted(_folder().glob("*.log"), key=lambda p: p.stat().st_mtime, reverse=True)
    found = []
    for path in paths[:MOST]:
        for number, raw in enumerate(path.read_bytes().split(SEPARATOR)):
            if raw.strip():
                found.append(_read(raw.strip(), f"{path.stem}-{number}"))
    return found


def _read(raw: bytes, key: str) -> dict[str, Any]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    return {
        "key": key,
        "subject": str(message["Subject"]),
        "to": str(message["To"]),
        "date": str(message["Date"]),
        "id": str(message["Message-ID"]),
        "text": text.get_content() if text is not None else "",
    }


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every mail the site would have sent."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "dev/mail.html", {"mails": _messages()})
