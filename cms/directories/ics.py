"""iCalendar (RFC 5545) written by hand: two thousand events cost what their text costs.

Instants are in UTC, which no change of summer time moves; lines are folded at 75 octets, never
inside a character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from core.languages import active_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_LINE: Final = 75
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, "\x00": None}
)


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """One instant of a calendar."""

    uid: str
    at: datetime
    summary: str
    description: str
    url: str
    changed: datetime
    sequence: int = 0
    is_cancelled: bool = False
    location: str = ""


def calendar(name: str, address: str, events: Iterable[IcsEvent]) -> bytes:
    """A whole calendar; software that subscribed asks ``address`` again every twelve hours."""
    language = active_language()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Banc d’essai//{language}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        f"SOURCE;VALUE=URI:{address}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for event in events:
        lines.extend(_event(event))
    lines.append("END:VCALENDAR")
    return ("\r\n".join(map(_folded, lines)) + "\r\n").encode()


def _event(event: IcsEvent) -> Iterator[str]:
    changed = _instant(event.changed)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    # Without a METHOD this is when it was last revised: the same answer until something changes.
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_instant(event.at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    yield f"URL:{event.url}"
    yield "STATUS:CANCELLED" if event.is_cancelled else "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    # Twice as fast as strftime, which is most of a long calendar's time.
    utc = at.astimezone(UTC)
    return f"{utc.year:04}{utc.month:02}{utc.day:02}T{utc.hour:02}{utc.minute:02}{utc.second:02}Z"


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> str:
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return line
    parts, start, room = [], 0, LONGEST_LINE
    while start < len(octets):
        end = min(start + room, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1  # inside a character
        parts.append(octets[start:end].decode())
        start, room = end, LONGEST_LINE - 1  # the space that begins it counts
    return "\r\n ".join(parts)
