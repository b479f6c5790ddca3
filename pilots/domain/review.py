"""One jury member's evaluation of one application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import rules as people
from core.audit import log
from core.exceptions import IllegalMove, Incomplete, NotAllowed
from core.states import change_state
from pilots.domain.jury import NothingDeclared
from pilots.domain.ties import computed_conflicts, require_untied
from pilots.enums import ASSIGNMENT_TRANSITIONS, IN_REVIEW, AssignmentState
from pilots.models import TOP_SCORE, Assignment, Review, Score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.accounts.models import User
    from pilots.models import Criterion

WRITABLE = (AssignmentState.ACCEPTED, AssignmentState.RETURNED)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark from 0 to 10 on a criterion, with a word why; ``value`` None when not given yet."""

    value: int | None
    comment: str = ""


@transaction.atomic
def record_review(
    *,
    assignment: Assignment,
    marks: Mapping[int, Mark],
    to_applicant: str,
    to_city: str,
    submit: bool,
    actor: User,
    now: datetime,
) -> Review:
    """Keep the evaluation; with ``submit`` it is handed in and no longer changes.

    ``marks`` go by criterion key. Raises ``NotAllowed`` to anyone but the jury member,
    ``NothingDeclared`` before conflicts, ``IllegalMove`` once handed in, ``Incomplete`` when
    handing in with a criterion not marked or no word to the applicant.
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("juror", "application__stage", "application__organisation")
        .get(pk=assignment.pk)
    )
    _check_writer(assignment, actor)
    _require_in_review(assignment)
    criteria = list(assignment.application.stage.criteria.all())
    problems = _mark_problems(criteria, marks)
    if submit:
        problems += _missing(criteria, marks, to_applicant)
    if problems:
        raise Incomplete(problems)
    review, _created = Review.objects.get_or_create(assignment=assignment)
    review.comment_to_applicant, review.comment_to_city = to_applicant, to_city
    review.submitted_at = now if submit else review.submitted_at
    review.save()
    _write_marks(review, criteria, marks)
    if submit:
        change_state(assignment, AssignmentState.SUBMITTED, transitions=ASSIGNMENT_TRANSITIONS)
        log.record(
            actor=actor,
            action="review.submitted",
            target=assignment,
            public={"state": AssignmentState.SUBMITTED},
            private={"marks": {str(s.criterion_id): s.value for s in review.scores.all()}},
            subject=actor,
            now=now,
        )
    return review


def _mark_problems(criteria: Sequence[Criterion], marks: Mapping[int, Mark]) -> list[str]:
    return [
        _("The mark on “%(criterion)s” is a whole number from 0 to 10.") % {"criterion": c.label}
        for c in criteria
        if (mark := marks.get(c.pk)) and mark.value is not None and not 0 <= mark.value <= TOP_SCORE
    ]


def _missing(
    criteria: Sequence[Criterion], marks: Mapping[int, Mark], to_applicant: str
) -> list[str]:
    """What an evaluation that is handed in still lacks."""
    problems = [
        _("“%(criterion)s” has no mark.") % {"criterion": c.label}
        for c in criteria
        if c.pk not in marks or marks[c.pk].value is None
    ]
    if not to_applicant.strip():
        problems.append(_("Write a word to the applicant: every one receives reasons."))
    return problems


def _write_marks(review: Review, criteria: Sequence[Criterion], marks: Mapping[int, Mark]) -> None:
    for criterion in criteria:
        mark = marks.get(criterion.pk)
        if mark and mark.value is not None:
            Score.objects.update_or_create(
                review=review,
                criterion=criterion,
                defaults={"value": mark.value, "comment": mark.comment},
            )


def _check_writer(assignment: Assignment, actor: User) -> None:
    if assignment.juror.user_id != actor.pk:
        raise NotAllowed(gettext_lazy("Only the jury member writes this evaluation."))
    if assignment.juror.declared_at is None:
        raise NothingDeclared
    if computed_conflicts(actor, [assignment.application.organisation]):
        raise NotAllowed(gettext_lazy("The records tie you to the organisation of this file."))
    if assignment.state not in WRITABLE:
        raise IllegalMove(
            gettext_lazy("This evaluation is handed in. Ask the city's team to return it to you.")
        )


def _require_in_review(assignment: Assignment) -> None:
    """What a letter has said is not rewritten afterwards."""
    if assignment.application.state not in IN_REVIEW:
        raise IllegalMove(
            gettext_lazy("This application is decided or withdrawn: its evaluations are closed.")
        )


@transaction.atomic
def return_review(*, assignment: Assignment, actor: User, now: datetime) -> Assignment:
    """Give a handed-in evaluation back to its author, for a correction."""
    if not people.works_on_challenges(actor):
        raise NotAllowed(gettext_lazy("Only challenge managers return an evaluation."))
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("application__challenge")
        .get(pk=assignment.pk)
    )
    require_untied(actor, assignment.application.challenge)
    _require_in_review(assignment)
    change_state(assignment, AssignmentState.RETURNED, transitions=ASSIGNMENT_TRANSITIONS)
    log.record(
        actor=actor,
        action="review.returned",
        target=assignment,
        public={"state": AssignmentState.RETURNED},
        now=now,
    )
    return assignment


@transaction.atomic
def decline_assignment(*, assignment: Assignment, actor: User, now: datetime) -> Assignment:
    """The jury member cannot evaluate this one: it goes back to the city."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("juror")
        .get(pk=assignment.pk)
    )
    if assignment.juror.user_id != actor.pk:
        raise NotAllowed(gettext_lazy("Only the jury member declines this work."))
    change_state(assignment, AssignmentState.DECLINED, transitions=ASSIGNMENT_TRANSITIONS)
    log.record(
        actor=actor,
        action="review.declined",
        target=assignment,
        public={"state": AssignmentState.DECLINED},
        now=now,
    )
    return assignment
