"""What owners are told of their links."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event
from core.notifications.variables import EXAMPLE_DAY, Address, Day, Link, Rows, Text
from startups.newest import links as newest

LINKS_BROKEN = Event(
    name="links_broken",
    label=_("Broken links of a listing"),
    audience=Audience.MEMBER,
    newest=newest.links_broken,
    variables={
        "organisation": Text(_("name of the organisation"), example="Atelier des mesures"),
        "links": Rows(
            _("links that no longer answer"),
            columns={
                "listing": Text(_("name of the listing"), example="Atelier des mesures"),
                "address": Address(_("the link"), example="https://mesures.example/projet"),
                "since": Day(_("since when it is broken"), example=EXAMPLE_DAY),
            },
            example=2,
        ),
        "link": Link(_("page of the broken links"), to="listing_links"),
    },
)

EVENTS: Final = (LINKS_BROKEN,)
