"""What the other side of an alumni tie is told."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event
from core.notifications.variables import Flag, Link, Text, Variable
from startups.newest import alumni as newest

TIE: Final[dict[str, Variable]] = {
    "startup": Text(_("name of the startup"), example="Atelier des mesures"),
    "program": Text(_("name of the program"), example=_("Street acceleration"), is_paired=True),
    "incubator": Text(_("name of the support organisation"), example="Atelier exemple"),
    "year": Text(_("year of the cohort"), example="2024", is_optional=True),
    "link": Link(
        _("page where one confirms or refuses"),
        to="alumni",
        args=("organisation_id",),
        example=(12,),
    ),
}


EVENTS: Final = (
    Event(
        name="alumni_said",
        label=_("A startup is said to have gone through a program"),
        audience=Audience.MEMBER,
        newest=newest.said,
        variables=TIE,
    ),
    Event(
        name="alumni_answered",
        label=_("Answer about a startup and a program"),
        audience=Audience.MEMBER,
        newest=newest.answered,
        variables={
            **TIE,
            "is_confirmed": Flag(_("whether the other side confirms it"), example=True),
        },
    ),
)
