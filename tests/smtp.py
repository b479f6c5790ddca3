"""A mail server on this machine that behaves as badly as it is asked to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.e2e.conftest import free_port

DROP = "drop"
HANG = "hang"


@dataclass
class BadServer:
    """What it answers to the recipient whose local part stands in one of its tables.

    ``at_rcpt`` and ``at_data`` hold answers, :data:`DROP` (the connection ends once the mail is
    taken) or :data:`HANG` (nothing is said). ``pause`` is in seconds, before each answer to DATA.
    """

    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    taken: list[bytes] = field(default_factory=list)
    sessions: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, host: str, answers: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = host
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.at_rcpt.get(address.partition("@")[0])
        if answer == HANG:
            await asyncio.sleep(60)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.pause)
        answer = self.at_data.get(envelope.rcpt_tos[0].partition("@")[0])
        if answer == HANG:
            await asyncio.sleep(60)
        if answer and answer != DROP:
            return answer
        self.taken.append(envelope.content)
        if answer == DROP:
            server.transport.abort()
        return "250 taken"

    # Not properties: aiosmtpd looks at each attribute of its handler at each connection, and would
    # have every mail read again, which took longer than the workers wait.
    def mails(self) -> list[EmailMessage]:
        """What it took, in order."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.taken]  # type: ignore[misc]

    def ids(self) -> list[str]:
        """The Message-ID of each mail it took, in order."""
        return [str(mail["Message-ID"]) for mail in self.mails()]


@contextmanager
def listening(server: BadServer, port: int = 0) -> Iterator[int]:
    """The port where ``server`` answers."""
    controller = Controller(server, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        _stop(controller)


def _stop(controller: Controller) -> None:
    """End it at once, whoever it keeps waiting."""

    def cancel_all() -> None:
        for task in asyncio.all_tasks(controller.loop):
            task.cancel()

    if threading.current_thread() is not controller._thread:
        controller.loop.call_soon_threadsafe(cancel_all)
    controller.stop()
