"""From an event and what happened to subject, text and HTML, in the language of who reads.

A context is checked against the event's declaration. In development and in the tests a wrong one
is an error; in production it is logged by the names of its variables, what is wrong is left unsaid,
and the message goes: a letter with a hole is worth more than none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from core.languages import LANGUAGES, text_in
from core.notifications import markup
from core.notifications.events import Event, catalogue
from core.notifications.models import MessageTemplate
from core.notifications.safe_templates import LONGEST_SUBJECT, Parsed, Part, parse
from core.notifications.values import plain_text
from core.notifications.variables import MISSING, Code, Text, Variable, WrongValue
from core.taxonomy.models import CitySettings
from core.text import one_line

if TYPE_CHECKING:
    from core.accounts.models import Organisation, User

logger = logging.getLogger(__name__)

BOTH = "both"
CACHE_SECONDS = 60
FILES = {Part.SUBJECT: "subject.txt", Part.TEXT: "body.txt", Part.HTML: "body.html"}


class BadContext(ValueError):
    """What the domain gave is not what the event declares."""


class Words(NamedTuple):
    """The three texts of an event in one language, before their variables are known."""

    subject: str
    text: str
    html: str

    def part(self, part: Part) -> str:
        """One of the three."""
        return str(getattr(self, part.value))


def language_for(*, user: User | None = None, organisation: Organisation | None = None) -> str:
    """The person's language, else that of the organisation, else both: ``fr``, ``en``, ``both``."""
    for who in (user, organisation):
        if who is not None and who.language in LANGUAGES:
            return str(who.language)
    return BOTH


@lru_cache(maxsize=256)
def built_in(event: str, language: str) -> Words:
    """The words that the product comes with; ``FileNotFoundError`` when a file lacks."""
    folders = [Path(folder) / "emails" / event / language for folder in _template_folders()]
    folder = next((f for f in folders if f.is_dir()), folders[0])
    read = {part.value: (folder / name).read_text("utf-8") for part, name in FILES.items()}
    return Words(**{name: text.strip() + "\n" for name, text in read.items()})


def _template_folders() -> list[Any]:
    return list(engines["django"].engine.dirs)  # type: ignore[attr-defined]


def words_for(event: str, language: str) -> Words:
    """What staff wrote if they did and it still holds, else the built-in words."""
    written = _written_by_staff(event, language)
    if written is None:
        return built_in(event, language)
    if not still_holds(event, written):
        # A variable that a new version dropped: the built-in words are still true.
        logger.error("The words of %s (%s) no longer hold; the built-in ones go.", event, language)
        return built_in(event, language)
    return written


def _written_by_staff(event: str, language: str) -> Words | None:
    key = cache_key(event, language)
    kept = cache.get(key)
    if kept is None:
        row = MessageTemplate.objects.filter(event=event, language=language)
        kept = row.values_list("subject", "text", "html").first() or ()
        cache.set(key, kept, CACHE_SECONDS)
    return Words(*kept) if kept else None


def cache_key(event: str, language: str) -> str:
    """Where the words are kept for a minute."""
    return f"message-words:{event}:{language}"


@lru_cache(maxsize=512)
def still_holds(event: str, words: Words) -> bool:
    """Whether ``words`` have no problem: asked for each message, answered once."""
    return problems_of(event, words) == {}


def problems_of(event: str, words: Words) -> dict[Part, list[str]]:
    """Everything wrong with the words, by part; nothing when they can be sent."""
    parsed = {part: parse(event, part, words.part(part)) for part in Part}
    found = {part: list(read.problems) for part, read in parsed.items()}
    if not found[Part.HTML]:
        addresses = parsed[Part.HTML].addresses
        found[Part.HTML] = markup.problems_of(words.html, lambda said: said.strip() in addresses)
    said = {part: [str(problem) for problem in problems] for part, problems in found.items()}
    for part in Part:
        said[part] += _problems_of_whole(part, words, parsed, catalogue[event])
    return {part: sentences for part, sentences in said.items() if sentences}


def _problems_of_whole(
    part: Part, words: Words, parsed: Mapping[Part, Parsed], event: Event
) -> list[str]:
    written = words.part(part).strip()
    if not written:
        return [gettext("Write something here: none of the three texts can be empty.")]
    if part == Part.SUBJECT:
        if "\n" in written or len(written) > LONGEST_SUBJECT:
            return [gettext("The subject is one line of 300 characters at most.")]
        return []
    if any(read.problems for read in parsed.values()):
        return []
    needed = {name for name, of in event.variables.items() if isinstance(of, Code)}
    if unsaid := needed - parsed[part].used:
        names = ", ".join(f"{{{{ {name} }}}}" for name in sorted(unsaid))
        return [gettext("Without %(names)s this message is of no use.") % {"names": names}]
    other = Part.HTML if part == Part.TEXT else Part.TEXT
    # One of the two is shown, by the reader's programme: both say the same facts.
    lacking = (parsed[other].used - parsed[part].used) & set(event.variables)
    if not lacking:
        return []
    names = ", ".join(sorted(lacking))
    return [gettext("The other form says %(names)s; this one does not.") % {"names": names}]


class Paper(NamedTuple):
    """What is the same from one letter of a batch to the next."""

    city: CitySettings
    words: dict[str, Words]


def paper_for(event: str, language: str) -> Paper:
    """The city and the words of ``event`` as they stand, in the languages of ``language``."""
    codes = LANGUAGES if language == BOTH else (language,)
    return Paper(CitySettings.current(), {code: words_for(event, code) for code in codes})


def values_for(
    event: Event, context: Mapping[str, Any], language: str, city: CitySettings | None = None
) -> dict[str, Any]:
    """What a template receives, in ``language``, which is the active one.

    Raises ``BadContext`` in development and in the tests when ``context`` is not what ``event``
    declares; in production it is logged and what is wrong becomes nothing.
    """
    city = city or CitySettings.current()
    given = {
        "user_name": "",
        **context,
        "brand": city.brand_name,
        "city_name": str(city.city_name),
        "contact_email": city.contact_email,
        "home": f"/{language}/",
    }
    wrong = [f"{key} is unknown" for key in sorted(set(context) - event.keys() - {"user_name"})]
    values: dict[str, Any] = {}
    for name, variable in event.all_variables().items():
        try:
            values[name] = variable.value(name, given, language)
        except WrongValue as error:
            wrong.append(str(error))
            values[name] = _nearest(variable, given.get(name, MISSING))
    if wrong:
        _say(event, wrong)
    return values


def _nearest(variable: Variable, found: Any) -> Any:
    if isinstance(variable, Text) and found is not MISSING and found is not None:
        return plain_text(found)
    return variable.nothing()


def _say(event: Event, wrong: list[str]) -> None:
    said = f"The context of {event.name} is not what it declares: {'; '.join(wrong)}."
    if settings.DEBUG or getattr(settings, "STRICT_MESSAGES", False):
        raise BadContext(said)
    logger.error(said)


class Rendered(NamedTuple):
    """A message in one language, without its frame."""

    language: str
    subject: str
    text: str
    html: str


def render_words(
    event: Event,
    words: Words,
    context: Mapping[str, Any],
    language: str,
    city: CitySettings | None = None,
) -> Rendered:
    """``words``, which have no problem, with what ``context`` says."""
    with translation.override(language):
        values = values_for(event, context, language, city)
        subject, text, html = (
            parse(event.name, part, words.part(part)).render(values) for part in Part
        )
    return Rendered(
        language,
        one_line(subject)[:LONGEST_SUBJECT],
        re.sub(r"\n{3,}", "\n\n", text).strip(),
        markup.clean(html),
    )


def framed(parts: list[Rendered], city: CitySettings | None = None) -> tuple[str, str, str]:
    """Subject, text and one HTML document, each language with the site's name and foot."""
    city = city or CitySettings.current()
    texts, bodies = [], []
    for part in parts:
        place = text_in(city, "city_name", part.language)
        text_foot, foot = _foot(part.language, city.brand_name, str(place), city.contact_email)
        texts.append(f"{part.text}\n{text_foot}")
        bodies.append(f'<div lang="{part.language}">\n{part.html}\n{foot}</div>\n')
    head, tail = _frame(parts[0].language, city.brand_name)
    subject = " · ".join(part.subject for part in parts)
    return subject, "\n----\n\n".join(texts), f"{head}{'<hr>'.join(bodies)}{tail}"


@lru_cache(maxsize=32)
def _foot(language: str, name: str, place: str, email: str) -> tuple[str, str]:
    """What stands below a message, as text and as HTML; the same for thousands of them."""
    said = {"name": name, "place": place, "email": email}
    with translation.override(language):
        text = render_to_string("emails/foot.txt", said)
        return f"\n{text.strip()}\n", render_to_string("emails/foot.html", said)


@lru_cache(maxsize=32)
def _frame(language: str, name: str) -> tuple[str, str]:
    mark = "-message-"
    html = render_to_string("emails/base.html", {"language": language, "name": name, "body": mark})
    head, _mark, tail = html.partition(mark)
    return head, tail


def render(
    event: str, context: Mapping[str, Any], language: str, paper: Paper | None = None
) -> tuple[str, str, str]:
    """Subject, text and HTML of an event in one language, or in both one after the other.

    ``paper`` is that of a batch. ``KeyError`` on an event that is not in the catalogue.
    """
    spec = catalogue[event]
    city, words = paper or paper_for(event, language)
    parts = [render_words(spec, said, context, code, city) for code, said in words.items()]
    return framed(parts, city)
