"""Alive and ready: two addresses for those who run the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import queue
from core.notifications.outbox import backlog as mail_backlog
from search.health import health as search_health

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def check_database() -> dict[str, Any]:
    """One trivial query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"engine": connection.vendor}


# What readiness asks, in the order printed. Each answers details or raises.
CHECKS: dict[str, Callable[[], dict[str, Any]]] = {
    "database": check_database,
    "queue": queue.health,
    "search": search_health,
    "mail": mail_backlog,
}


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, 503 with the part named otherwise."""
    report: dict[str, Any] = {}
    status = 200
    for name, check in CHECKS.items():
        try:
            report[name] = {"ok": True, **check()}
        except (DatabaseError, OSError, RuntimeError) as error:
            report[name] = {"ok": False, "error": type(error).__name__}
        if not report[name]["ok"]:
            status = 503
    return JsonResponse({"ready": status == 200, "checks": report}, status=status)
