"""What the thread holds on a person: their organisation's applications, and their evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.registry import Exporter, exporters
from pilots.domain.blind import blind_label
from pilots.enums import ConflictOrigin
from pilots.models import Application, Assignment, Conflict, JournalEntry, Juror

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import User


def register_exporters() -> None:
    """Add the thread to « my data »."""
    exporters.register(
        "applications",
        Exporter(
            label=_("Applications"),
            about=_(
                "Those you began or submitted. The answers are inside as long as you belong to the "
                "organisation that they are from."
            ),
            fields=(
                *("number", "challenge", "organisation", "state", "begun_at", "begun_by_you"),
                *("submitted_at", "submitted_by_you", "answers"),
            ),
            rows=_applications,
        ),
    )
    exporters.register(
        "jury",
        Exporter(
            label=_("Juries"),
            about=_("The juries you sit on and the conflicts of interest you declared."),
            fields=("jury", "conflicts_declared_at", "organisation", "reason"),
            rows=_seats,
        ),
    )
    exporters.register(
        "evaluations",
        Exporter(
            label=_("Evaluations"),
            about=_("Your marks and comments. A file bears the label under which you read it."),
            fields=(
                *("file", "state", "submitted_at", "comment_to_applicant", "comment_to_city"),
                "marks",
            ),
            rows=_evaluations,
        ),
    )
    exporters.register(
        "journal",
        Exporter(
            label=_("Journal of trials"),
            about=_("What you wrote in the public journal of a trial."),
            fields=("trial", "happened_on", "title_fr", "title_en", "text_fr", "text_en"),
            rows=_journal,
        ),
    )


def _applications(user: User) -> Iterator[dict[str, Any]]:
    mine = set(user.memberships.values_list("organisation_id", flat=True))
    written = Application.objects.filter(Q(created_by_id=user.pk) | Q(submitted_by_id=user.pk))
    written = written.select_related("challenge", "organisation").order_by("pk")
    for found in written.iterator(chunk_size=100):
        belongs = found.organisation_id in mine
        yield {
            "number": found.number,
            "challenge": found.challenge.title,
            "organisation": found.organisation.name,
            # How it ended is the business of those who belong to the organisation.
            "state": found.state if belongs else "",
            "begun_at": found.created_at,
            "begun_by_you": found.created_by_id == user.pk,
            "submitted_at": found.submitted_at,
            "submitted_by_you": found.submitted_by_id == user.pk,
            "answers": (found.frozen or {}).get("answers", []) if belongs else [],
        }


def _seats(user: User) -> Iterator[dict[str, Any]]:
    """A row for each declared conflict; a seat without any has one, without organisation.

    What the records found by themselves is not told: it would say who applied (promise 4).
    """
    for seat in Juror.objects.of_user(user).select_related("jury__stage__call").order_by("pk"):
        declared = Conflict.objects.filter(juror=seat, origin=ConflictOrigin.DECLARED)
        declared = declared.select_related("organisation").order_by("organisation__name", "pk")
        for conflict in declared or [None]:
            yield {
                "jury": str(seat.jury.stage),
                "conflicts_declared_at": seat.declared_at,
                "organisation": conflict.organisation.name if conflict else "",
                "reason": conflict.reason if conflict else "",
            }


def _evaluations(user: User) -> Iterator[dict[str, Any]]:
    """Of files that the person may still read: a recused one is not even counted (promise 4)."""
    work = Assignment.objects.assigned_to(user).filter(review__isnull=False)
    work = work.select_related("review").prefetch_related("review__scores__criterion")
    for assignment in work.order_by("pk").iterator(chunk_size=100):
        review = assignment.review
        yield {
            "file": blind_label(assignment),
            "state": assignment.state,
            "submitted_at": review.submitted_at,
            "comment_to_applicant": review.comment_to_applicant,
            "comment_to_city": review.comment_to_city,
            "marks": [
                {"criterion": score.criterion.label, "mark": score.value, "comment": score.comment}
                for score in review.scores.all()
            ],
        }


def _journal(user: User) -> Iterator[dict[str, Any]]:
    entries = JournalEntry.objects.filter(written_by_id=user.pk).select_related("pilot")
    for entry in entries.order_by("pk").iterator(chunk_size=200):
        yield {
            "trial": entry.pilot.title,
            "happened_on": entry.happened_on,
            "title_fr": entry.title_fr,
            "title_en": entry.title_en,
            "text_fr": entry.text_fr,
            "text_en": entry.text_en,
        }
