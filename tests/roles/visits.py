"""A visit: the answer, and what was written; then everything is as it was before."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from core.accounts.models import User

# A visit leaves its mark in these, whoever comes; the last says who has a form open.
OF_THE_SESSION = {"django_session", "usersessions_usersession", "wagtailadmin_editingsession"}
WRITING = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
MARKING = re.compile(r'(ROLLBACK TO )?SAVEPOINT\s+"?(\w+)', re.IGNORECASE)
LEADS = {
    "account_login": "login",
    "wagtailadmin_home": "home",
    "mfa_index": "2fa",
    "account_reauthenticate": "again",
    "mfa_reauthenticate": "again",
}


class Writes:
    """The tables written to, without what a view took back itself."""

    def __init__(self) -> None:
        """None yet."""
        self.tables: list[str] = []
        self.session = False
        self.marks: dict[str, int] = {}

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """As Django's ``execute_wrapper`` asks."""
        found = execute(sql, params, many, context)
        text = str(sql)
        if marking := MARKING.match(text):
            back, name = marking.groups()
            if back:
                del self.tables[self.marks.get(name, 0) :]
            else:
                self.marks[name] = len(self.tables)
        elif writing := WRITING.match(text):
            table = writing.group(1)
            if table in OF_THE_SESSION:
                self.session = True
            else:
                self.tables.append(table)
        return found


class Browser(Client):
    """Django's client, that keeps nothing of how a page was made: a crawl has no time for it.

    An exception in a view is answered by 500, as to a real browser.
    """

    def request(self, **request: Any) -> Any:
        """The response as the middlewares leave it."""
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


def sign_in(person: User | None) -> Browser:
    """A browser where ``person`` has just signed in with a password."""
    client = Browser()
    if person is not None:
        client.force_login(person)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


@contextmanager
def undone(client: Client) -> Iterator[Writes]:
    """Rows, cookies and what the cache keeps, all as before."""
    writes, cookies = Writes(), SimpleCookie(client.cookies)
    logging.disable()  # a refusal is what many visits are for
    try:
        with transaction.atomic():
            with connection.execute_wrapper(writes):
                yield writes
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)
    client.cookies = cookies
    if writes.tables or writes.session:
        cache.clear()


def visit(client: Client, method: str, address: str, data: dict[str, Any] | None = None) -> str:
    """The answer as the tables say it."""
    with undone(client) as writes:
        response = client.get(address) if method == "GET" else client.post(address, data or {})
    return _said(address, response) + ("+" if writes.tables else "")


def _said(address: str, response: Any) -> str:
    if response.status_code in (301, 302, 303, 307):
        where = urlsplit(response["Location"]).path
        for name, word in LEADS.items():
            if where == reverse(name) and not (word == "2fa" and address.startswith(where)):
                return word
    return str(response.status_code)
