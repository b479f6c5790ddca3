"""What is older than its rule leaves: counted one night, removed from the next one on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from core import registry
from core.accounts import roles
from core.accounts.models import User
from core.audit import log
from core.deadlines import city_time
from core.notifications.outbox import queue_message
from core.privacy.events import COUNTED, what_was_counted
from core.privacy.models import RetentionRule, RetentionRun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

# When the city sleeps, on its own clocks.
NIGHT_BEGINS: Final = 3
# Values removed in one transaction, and by one rule in one night: the rest waits for the next.
BATCH: Final = 500
MOST: Final = 50_000


def rules_of(on: date) -> Iterator[tuple[RetentionRule, registry.Retained]]:
    """The rule that each known class obeys on a day: the newest in force."""
    seen: set[str] = set()
    for rule in RetentionRule.objects.in_force(on):
        known = registry.retained.get(rule.data_class)
        if known is not None and rule.data_class not in seen:
            seen.add(rule.data_class)
            yield rule, known


def days_kept(data_class: str, on: date) -> int:
    """For how many days a class stays by the rule of a day; 0 when nothing says it."""
    for rule, known in rules_of(on):
        if rule.data_class == data_class:
            return max(rule.period_days, known.least_days)
    return 0


def terms_of(rule: RetentionRule) -> str:
    """What a rule says; when it says another thing, it runs dry again."""
    return f"{rule.data_class} {rule.period_days} {rule.in_force_from.isoformat()}"


def run_rules(*, now: datetime) -> list[RetentionRun]:
    """Once a night, every rule in force; nothing before the night or twice in one.

    A rule that is new, or says another thing than the night before, is counted only, and
    administrators read what it will remove.
    """
    local = city_time(now)
    if local.hour < NIGHT_BEGINS:
        return []
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    runs = [
        _run(rule, known, now, midnight)
        for rule, known in rules_of(local.date())
        if not rule.runs.filter(ran_at__gte=midnight, terms=terms_of(rule)).exists()
    ]
    _tell(midnight, now)
    return runs


def _run(
    rule: RetentionRule, known: registry.Retained, now: datetime, midnight: datetime
) -> RetentionRun:
    # Whatever was typed in the rule, the class has its own shortest period.
    before = now - timedelta(days=max(rule.period_days, known.least_days))
    was_counted = rule.runs.filter(terms=terms_of(rule), ran_at__lt=midnight).exists()
    run = RetentionRun.objects.create(
        rule=rule,
        terms=terms_of(rule),
        ran_at=now,
        before=before,
        is_dry=not was_counted,
        found=known.count(before),
    )
    while not run.is_dry and run.removed < MOST:
        with transaction.atomic():
            gone = known.apply(before, min(BATCH, MOST - run.removed))
            run.removed += gone
            run.save(update_fields=["removed"])
        if not gone:
            break
    _note(run)
    return run


@transaction.atomic
def _tell(midnight: datetime, now: datetime) -> None:
    """Once for each night that counted something: a call that died before it is made good."""
    counted = list(RetentionRun.objects.counted().filter(ran_at__gte=midnight))
    if not counted:
        return
    administrators = User.objects.filter(is_active=True, groups__name=roles.ADMINISTRATORS)
    for person in administrators.order_by("pk"):
        queue_message(
            key=f"{COUNTED}:{counted[-1].pk}:{person.pk}",
            event=COUNTED,
            to=person,
            context=what_was_counted(counted),
            now=now,
        )


@transaction.atomic
def _note(run: RetentionRun) -> None:
    log.record(
        actor=None,
        action="retention.counted" if run.is_dry else "retention.applied",
        target=run,
        public={
            "class": run.rule.data_class,
            "days": run.rule.period_days,
            "before": run.before,
            "found": run.found,
            "removed": run.removed,
        },
        now=run.ran_at,
    )
