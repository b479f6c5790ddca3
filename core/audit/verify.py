"""Walk the chain and name the first broken row."""

from __future__ import annotations

from dataclasses import dataclass

from core.audit.chain import GENESIS, digest, hash_of
from core.audit.models import AuditEntry, AuditPrivate, PersonKey


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the chain holds: ``broken`` is a sentence naming the first bad row, or empty."""

    lines: int
    head: str
    broken: str = ""


def verify_chain() -> Verdict:
    """Read every line in order, in slices; stop at the first that does not hold."""
    keys = {k.user_id: bytes(k.key) for k in PersonKey.objects.all()}
    privates = {p.entry_id: p for p in AuditPrivate.objects.all()}
    previous, count = GENESIS, 0
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        count += 1
        problem = _problem(entry, count, previous, privates.get(entry.pk), keys)
        if problem:
            return Verdict(count, previous, f"Row {entry.sequence} ({entry.action}): {problem}")
        previous = entry.hash
    return Verdict(count, previous)


def _problem(
    entry: AuditEntry,
    count: int,
    previous: str,
    private: AuditPrivate | None,
    keys: dict[int, bytes],
) -> str:
    if entry.sequence != count:
        return f"row {count} is missing before it."
    if entry.previous_hash != previous:
        return "it does not follow the row before."
    if hash_of(entry) != entry.hash:
        return "its content does not match its hash."
    if private is None:
        return ""
    key = keys.get(private.subject_id or 0)
    if key is None:
        # Erasure takes the value and its key together: a value alone has been moved here.
        return "its private part has no key."
    if digest(private.data, key) != entry.private_digest:
        return "its private part does not match its digest."
    return ""
