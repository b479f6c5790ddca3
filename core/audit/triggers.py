"""The database itself refuses to change or remove a line, on both engines."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = "audit_auditentry"
_REFUSAL = "the audit log is append-only"

_INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        ),
        (
            f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        ),
        (
            f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        ),
    ],
}
_REMOVE = {
    "sqlite": ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}",
        f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
    ],
}


def _run(connection: Any, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def install(apps: Any, schema_editor: Any) -> None:
    """For the migration: put the triggers in place."""
    _run(schema_editor.connection, _INSTALL)


def remove(apps: Any, schema_editor: Any) -> None:
    """For the migration's way back."""
    _run(schema_editor.connection, _REMOVE)


# On SQLite ``REPLACE`` removes a row without asking the triggers of DELETE.
_REPLACING = """
    CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditentry
    WHEN EXISTS (
        SELECT 1 FROM audit_auditentry WHERE sequence = NEW.sequence OR hash = NEW.hash
    )
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""


def refuse_replacing(apps: Any, schema_editor: Any) -> None:
    """For the migration: SQLite only; PostgreSQL's way to replace is an UPDATE."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(_REPLACING)


def allow_replacing(apps: Any, schema_editor: Any) -> None:
    """For the migration's way back."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_replace")


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Without the triggers for a moment: only a test that empties its own database does this."""
    _run(connection, _REMOVE)
    try:
        yield
    finally:
        _run(connection, _INSTALL)
