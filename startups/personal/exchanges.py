"""What a person sent and wrote in the name of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.registry import Eraser, Exporter, erasers, exporters
from startups.models import Interest, InterestWord, Relay, RelayWord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import User


def register() -> None:
    """Add interests and relayed messages to « my data » and to an erasure."""
    exporters.register(
        "interests",
        Exporter(
            label=_("Interest shown in programs"),
            about=_(
                "What you sent and wrote to programs, or to startups, in an organisation’s name."
            ),
            fields=("program", "startup", "side", "at", "words"),
            rows=_words,
        ),
    )
    erasers.register(
        "interests",
        Eraser(
            label=_("Interest shown in programs"),
            removed=_("That it was you who sent a profile or wrote a message."),
            kept=_(
                "The profiles and the messages themselves: organisations exchanged them, and both "
                "rely on them."
            ),
            erase=_erase,
        ),
    )
    exporters.register(
        "relays",
        Exporter(
            label=_("Relayed messages"),
            about=_("What you wrote to startups, or as one, about needs and deployments."),
            fields=("startup", "about", "side", "at", "words"),
            rows=_relayed,
        ),
    )
    erasers.register(
        "relays",
        Eraser(
            label=_("Relayed messages"),
            removed=_("That it was you who wrote a message about a need or a deployment."),
            kept=_(
                "The messages themselves: they were written in the name of an organisation or of "
                "the city, and both sides rely on them."
            ),
            erase=_erase_relays,
        ),
    )


def _relayed(user: User) -> Iterator[dict[str, Any]]:
    said = RelayWord.objects.filter(written_by_id=user.pk).select_related("relay__startup")
    for word in said.order_by("pk").iterator(chunk_size=200):
        yield {
            "startup": word.relay.startup.name,
            "about": str(word.relay.about),
            "side": word.side,
            "at": word.at,
            "words": word.text,
        }


def _erase_relays(user: User, now: datetime) -> int:
    begun = Relay.objects.filter(author_id=user.pk).update(author=None)
    return begun + RelayWord.objects.filter(written_by_id=user.pk).update(written_by=None)


def _words(user: User) -> Iterator[dict[str, Any]]:
    sent = Interest.objects.filter(sent_by_id=user.pk).for_pages().order_by("pk")
    for interest in sent.iterator(chunk_size=200):
        yield _row(interest, "startup", interest.sent_at, interest.word)
    said = InterestWord.objects.filter(written_by_id=user.pk).select_related(
        "interest__startup", "interest__intake__program"
    )
    for word in said.order_by("pk").iterator(chunk_size=200):
        yield _row(word.interest, word.side, word.at, word.text)


def _row(interest: Interest, side: str, at: datetime, words: str) -> dict[str, Any]:
    return {
        "program": str(interest.intake.program.name),
        "startup": interest.startup.name,
        "side": side,
        "at": at,
        "words": words,
    }


def _erase(user: User, now: datetime) -> int:
    sent = Interest.objects.filter(sent_by_id=user.pk).update(sent_by=None)
    return sent + InterestWord.objects.filter(written_by_id=user.pk).update(written_by=None)
