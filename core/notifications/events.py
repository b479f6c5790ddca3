"""The catalogue of events that write to someone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from core.notifications.variables import Address, Email, PersonName, Text, Variable
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
    newest: Callable[[], Mapping[str, Any] | None] | None = None

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


# Codes and links of allauth: whoever reads them is the person.
_OF_ACCOUNTS: Final = ("account_", "mfa_", "socialaccount_")


def opens_an_account(event: str) -> bool:
    """Whether messages of ``event`` hold what opens an account: only their person reads them."""
    return event not in catalogue and event.startswith(_OF_ACCOUNTS)


catalogue: Registry[Event] = Registry("events")


def register(event: Event) -> Event:
    """Add an event; its name serves once."""
    return catalogue.register(event.name, event)
