"""Two people at the same instant: the second waits for what the first is writing."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connection, transaction

from core.exceptions import DomainError

WAITS_WITHIN = 30.0


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> DomainError | None:
    """Run ``first``, and ``second`` on another connection before ``first`` is committed.

    That the second waits is asserted; what it was refused with is answered. On a server, in a
    test that has ``apart``.
    """
    refusals: list[DomainError] = []
    faults: list[Exception] = []

    def elsewhere() -> None:
        try:
            second()
        except DomainError as error:
            refusals.append(error)
        except Exception as error:  # noqa: BLE001  raised again below: a thread's own is printed only
            faults.append(error)
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    with transaction.atomic():
        first()
        thread.start()
        until = time.monotonic() + WAITS_WITHIN
        while not _somebody_waits_for_me():
            assert thread.is_alive(), f"It did not wait: {refusals or faults}"
            assert time.monotonic() < until
            time.sleep(0.01)
    thread.join(WAITS_WITHIN)
    assert not thread.is_alive()
    for fault in faults:
        raise fault
    return refusals[0] if refusals else None


def _somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
