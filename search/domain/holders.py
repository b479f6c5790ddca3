"""The name of a process that holds something, and whether it lives."""

from __future__ import annotations

import os
import secrets
import socket

LONGEST_HOST = 60


def new_holder() -> str:
    """A name for one holding by this process: two of the same process differ."""
    return f"{_host()}:{os.getpid()}:{secrets.token_hex(8)}"


def is_dead(holder: str) -> bool:
    """Whether it was a process of this machine that is no more; of another one nothing is known."""
    host, _colon, rest = holder.rpartition(":")[0].rpartition(":")
    if host != _host():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _host() -> str:
    return socket.gethostname()[:LONGEST_HOST]
