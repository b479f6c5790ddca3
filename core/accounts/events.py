"""The messages about who belongs to an organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts import newest
from core.accounts.models import Role
from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import (
    EXAMPLE_INSTANT,
    Choice,
    Email,
    Flag,
    Instant,
    Link,
    LongText,
    PersonName,
    Text,
)

ORGANISATION = Text(_("name of the organisation"), example="Atelier des mesures")
MEMBER = PersonName(_("name of the other person"), example=_("Laboratory manager"))
MEMBERS_PAGE = Link(
    _("page of the members"),
    to="organisation_members",
    args=("organisation_id",),
    example=(12,),
)
MINE = Link(_("page of one’s organisations"), to="organisation_list")


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="join_asked",
            label=_("Request to join an organisation"),
            audience=Audience.OWNER,
            newest=newest.asked,
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
            newest=newest.answered,
            variables={
                "organisation": ORGANISATION,
                "is_accepted": Flag(_("whether the request is accepted"), example=True),
                "link": MINE,
            },
        )
    )
    _register_account()
    _register_invitations()
    _register_changes()
    _register_ownership()
    _register_appointment()


def _register_account() -> None:
    register(
        Event(
            name="account_opened",
            label=_("An account was opened for somebody"),
            audience=Audience.PERSON,
            newest=newest.opened,
            variables={
                "opened_by": PersonName(
                    _("name of the administrator"), example=_("Administrator of the site")
                ),
                "email": Email(_("address to sign in with"), example="personne@ville.example"),
                "link": Link(
                    _("page where one signs in by a code"), to="account_request_login_code"
                ),
            },
        )
    )


def _register_invitations() -> None:
    register(
        Event(
            name="invitation",
            label=_("Invitation to an organisation"),
            audience=Audience.INVITED,
            newest=newest.invited,
            variables={
                "organisation": ORGANISATION,
                "invited_by": PersonName(
                    _("name of the owner who invites"), example=_("Laboratory manager")
                ),
                "role": Choice(_("role that is offered"), choices=Role, example=Role.EDITOR),
                "answer_by": Instant(_("until when it serves"), example=EXAMPLE_INSTANT),
                "link": Link(
                    _("page where one says yes or no"),
                    to="invitation",
                    args=("signed_link",),
                    example=("x",),
                ),
            },
        )
    )
    register(
        Event(
            name="invitation_answered",
            label=_("Answer to an invitation"),
            audience=Audience.OWNER,
            newest=newest.invitation_answered,
            variables={
                "organisation": ORGANISATION,
                "person": MEMBER,
                "is_accepted": Flag(_("whether the person said yes"), example=True),
                "link": MEMBERS_PAGE,
            },
        )
    )


def _register_changes() -> None:
    register(
        Event(
            name="membership_changed",
            label=_("New role, or end of a membership"),
            audience=Audience.MEMBER,
            variables={
                "organisation": ORGANISATION,
                "role": Choice(
                    _("new role; nothing when the person was removed"),
                    choices=Role,
                    example=Role.EDITOR,
                    is_optional=True,
                ),
                "link": MINE,
            },
        )
    )
    register(
        Event(
            name="member_left",
            label=_("A member left"),
            audience=Audience.OWNER,
            variables={"organisation": ORGANISATION, "person": MEMBER, "link": MEMBERS_PAGE},
        )
    )


def _register_ownership() -> None:
    register(
        Event(
            name="ownership_offered",
            label=_("Offer to own an organisation"),
            audience=Audience.MEMBER,
            newest=newest.offered,
            variables={
                "organisation": ORGANISATION,
                "offered_by": PersonName(
                    _("name of the owner who offers"), example=_("Laboratory manager")
                ),
                "stays_owner": Flag(_("whether that owner stays one"), example=False),
                "answer_by": Instant(_("until when it stands"), example=EXAMPLE_INSTANT),
                "link": Link(
                    _("page where one accepts or refuses"),
                    to="ownership_offer",
                    args=("offer_id",),
                    example=(12,),
                ),
            },
        )
    )
    register(
        Event(
            name="ownership_answered",
            label=_("Answer to an offer of ownership"),
            audience=Audience.OWNER,
            newest=newest.offer_answered,
            variables={
                "organisation": ORGANISATION,
                "person": MEMBER,
                "is_accepted": Flag(_("whether the person accepted"), example=True),
                "stays_owner": Flag(_("whether who offered stays an owner"), example=False),
                "link": MEMBERS_PAGE,
            },
        )
    )
    register(
        Event(
            name="organisation_closed",
            label=_("An organisation is closed"),
            audience=Audience.MEMBER,
            variables={"organisation": ORGANISATION, "person": MEMBER, "link": MINE},
        )
    )


def _register_appointment() -> None:
    register(
        Event(
            name="owner_appointed",
            label=_("The city names an owner of an organisation that had none"),
            audience=Audience.MEMBER,
            variables={
                "organisation": ORGANISATION,
                "person": PersonName(_("name of the new owner"), example=_("Laboratory manager")),
                "is_you": Flag(_("whether the reader is the new owner"), example=True),
                "reason": LongText(
                    _("why, as the city’s team wrote it"),
                    example=_("The only owner has left the company."),
                ),
                "link": MEMBERS_PAGE,
            },
        )
    )
