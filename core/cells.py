"""A value as a cell of a CSV file that no spreadsheet runs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

BETWEEN: Final = " | "
# A spreadsheet would take such a cell for a formula; the wide signs too, where they are typed.
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?")


def cell(value: Any) -> str:
    """``value`` as text for CSV (RFC 4180); a number stays a number, an instant is in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = BETWEEN.join(str(item) for item in value)
    text = str(value)
    if text.startswith(DANGEROUS) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
