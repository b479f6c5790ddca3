"""The letter of a saved search."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import Address, Link, Number, Rows, Text

EVENT: Final = "follow_search"


def register_events() -> None:
    """Add it to the catalogue; its words are in ``templates/emails/``."""
    title = Text(_("what was found"), example=_("Make bus shelters readable at night"))
    register(
        Event(
            name=EVENT,
            label=_("What a followed search newly finds"),
            audience=Audience.FOLLOWER,
            is_transactional=False,
            variables={
                "search": Text(_("the search in words"), example=_("open challenges, in Verdun")),
                "news": Rows(
                    _("what was found, line by line"),
                    columns={
                        "title": title,
                        "kind": Text(_("what it is"), example=_("Challenge"), is_optional=True),
                        "closes": Text(
                            _("day on which it closes"),
                            example=_("December 18"),
                            is_optional=True,
                        ),
                        "link": Address(_("its page"), example="/fr/defis/"),
                    },
                    example=2,
                ),
                "more": Number(_("how many more there are"), example=3, is_optional=True),
                "open": Address(_("the search itself"), example="/fr/recherche/"),
                "page": Link(
                    _("page of what one follows"),
                    to="follow_page",
                    args=("page_token",),
                    example=("xxxx",),
                ),
                "stop": Link(
                    _("page that stops this letter"),
                    to="follow_stop",
                    args=("stop_token",),
                    example=("yyyy",),
                ),
            },
        )
    )
