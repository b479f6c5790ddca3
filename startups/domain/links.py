"""The links of public listings: which there are, what a test says of one, and who is told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from core import dates, queue
from core.accounts import rules
from core.accounts.models import Membership, Organisation
from core.audit import log
from core.deadlines import city_time
from core.exceptions import NotAllowed
from core.notifications.outbox import Letter, queue_messages
from core.probing import Outcome
from startups.domain.confirming import speaks_for
from startups.models import LISTINGS, CheckedLink, Incubator, Intake, Program, Startup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from core.accounts.models import User
    from core.probing import Answer
    from startups.models import Listing

LONGEST: Final = 1000
AT_ONCE: Final = 500
KINDS: Final[dict[str, type[Listing]]] = {str(k._meta.model_name): k for k in LISTINGS}


def addresses_of(listing: Listing) -> list[str]:
    """The web addresses that the public page of ``listing`` leads to, in its order."""
    found = []
    if isinstance(listing, Startup | Incubator):
        found = [listing.website, *(x for x in listing.links or [] if isinstance(x, str))]
    elif isinstance(listing, Program) and listing.pk:
        intakes = listing.intakes.all()  # type: ignore[attr-defined]
        found = [intake.apply_url for intake in intakes if intake.cancelled_at is None]
    return [address for address in dict.fromkeys(found) if _is_testable(address)]


def _is_testable(address: str) -> bool:
    return 0 < len(address) <= LONGEST and address.lower().startswith(("http://", "https://"))


def _public_links() -> Iterator[tuple[str, list[Any]]]:
    """Each address with who leads to it; examples lead nowhere."""
    for kind in (Startup, Incubator):
        rows = kind.objects.current().filter(is_example=False).order_by("pk")
        for pk, website, links in rows.values_list("pk", "website", "links").iterator():
            for address in (website, *(links or [])):
                yield address, [kind._meta.model_name, pk]
    intakes = Intake.objects.of_public_programs().standing().filter(program__is_example=False)
    for pk, address in intakes.order_by("program_id").values_list("program_id", "apply_url"):
        yield address, ["program", pk]


@transaction.atomic
def gather_links() -> int:
    """Write down what public listings lead to now, and forget what none leads to; how many."""
    uses: dict[str, list[Any]] = defaultdict(list)
    for address, use in _public_links():
        if isinstance(address, str) and _is_testable(address) and use not in uses[address]:
            uses[address].append(use)
    known = {row[0]: row[1:] for row in CheckedLink.objects.values_list("address", "pk", "used_by")}
    gone = [pk for address, (pk, _used) in known.items() if not uses.get(address)]
    for start in range(0, len(gone), AT_ONCE):
        CheckedLink.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
    fresh = [
        CheckedLink(address=address, used_by=used)
        for address, used in uses.items()
        if used and (address not in known or known[address][1] != used)
    ]
    CheckedLink.objects.bulk_create(
        fresh,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=["used_by"],
    )
    return sum(1 for used in uses.values() if used)


@transaction.atomic
def note_answer(*, link: CheckedLink, answer: Answer, now: datetime) -> CheckedLink:
    """Keep what a test said. Broken is what failed on two different days of the city."""
    link = CheckedLink.objects.select_for_update().get(pk=link.pk)
    was_broken = link.broken_since is not None
    link.outcome, link.status = answer.outcome, answer.status
    link.reason, link.checked_at, link.taken_until = answer.reason or "", now, None
    if answer.outcome != Outcome.FAILS:
        link.failing_since = link.broken_since = link.told_at = None
    elif link.failing_since is None:
        link.failing_since = now
    elif city_time(now).date() > city_time(link.failing_since).date():
        link.broken_since = link.failing_since
    link.save()
    if was_broken != (link.broken_since is not None):
        log.record(
            actor=None,
            action="link.repaired" if was_broken else "link.broken",
            target=link,
            public={"address": link.address, "status": link.status, "reason": link.reason},
            now=now,
        )
    return link


@transaction.atomic
def ask_for_test(*, links: Collection[CheckedLink], actor: User, now: datetime) -> int:
    """Have ``links`` tested again, soon; how many. ``NotAllowed`` but for those who keep them."""
    if not rules.is_moderator(actor):
        kept = [row for each in _kept_by(actor) for row in broken_links_of(each)]
        if not {link.pk for link in links} <= {link.pk for link, _listings in kept}:
            raise NotAllowed
    for link in links:
        queue.enqueue("startups.link_tasks.test_one", link.pk)
    if links:
        first = next(iter(links))
        log.record(
            actor=actor,
            action="link.test_asked",
            target=first,
            public={"addresses": [link.address for link in links]},
            now=now,
        )
    return len(links)


def _kept_by(actor: User) -> list[Organisation]:
    found = Organisation.objects.active().filter(
        memberships__user=actor, memberships__role__in=rules.roles_with("edit_content")
    )
    return list(found)


def listings_of(links: Iterable[CheckedLink]) -> dict[int, list[Listing]]:
    """By link, the listings that lead to it: one query for each kind, however many links."""
    wanted: dict[str, set[int]] = defaultdict(set)
    links = list(links)
    for link in links:
        for kind, pk in link.used_by:
            wanted[kind].add(pk)
    whole = {"solution": "startup", "program": "incubator"}
    found: dict[tuple[str, int], Listing] = {}
    for name, kind in KINDS.items():
        if pks := wanted[name]:
            related = ["organisation"]
            if name in whole:
                related.append(f"{whole[name]}__organisation")
            rows = kind._default_manager.select_related(*related).filter(pk__in=pks)
            rows = rows.prefetch_related("intakes") if kind is Program else rows
            found |= {(name, row.pk): row for row in rows}
    return {
        link.pk: [found[kind, pk] for kind, pk in link.used_by if (kind, pk) in found]
        for link in links
    }


def broken_links_of(organisation: Organisation) -> list[tuple[CheckedLink, list[Listing]]]:
    """The broken links of what ``organisation`` speaks for, the oldest first."""
    own = {
        (str(kind._meta.model_name), pk)
        for kind in (Startup, Incubator, Program)
        for pk in kind.objects.current().of_organisation(organisation).values_list("pk", flat=True)
    }
    broken = CheckedLink.objects.broken().order_by("broken_since", "pk")
    links = [link for link in broken if any((kind, pk) in own for kind, pk in link.used_by)]
    where = listings_of(links)
    found = []
    for link in links:
        # One that was corrected since the links were gathered is theirs no more.
        rows = [r for r in where[link.pk] if (str(r._meta.model_name), r.pk) in own]
        if rows := [row for row in rows if link.address in addresses_of(row)]:
            found.append((link, rows))
    return found


@transaction.atomic
def tell_owners(*, now: datetime) -> int:
    """One letter to each who keeps a listing, for all their links found broken; how many letters.

    A link is told of once, until it answers again: what is written and what is marked told are
    kept or lost together.
    """
    links = list(
        CheckedLink.objects.select_for_update()
        .broken()
        .filter(told_at__isnull=True)
        .order_by("broken_since", "pk")
    )
    where = listings_of(links)
    theirs: dict[Organisation, list[CheckedLink]] = defaultdict(list)
    for link in links:
        for organisation in {speaks_for(listing) for listing in where[link.pk]}:
            if organisation is not None and organisation.closed_at is None:
                theirs[organisation].append(link)
    letters = [
        letter
        for organisation, own in theirs.items()
        for letter in _letters(organisation, own, where)
    ]
    written = queue_messages(event="links_broken", letters=letters, now=now) if letters else 0
    CheckedLink.objects.filter(pk__in=[link.pk for link in links]).update(told_at=now)
    return written


def _letters(
    organisation: Organisation, links: list[CheckedLink], where: dict[int, list[Listing]]
) -> Iterator[Letter]:
    first = links[0]
    assert first.broken_since is not None
    context = letter_facts(organisation, links, where)
    keepers = Membership.objects.filter(
        organisation=organisation,
        role__in=rules.roles_with("edit_content"),
        user__is_active=True,
    )
    for membership in keepers.select_related("user"):
        when = first.broken_since.isoformat()
        yield Letter(
            key=f"links-broken:{organisation.pk}:{membership.user_id}:{first.pk}:{when}",
            to=membership.user,
            context=context,
            organisation=organisation,
        )


def letter_facts(
    organisation: Organisation, links: list[CheckedLink], where: dict[int, list[Listing]]
) -> dict[str, Any]:
    """What the letter says."""
    rows = []
    for link in links:
        own = [row for row in where[link.pk] if speaks_for(row) == organisation]
        if own and link.broken_since is not None:
            rows.append(
                {
                    "listing": str(own[0]),
                    "address": link.address,
                    "since": city_time(link.broken_since).date(),
                }
            )
    return {"organisation": organisation.name, "links": rows}


def broken_on(listing: Listing) -> list[tuple[str, str]]:
    """For the public page: each broken link of ``listing`` with its day in words."""
    addresses = addresses_of(listing)
    if not addresses:
        return []
    rows = CheckedLink.objects.broken().filter(address__in=addresses).order_by("address")
    return [
        (link.address, dates.day(city_time(link.broken_since).date()))
        for link in rows
        if link.broken_since is not None
    ]
