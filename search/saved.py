"""A saved search as something one follows: its address, its name, the query behind it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.following.targets import Target
from core.languages import active_language
from search.asking import params_of, query_from
from search.domain.missing import may_keep
from search.port import FACETS, Sort
from search.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from search.port import Query

KIND: Final = "search"
# Of what somebody typed, in a mail to an address that somebody typed.
LONGEST_REPEATED: Final = 60
# What a reader of mails makes a link of.
_ADDRESS: Final = re.compile(r"://|\w[.。]\w")
LABEL: Final = pgettext_lazy("thing followed", "Search")


class _Anything(set[str]):
    """What was known when a search was saved stays asked for, known today or not."""

    def __contains__(self, value: object) -> bool:
        return True


_ANY: Final = {facet: _Anything() for facet in FACETS}


@dataclass(frozen=True, slots=True)
class Named:
    """A saved search whose name is its query in words of the active language."""

    params: Mapping[str, Any]
    language: str

    def __str__(self) -> str:
        """It stands between quotation marks wherever the name of what one follows does."""
        return in_words(query_of(self.params, self.language), active_language(), is_quoted=True)

    @property
    def alone(self) -> str:
        """Where no quotation marks stand around it."""
        return in_words(query_of(self.params, self.language), active_language())


def kept_params(query: Query) -> dict[str, Any]:
    """What a saved search keeps of ``query``: neither its order nor its page, values sorted."""
    found = params_of(replace(query, sort=Sort.RELEVANCE))
    return {
        name: sorted(value) if isinstance(value, list) else value for name, value in found.items()
    }


def slug_of(params: Mapping[str, Any], language: str) -> str:
    """The same for the same search, and nobody reads the search in it."""
    said = json.dumps([language, params], sort_keys=True)
    return salted_hmac("search.saved", said, algorithm="sha256").hexdigest()[:32]


def query_of(
    params: Mapping[str, Any], language: str, now: datetime | None = None, size: int = 20
) -> Query:
    """The query that was saved, with what the city no longer has still in it."""
    asked = QueryDict(mutable=True)
    for name, value in params.items():
        asked.setlist(name, value if isinstance(value, list) else [value])
    query, _left = query_from(
        asked, language=language, now=now or timezone.now(), known=_ANY, size=size
    )
    return query


def address_of(params: Mapping[str, Any], language: str) -> str:
    """The path of the page of that search, in its language."""
    with translation.override(language):
        path = reverse("search")
    return f"{path}?{urlencode(params, doseq=True)}" if params else path


def target_of(params: Mapping[str, Any], language: str) -> Target:
    """What one follows, in words of the active language."""
    named = Named(params, language)
    return Target(
        KIND,
        slug_of(params, language),
        str(LABEL),
        str(named),
        address_of(params, language),
        named.alone,
    )


def target_for_stranger(params: Mapping[str, Any], language: str) -> Target:
    """The same as an address reads it that somebody typed: nobody makes the city write anything.

    What was typed is not repeated when it is long, or holds what looks like an address or a number
    to call; the page that the link opens shows it.
    """
    target = target_of(params, language)
    typed = str(params.get("q", ""))
    if len(typed) <= LONGEST_REPEATED and may_keep(typed) and not _ADDRESS.search(_plain(typed)):
        return target
    others = {name: value for name, value in params.items() if name != "q"}
    said = in_words(query_of(others, language), active_language(), is_quoted=True)
    name = _("%(search)s, with words that the page of the link shows") % {"search": said}
    return replace(target, name=name)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
