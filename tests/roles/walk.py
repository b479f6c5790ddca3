"""Every address there is, by a walk over the resolver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from tests.test_architecture import FLOORS

# Stands for the language in front of an address.
LANGUAGE = "<language>/"


@dataclass(frozen=True)
class Address:
    """One pattern: where it is, what it is called with its namespaces, and its view."""

    route: str
    name: str
    view: Callable[..., Any]
    # The name, or the route of a pattern that has none or whose name another one has already.
    key: str
    parameters: tuple[str, ...] = ()

    @property
    def space(self) -> str:
        """The namespaces, empty for none."""
        return self.name.rpartition(":")[0]

    @cached_property
    def model(self) -> type[models.Model] | None:
        """What a view of the administration shows."""
        found = getattr(self.view, "view_initkwargs", {}).get("model")
        found = found or getattr(getattr(self.view, "view_class", None), "model", None)
        is_model = isinstance(found, type) and issubclass(found, models.Model)
        return found if is_model else None

    @cached_property
    def is_ours(self) -> bool:
        """Whether the view, or what it shows, is written in this repository."""
        view = getattr(self.view, "view_class", self.view)
        modules = [view.__module__, *([self.model.__module__] if self.model else [])]
        return any(module.split(".")[0] in FLOORS for module in modules)


def walk(resolver: URLResolver | None = None) -> list[Address]:
    """All of them, in the order in which Django tries them."""
    taken: set[str] = set()
    found = []
    for route, name, pattern in _patterns(resolver or get_resolver(), "", ()):
        key = route if not name.rpartition(":")[2] or name in taken else name
        taken.add(name)
        found.append(Address(route, name, pattern.callback, key, _parameters(pattern)))
    return found


def _patterns(
    resolver: URLResolver, before: str, spaces: tuple[str, ...]
) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        own = LANGUAGE if isinstance(pattern.pattern, LocalePrefixPattern) else str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _patterns(pattern, before + own, inside)
        else:
            yield before + own, ":".join((*spaces, pattern.name or "")), pattern


def _parameters(pattern: URLPattern) -> tuple[str, ...]:
    named = tuple(pattern.pattern.converters)
    return named or tuple(getattr(pattern.pattern.regex, "groupindex", ()))


def published(addresses: Iterable[Address]) -> list[Address]:
    """Without those that stand in development only.

    They are among the addresses when the first test to load them switched DEBUG on.
    """
    media = "^" + settings.MEDIA_URL.lstrip("/")
    return [
        address
        for address in addresses
        if address.name not in {"dev_mail", "styleguide"} and not address.route.startswith(media)
    ]


def of_our_administration(addresses: Iterable[Address]) -> list[Address]:
    """Our own pages of the administration, whatever they are called.

    A namespace is ours as soon as one page in it is: Wagtail draws several without saying of what.
    """
    inside = [address for address in addresses if address.route.startswith("admin/")]
    spaces = {address.space for address in inside if address.is_ours and address.space}
    return [address for address in inside if address.is_ours or address.space in spaces]


def takes_post(address: Address) -> bool:
    """Whether its view can answer a POST at all; a view that is a function may."""
    view = getattr(address.view, "view_class", None)
    return view is None or hasattr(view, "post")
