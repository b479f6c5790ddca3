"""What staff see beside the words of a message: its variables, and how it looks on an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation
from wagtail.permissions import policy_registry

from core.notifications.events import COMMON, Event
from core.notifications.models import Message
from core.notifications.rendering import BadContext, Words, framed, render_words, values_for
from core.notifications.variables import Address, Choice, Day, Flag, Instant, Rows, Texts, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from core.accounts.models import User


@dataclass(frozen=True, slots=True)
class Described:
    """One line of the table: how it is written, what it is, what it says in the example."""

    written: str
    kind: str | _StrPromise
    label: str | _StrPromise
    example: str
    is_optional: bool
    is_common: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would leave; ``is_real`` when the records of the site made it."""

    subject: str
    text: str
    html: str
    is_real: bool


def described(event: Event, language: str) -> list[Described]:
    """The variables of ``event`` and those of every message, with examples in ``language``."""
    with translation.override(language):
        values = values_for(event, event.example(), language)
        return [
            line
            for name, variable in event.all_variables().items()
            for line in _lines(name, variable, values[name], name in COMMON)
        ]


def _lines(name: str, variable: Variable, value: Any, is_common: bool) -> Iterator[Described]:
    yield Described(
        written=_written(name, variable),
        kind=variable.kind,
        label=variable.label,
        example=_example(variable, value),
        is_optional=variable.is_optional,
        is_common=is_common,
    )
    if isinstance(variable, Rows):
        for column, of in variable.columns.items():
            yield from _lines(f"row.{column}", of, value[0][column], is_common)


def _example(variable: Variable, value: Any) -> str:
    if isinstance(variable, Rows):
        return ""  # its columns have theirs
    return " · ".join(value) if isinstance(variable, Texts) else str(value)


def _written(name: str, variable: Variable) -> str:
    """As one types it: the tag or the braces that suit its type."""
    if isinstance(variable, Flag):
        return f"{{% if {name} %}} … {{% else %}} … {{% endif %}}"
    if isinstance(variable, Rows):
        return f"{{% for row in {name} %}} … {{% endfor %}}"
    if isinstance(variable, Texts):
        return f"{{% for each in {name} %}} {{{{ each }}}} {{% endfor %}}"
    if isinstance(variable, Choice):
        asked = " … ".join(
            f'{{% {"elif" if number else "if"} {name} == "{code}" %}}'
            for number, code in enumerate(variable.choices.values)
        )
        return f"{{{{ {name} }}}}, {asked} … {{% endif %}}"
    if isinstance(variable, Day | Instant):
        return f"{{{{ {name} }}}}, {{{{ {name}|day }}}}"
    if isinstance(variable, Address):
        return f'{{{{ {name} }}}}, <a href="{{{{ {name} }}}}">'
    return f"{{{{ {name} }}}}"


def preview_of(event: Event, words: Words, language: str, reader: User) -> Preview:
    """``words``, which have no problem, on the newest real message, else on the examples.

    The real one tells of people: it is shown to who reads the outbox, and to nobody else.
    """
    if event.newest is not None and _reads_the_outbox(reader):
        context = event.newest()
        if context is not None:
            try:
                return _preview(event, words, context, language, is_real=True)
            except BadContext:
                pass  # a record of before a rule: the examples are always whole
    with translation.override(language):
        example = event.example()
    return _preview(event, words, example, language, is_real=False)


def _preview(event: Event, words: Words, context: Any, language: str, *, is_real: bool) -> Preview:
    return Preview(*framed([render_words(event, words, context, language)]), is_real=is_real)


def _reads_the_outbox(reader: User) -> bool:
    policy = policy_registry.get_by_type(Message)
    return bool(policy.user_has_permission(reader, "view"))
