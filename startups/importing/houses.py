"""Which support organisation a program's row names: by number, by web site, by name."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from core.accounts.mail_domains import domain_of_site
from startups.enums import GONE
from startups.importing.cells import CellRefused, as_text
from startups.importing.names import folded
from startups.models import Incubator

if TYPE_CHECKING:
    from collections.abc import Iterator


class Houses:
    """The support organisations, read once for a batch."""

    by_key: dict[str, list[int]] = {}
    # Why no program is written for one, by its key.
    closed: dict[int, str] = {}

    @classmethod
    def load(cls) -> None:
        """As they are now; one that is closed counts only where no other answers."""
        standing: dict[str, list[int]] = defaultdict(list)
        gone: dict[str, list[int]] = defaultdict(list)
        cls.closed = {}
        rows = Incubator.objects.order_by("pk")
        for pk, neq, name, site, slug, state, organisation in rows.values_list(
            *("pk", "neq", "name", "website", "slug", "state", "organisation_id")
        ):
            if code := why_no_program(state, organisation):
                cls.closed[pk] = code
            into = gone if state in GONE else standing
            domain = domain_of_site(site)
            keys = (neq, f"/{slug}", f"@{domain}" if domain else "", f"={folded(name)}")
            for key in keys:
                if key:
                    into[key].append(pk)
        cls.by_key = {**gone, **standing}

    @classmethod
    def read(cls, value: Any) -> int:
        """The key of the one that ``value`` names, if a program may be written for it."""
        text = as_text(value)
        for key in _keys(text):
            found = cls.by_key.get(key, [])
            if len(found) > 1:
                raise CellRefused("houses", text)
            if found:
                if code := cls.closed.get(found[0]):
                    raise CellRefused(code, text)
                return found[0]
        raise CellRefused("no_house", text)


def why_no_program(state: str, organisation: int | None) -> str:
    """Why an import writes no program of a support organisation; empty when it may."""
    if state in GONE:
        return "house_gone"
    return "house_kept" if organisation is not None else ""


def _keys(text: str) -> Iterator[str]:
    digits = re.sub(r"[\s-]|[.,]0+$", "", text)
    if re.fullmatch(r"[0-9]{10}", digits):
        yield digits
    if "." in text and " " not in text:
        address = text if "//" in text else f"https://{text}"
        if domain := domain_of_site(address):
            yield f"@{domain}"
    yield f"={folded(text)}"
    yield f"/{text}"
