"""The database itself refuses to change what a proof of consent says, on both engines."""

from __future__ import annotations

from typing import Any

TABLE = "following_consent"
COLUMNS = "act, way, kind, slug, text, language, at"
_REFUSAL = "a proof of consent does not change"

_INSTALL = {
    "sqlite": [
        (
            f"CREATE TRIGGER consent_no_change BEFORE UPDATE OF {COLUMNS} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    ],
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION consent_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        ),
        (
            f"CREATE TRIGGER consent_no_change BEFORE UPDATE OF {COLUMNS} ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION consent_refuse()"
        ),
    ],
}
_REMOVE = {
    "sqlite": ["DROP TRIGGER IF EXISTS consent_no_change"],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS consent_no_change ON {TABLE}",
        "DROP FUNCTION IF EXISTS consent_refuse()",
    ],
}


def install(apps: Any, schema_editor: Any) -> None:
    """For the migration: put the trigger in place."""
    for statement in _INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    """For the migration's way back."""
    for statement in _REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
