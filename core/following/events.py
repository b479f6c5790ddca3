"""The messages to those who follow."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.variables import Address, Flag, Link, Rows, Text, Variable

EXAMPLE_NEWS = _("New challenge: make bus shelters readable at night")
EXAMPLE_NAME = _("Make bus shelters readable at night")


def register_events() -> None:
    """Add them to the catalogue; their words are in ``templates/emails/``."""
    register(
        Event(
            name="follow_confirm",
            label=_("Link to confirm that one follows something"),
            audience=Audience.FOLLOWER,
            variables={
                "label": Text(_("what kind of thing it is"), example=_("Challenge")),
                "name": Text(_("what is to be followed"), example=EXAMPLE_NAME),
                "link": Link(
                    _("page where one confirms"),
                    to="follow_confirm",
                    args=("token",),
                    example=("xxxx",),
                ),
            },
        )
    )
    register(
        Event(
            name="follow_page",
            label=_("Link to what one follows"),
            audience=Audience.FOLLOWER,
            variables={
                "name": Text(_("what one follows already"), example=EXAMPLE_NAME, is_optional=True),
                "link": Link(
                    _("page of what one follows"),
                    to="follow_page",
                    args=("token",),
                    example=("xxxx",),
                ),
            },
        )
    )
    register(
        Event(
            name="follow_news",
            label=_("News of what one follows"),
            audience=Audience.FOLLOWER,
            is_transactional=False,
            variables=_news(),
        )
    )


def _news() -> dict[str, Variable]:
    title = Text(_("what happened"), example=EXAMPLE_NEWS)
    return {
        "is_digest": Flag(_("whether it is the letter of a day or of a week"), example=True),
        "first": title,
        "news": Rows(
            _("what happened, line by line"),
            columns={
                "title": title,
                "detail": Text(_("detail"), example=_("By December 18."), is_optional=True),
                "link": Address(_("its page"), example="/fr/defis/"),
            },
            example=2,
        ),
        "page": Link(
            _("page of what one follows"), to="follow_page", args=("page_token",), example=("xxxx",)
        ),
        "stop": Link(
            _("page that stops this letter"),
            to="follow_stop",
            args=("stop_token",),
            example=("yyyy",),
        ),
    }
