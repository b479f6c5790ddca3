"""The messages about who belongs to an organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import (
    EXAMPLE_INSTANT,
    Email,
    Flag,
    Instant,
    Link,
    LongText,
    PersonName,
    Text,
)

ORGANISATION = Text(_("name of the organisation"), example="Atelier des mesures")


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="join_asked",
            label=_("Request to join an organisation"),
            audience=Audience.OWNER,
            variables={
                "organisation": ORGANISATION,
                "asker": PersonName(
                    _("name of the person who asks"),
                    example=_("Laboratory manager"),
                    is_optional=True,
                ),
                "asker_email": Email(
                    _("address of the person who asks"), example="laboratoire@mesures.example"
                ),
                "message": LongText(
                    _("what the person wrote"),
                    example=_("I run the laboratory since this autumn."),
                    is_optional=True,
                ),
                "answer_by": Instant(_("when the request lapses"), example=EXAMPLE_INSTANT),
                "link": Link(
                    _("page where one accepts or refuses"),
                    to="organisation_requests",
                    args=("organisation_id",),
                    example=(12,),
                ),
            },
        )
    )
    register(
        Event(
            name="join_answered",
            label=_("Answer to a request to join"),
            audience=Audience.MEMBER,
            variables={
                "organisation": ORGANISATION,
                "is_accepted": Flag(_("whether the request is accepted"), example=True),
                "link": Link(_("page of one’s organisations"), to="organisation_list"),
            },
        )
    )
