"""What startups and those who answer them are told."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event
from core.notifications.variables import Choice, Link, LongText, Text
from startups.enums import InterestState
from startups.newest import interest as newest

STARTUP = Text(_("name of the startup"), example="Atelier des mesures")
PROGRAM = Text(_("name of the program"), example=_("Winter acceleration"), is_paired=True)
WORDS = LongText(
    _("what the other side wrote"), example=_("We would like to meet you.\nIs Tuesday possible?")
)
SENT = Link(
    _("page of the interest, for the startup"),
    to="interest_sent",
    args=("interest_id",),
    example=(12,),
)
RECEIVED = Link(
    _("page of the interest, for the incubator"),
    to="interest_received",
    args=("interest_id",),
    example=(12,),
)


INTEREST_RECEIVED = Event(
    name="interest_received",
    label=_("A startup shows interest in an intake"),
    audience=Audience.MEMBER,
    newest=newest.interest_received,
    variables={
        "startup": STARTUP,
        "program": PROGRAM,
        "words": LongText(
            _("the startup’s word"),
            example=_("Our sensors have run for a winter in two boroughs."),
            is_optional=True,
        ),
        "link": RECEIVED,
    },
)
INTEREST_MOVED = Event(
    name="interest_moved",
    label=_("An incubator says how far an interest is"),
    audience=Audience.MEMBER,
    newest=newest.interest_moved,
    variables={
        "program": PROGRAM,
        "outcome": Choice(
            _("how far it is"), choices=InterestState, example=InterestState.INVITED.value
        ),
        "reason": LongText(
            _("why it is declined"),
            example=_("The cohort is full; the next one opens in March."),
            is_optional=True,
        ),
        "link": SENT,
    },
)
INTEREST_WORD = Event(
    name="interest_word",
    label=_("An incubator writes to a startup about its interest"),
    audience=Audience.MEMBER,
    newest=newest.interest_word,
    variables={"startup": STARTUP, "program": PROGRAM, "words": WORDS, "link": SENT},
)
INTEREST_REPLY = Event(
    name="interest_reply",
    label=_("A startup writes to an incubator about its interest"),
    audience=Audience.MEMBER,
    newest=newest.interest_reply,
    variables={"startup": STARTUP, "program": PROGRAM, "words": WORDS, "link": RECEIVED},
)
RELAY_WORD = Event(
    name="relay_word",
    label=_("Somebody writes to a startup about a need or a deployment, or it answers"),
    audience=Audience.MEMBER,
    newest=newest.relay_word,
    variables={
        "sender": Text(
            _("organisation or city that writes"), example="Atelier des mesures", is_paired=True
        ),
        "about": Text(
            _("what it is about"),
            example=_("Test site · A hilly borough for next winter"),
            is_paired=True,
        ),
        "words": WORDS,
        "link": Link(_("page of the conversation"), to="relay", args=("relay_id",), example=(12,)),
    },
)

EVENTS: Final = (INTEREST_RECEIVED, INTEREST_MOVED, INTEREST_WORD, INTEREST_REPLY, RELAY_WORD)
