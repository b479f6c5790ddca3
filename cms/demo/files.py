"""Applications, juries and decisions of the demonstration, each as its verb would have left it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cms.demo.source import Calendar, read
from core.freeze import freeze
from pilots.domain.answers import frozen_payload
from pilots.enums import ApplicationState, AssignmentState, ChallengeState, Outcome, QuestionKind
from pilots.models import (
    Application,
    Assignment,
    Challenge,
    Decision,
    Envelope,
    Juror,
    Jury,
    Review,
    Score,
)
from startups.models import Startup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.accounts.models import User

# How many applications a call has, call after call.
COUNTS = (3, 5, 4, 2, 6, 3, 4)


class Files:
    """Makes the applications of one challenge after another, the same each time."""

    def __init__(
        self, calendar: Calendar, startups: Sequence[Startup], users: dict[str, User]
    ) -> None:
        """``startups`` apply in turn; ``users`` are the demonstration's accounts."""
        self.calendar = calendar
        self.startups = list(startups)
        self.users = users
        self.random = random.Random("files")  # noqa: S311  the same rows each time
        self.jurors = [users[f"jury{n}"] for n in (1, 2, 3)]
        self.bank = read("answers")

    def for_challenge(
        self, challenge: Challenge, winner: Startup | None = None, besides: int = 0
    ) -> list[Application]:
        """Received applications, ``winner`` first; none yet on a call that has not opened."""
        assert challenge.stage is not None
        assert challenge.stage.opens_at is not None
        assert challenge.stage.closes_at is not None
        if challenge.stage.opens_at > self.calendar.now:
            return []
        count = besides or COUNTS[challenge.pk % len(COUNTS)]
        chosen = [s for s in self._applicants(challenge) if s != winner][:count]
        last = min(challenge.stage.closes_at, self.calendar.now - timedelta(hours=2))
        made = []
        for number, startup in enumerate(([winner] if winner else []) + chosen, start=1):
            received = last - timedelta(hours=self.random.uniform(1, 90))
            made.append(self._application(challenge, startup, number, received))
        return made

    def _applicants(self, challenge: Challenge) -> list[Startup]:
        wanted = {theme.pk for theme in challenge.themes.all()}
        turn = self.random.sample(self.startups, len(self.startups))
        near = [s for s in turn if wanted & {t.pk for t in s.themes.all()}]
        return near + [s for s in turn if s not in near]

    def _application(
        self, challenge: Challenge, startup: Startup, number: int, received: datetime
    ) -> Application:
        assert challenge.stage is not None
        solution = startup.solutions.order_by("pk").first()
        application = Application(
            challenge=challenge,
            stage=challenge.stage,
            organisation=startup.organisation,
            startup=startup,
            solution=solution,
            language="fr",
            number=f"{challenge.reference}-{number:03d}",
            submitted_at=received,
            state=ApplicationState.SUBMITTED,
        )
        questions = list(challenge.stage.questions.all())
        values = {q.key: self._answer(q, challenge, solution) for q in questions}
        frozen = freeze(
            frozen_payload(application, challenge, questions, values, application.number, received)
        )
        application.frozen, application.fingerprint = frozen.payload, frozen.fingerprint
        application.save()
        return application

    def _answer(self, question: Any, challenge: Challenge, solution: Any) -> Any:
        if question.key == "solution" and solution is not None:
            return solution.how_fr
        if question.kind == QuestionKind.TRL:
            return str(solution.trl if solution is not None else 6)
        if question.kind == QuestionKind.MONEY:
            share = self.random.uniform(0.55, 0.98)
            return str(round((challenge.budget_max or 40_000) * share / 500) * 500)
        words = self.bank.get(question.key, self.bank["specific"])
        return self.random.choice(words)["fr"]

    def review(self, challenge: Challenge, applications: list[Application], part: float) -> None:
        """Seat the three jury members; a ``part`` of their evaluations is handed in."""
        assert challenge.stage is not None
        jury = Jury.objects.create(stage=challenge.stage)
        declared = challenge.stage.closes_at if part else None
        seats = [Juror.objects.create(jury=jury, user=u, declared_at=declared) for u in self.jurors]
        if not part:
            return
        criteria = list(challenge.stage.criteria.all())
        for place, application in enumerate(applications):
            Application.objects.filter(pk=application.pk).update(
                state=ApplicationState.UNDER_REVIEW
            )
            application.state = ApplicationState.UNDER_REVIEW
            for seat in seats:
                handed = self.random.random() < part
                self._evaluation(application, seat, criteria, place, handed=handed)

    def _evaluation(
        self, application: Application, seat: Juror, criteria: Any, place: int, *, handed: bool
    ) -> None:
        state = AssignmentState.SUBMITTED if handed else AssignmentState.ACCEPTED
        assignment = Assignment.objects.create(application=application, juror=seat, state=state)
        closes_at = application.stage.closes_at
        if not handed or closes_at is None:
            return
        review = Review.objects.create(
            assignment=assignment,
            comment_to_applicant=self.random.choice(self.bank["to_applicant"])["fr"],
            submitted_at=closes_at + timedelta(days=4),
        )
        # The first is the best liked: outcomes agree with marks.
        middle = max(8.6 - 1.1 * place, 3.5)
        Score.objects.bulk_create(
            Score(
                review=review,
                criterion=criterion,
                value=max(0, min(10, round(self.random.gauss(middle, 1.1)))),
            )
            for criterion in criteria
        )

    def decide(self, challenge: Challenge, applications: list[Application]) -> None:
        """Release the envelope: the first is selected, the second waits when there are many."""
        manager = self.users["ville"]
        assert challenge.decided_at is not None
        envelope = Envelope.objects.create(
            challenge=challenge,
            created_by=manager,
            released_by=manager,
            released_at=challenge.decided_at,
        )
        nobody = not challenge.pilots.exists() and challenge.state == ChallengeState.DECIDED
        for place, application in enumerate(applications):
            outcome = Outcome.REJECTED
            if place == 0 and not nobody:
                outcome = Outcome.SELECTED
            elif place == 1 and len(applications) > 3:
                outcome = Outcome.WAITLISTED
            reasons = self.bank["decision"][outcome.value]
            Decision.objects.create(
                envelope=envelope,
                application=application,
                outcome=outcome,
                reasons_fr=reasons["fr"],
                reasons_en=reasons["en"],
                decided_by=manager,
                decided_at=challenge.decided_at,
            )
            Application.objects.filter(pk=application.pk).update(state=outcome.value)
            application.state = ApplicationState(outcome.value)
