"""The catalogue of events that write to someone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.variables import Address, Code, Email, PersonName, Text, Variable
from core.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What every message may say besides its own variables; nobody has to give it.
COMMON: Final[dict[str, Variable]] = {
    "user_name": PersonName(
        _("name of the person who is written to"),
        example=_("Project coordinator"),
        is_optional=True,
    ),
    "brand": Text(_("name of the site"), example="Banc d’essai"),
    "city_name": Text(_("name of the city"), example="Montréal"),
    "contact_email": Email(_("address for questions"), example="bancdessai@ville.example"),
    "home": Address(_("home page of the site"), example="/"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of message: its words live in ``templates/emails/<name>/<language>/``.

    ``audience`` is a value of :class:`core.notifications.enums.Audience`. ``newest`` gives the
    context of the newest real message, made from the records it told of, or None.
    """

    name: str
    label: str | _StrPromise
    audience: str
    variables: Mapping[str, Variable] = field(default_factory=dict)
    is_transactional: bool = True
    # Of somebody who is here no more: what its server says of the address is not kept.
    leaves_no_trace: bool = False
    # Of the ways into an account: a code, or what was done to them and from where. Its person alone
    # reads it, in their mail: not staff, not the bell, not the archive of their data.
    opens_an_account: bool = False
    newest: Callable[[], Mapping[str, Any] | None] | None = None

    def __post_init__(self) -> None:
        """A real code is never an example, and a message that holds one says so."""
        holds_a_code = any(isinstance(variable, Code) for variable in self.variables.values())
        if holds_a_code and not self.opens_an_account:
            raise ValueError(f"{self.name} holds a code: it opens an account.")
        if self.opens_an_account and self.newest is not None:
            raise ValueError(f"{self.name} opens an account: its examples are declared ones.")

    def all_variables(self) -> dict[str, Variable]:
        """Its own, then those that every message has."""
        return {**self.variables, **COMMON}

    def keys(self) -> set[str]:
        """What the domain gives: the names of a context."""
        return {key for name, variable in self.variables.items() for key in variable.keys(name)}

    def example(self) -> dict[str, Any]:
        """A context made of the declared examples, in the active language."""
        found: dict[str, Any] = {}
        for name, variable in self.variables.items():
            found.update(variable.example_values(name))
        return {**found, **COMMON["user_name"].example_values("user_name")}


def opens_an_account(event: str) -> bool:
    """Whether messages of ``event`` are of the ways into an account: only their person's."""
    spec = catalogue.get(event)
    return spec is not None and spec.opens_an_account


catalogue: Registry[Event] = Registry("events")


def register(event: Event) -> Event:
    """Add an event; its name serves once."""
    return catalogue.register(event.name, event)
