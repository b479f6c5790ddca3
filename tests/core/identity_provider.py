"""A real identity provider: a process of its own on a free port of the loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests


@dataclass
class IdentityProvider:
    """Where it listens."""

    url: str

    def know(self, sub: str, **claims: object) -> None:
        """From now on ``sub`` is described by ``claims``."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=30).raise_for_status()

    def answer(self, address: str, sub: str = "", *, deny: bool = False) -> str:
        """What a person does there: choose who they are, or refuse. The address they go back to."""
        data = {"action": "deny"} if deny else {"sub": sub}
        answer = requests.post(address, data=data, allow_redirects=False, timeout=30)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def asked(address: str) -> dict[str, str]:
    """The parameters of the address to which one is sent."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def running_provider() -> Iterator[IdentityProvider]:
    """Started, ready, and stopped by its number at the end."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-n", "true"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    provider = IdentityProvider(f"http://127.0.0.1:{port}")
    try:
        _wait_until_up(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(60)


def _wait_until_up(provider: IdentityProvider, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=10)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The identity provider did not start.")
