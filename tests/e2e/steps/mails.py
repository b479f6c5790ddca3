"""What a person does with a mail."""

from __future__ import annotations

import re
import time

from tests.e2e.conftest import WORKER_WITHIN, RunningSite


def link_in(site: RunningSite, address: str, *words: str, within: float = WORKER_WITHIN) -> str:
    """The first link after ``words`` in the newest mail to ``address`` that says them."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        mine = [mail for mail in site.mails().split("\n=====\n") if mail.startswith(address)]
        if found := [mail for mail in mine if all(word in mail for word in words)]:
            start = max((found[-1].index(word) for word in words), default=0)
            link = re.search(r"http://localhost:\d+(\S+)", found[-1][start:])
            assert link, found[-1]
            return link[1]
        time.sleep(0.5)
    raise AssertionError(f"No mail to {address} with {words} in:\n{site.mails()}")
