"""The chain of the audit holds, and says where it does not."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from core.accounts.models import User
from core.audit import log, triggers
from core.audit.models import AuditEntry, AuditPrivate
from core.audit.verify import verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("someone@example.org", "a long password")


def write(person: User, n: int = 3) -> None:
    for i in range(n):
        log.record(
            actor=person,
            action="thing.done",
            target=person,
            public={"n": i},
            private={"e-mail": f"{i}@example.org"},
            subject=person,
        )


def test_a_whole_chain_verifies(person: User) -> None:
    write(person)
    verdict = verify_chain()
    assert (verdict.lines, verdict.broken) == (3, "")
    assert verdict.head == AuditEntry.objects.get(sequence=3).hash


def test_rows_are_numbered_without_gap_and_linked(person: User) -> None:
    write(person)
    rows = list(AuditEntry.objects.order_by("sequence"))
    assert [r.sequence for r in rows] == [1, 2, 3]
    assert rows[0].previous_hash == "0" * 64
    assert rows[2].previous_hash == rows[1].hash


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET action = 'x' WHERE sequence = 2",
        "DELETE FROM audit_auditentry WHERE sequence = 2",
    ],
)
def test_the_database_refuses_to_edit(person: User, statement: str) -> None:
    write(person)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 3
    assert verify_chain().broken == ""


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_auditentry SET action = 'x' WHERE sequence = 2", "Row 2 (x)"),
        ("DELETE FROM audit_auditentry WHERE sequence = 2", "Row 3 (thing.done)"),
    ],
)
def test_a_row_altered_behind_its_back_is_named(person: User, statement: str, named: str) -> None:
    write(person)
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditprivate WHERE entry_id = 2")
        cursor.execute(statement)
    with pytest.raises(CommandError, match="Row") as refusal:
        call_command("verify_audit")
    assert str(refusal.value).startswith(named)


def test_a_private_part_altered_is_named(person: User) -> None:
    write(person)
    AuditPrivate.objects.filter(entry_id=2).update(data={"e-mail": "other@example.org"})
    assert verify_chain().broken == (
        "Row 2 (thing.done): its private part does not match its digest."
    )


def test_a_private_part_given_to_nobody_is_named(person: User) -> None:
    write(person)
    AuditPrivate.objects.filter(entry_id=2).update(subject_id=0, data={"e-mail": "x@example.org"})
    assert verify_chain().broken == "Row 2 (thing.done): its private part has no key."


REPLACING = {
    "sqlite": """
        INSERT OR REPLACE INTO audit_auditentry (sequence, at, action, object_type, object_id,
            public, private_digest, previous_hash, hash)
        SELECT sequence, at, 'x', object_type, object_id, public, private_digest, previous_hash,
            hash FROM audit_auditentry WHERE sequence = 2
    """,
    "postgresql": """
        INSERT INTO audit_auditentry (sequence, at, action, object_type, object_id,
            public, private_digest, previous_hash, hash)
        SELECT sequence, at, 'x', object_type, object_id, public, private_digest, previous_hash,
            hash FROM audit_auditentry WHERE sequence = 2
        ON CONFLICT (sequence) DO UPDATE SET action = excluded.action
    """,
}


def test_a_row_is_not_replaced_either(person: User) -> None:
    write(person)
    refused = pytest.raises(Error, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLACING[connection.vendor])
    assert AuditEntry.objects.get(sequence=2).action == "thing.done"


def test_erasing_a_person_keeps_the_chain_whole(person: User) -> None:
    write(person)
    assert log.erase_person(person.pk) == 3
    assert AuditPrivate.objects.count() == 0
    assert verify_chain().broken == ""
