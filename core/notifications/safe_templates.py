"""The safe subset of templates in which a message is written, by us or by staff.

An engine of its own: it loads no file, knows the two tags and the filters of
:mod:`core.notifications.mail_tags`, and what it parsed is walked before it is ever rendered: only
declared variables, no attribute but the columns of a row, nothing written that is not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Final

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import FilterExpression, TextNode, VariableNode
from django.template.base import Variable as Lookup
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral
from django.utils.translation import gettext as _

from core.languages import active_language
from core.notifications.events import catalogue
from core.notifications.variables import (
    Address,
    Code,
    Day,
    Email,
    Flag,
    Instant,
    LongText,
    Number,
    Rows,
    Text,
    Texts,
    Variable,
)

LONGEST: Final = 20_000
LONGEST_SUBJECT: Final = 300
CONSTANTS: Final = frozenset({"True", "False", "None"})
DATED: Final = frozenset({"day", "short_day", "weekday_and_day", "instant", "hour"})
WITH_HOUR: Final = frozenset({"instant", "hour"})
BRACES: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
# A line that holds nothing but tags leaves no empty line behind it.
ONLY_TAGS: Final = re.compile(r"(?m)^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n")


class Part(StrEnum):
    """The three texts of a message."""

    SUBJECT = "subject"
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is refused; ``line`` counts from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class MailEngine(Engine):
    """Django's, without anything of Django's or of the project's inside."""

    default_builtins: ClassVar[list[str]] = ["core.notifications.mail_tags"]


PLAIN: Final = MailEngine(loaders=[], libraries={}, autoescape=False)
ESCAPED: Final = MailEngine(loaders=[], libraries={}, autoescape=True)


@dataclass(slots=True)
class Parsed:
    """A text that was read: what is wrong with it, what it says, and how to render it.

    ``used`` names the variables it knows; ``addresses`` is what it writes that leads to a page.
    """

    template: Template | None = None
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def render(self, values: dict[str, Any]) -> str:
        """The text with ``values``, which :mod:`core.notifications.rendering` prepared."""
        assert self.template is not None
        context = Context(values, autoescape=self.template.engine.autoescape)
        rendered: str = self.template.render(context)
        return str.__str__(rendered)


def parse(event: str, part: Part, source: str) -> Parsed:
    """Read ``source`` as the ``part`` of the messages of ``event``; its problems in words.

    ``KeyError`` on an event that is not in the catalogue.
    """
    return _kept(catalogue[event].name, part, source, active_language())


@lru_cache(maxsize=512)
def _kept(event: str, part: Part, source: str, language: str) -> Parsed:
    found = Parsed()
    if len(source) > LONGEST:
        found.problems.append(
            Problem(1, _("This text is too long: %(most)s characters at most.") % {"most": LONGEST})
        )
        return found
    engine = ESCAPED if part == Part.HTML else PLAIN
    try:
        read = Template(source, engine=engine)
    except TemplateSyntaxError as error:
        found.problems.append(_in_words(error))
        return found
    except RecursionError:
        found.problems.append(Problem(1, _("The tags are nested too deeply.")))
        return found
    known = catalogue[event].all_variables()
    _Walk(part, known, found).nodes(read.nodelist, known)
    # What is rendered differs from what was checked by line breaks alone.
    tidy = ONLY_TAGS.sub(lambda tags: tags[1].strip(), source) if part == Part.TEXT else source
    found.template = Template(tidy, engine=engine)
    return found


def _in_words(error: TemplateSyntaxError) -> Problem:
    token = getattr(error, "token", None)
    line = token.lineno if token is not None else 1
    said = str(error)
    if filter_name := re.match(r"Invalid filter: '(\w+)'", said):
        sentence = _("the filter “%(name)s” is not available here.") % {"name": filter_name[1]}
    elif tag := re.search(r"Invalid block tag on line \d+: '([^']*)'", said):
        sentence = _("the tag “%(name)s” is not available here, or closes nothing.") % {
            "name": tag[1]
        }
    elif tag := re.search(r"Unclosed tag on line \d+: '([^']*)'", said):
        sentence = _("the tag “%(name)s” is never closed.") % {"name": tag[1]}
    else:
        contents = token.contents[:80] if token is not None else said[:80]
        sentence = _("“%(text)s” is not understood.") % {"text": contents}
    return Problem(line, sentence)


@dataclass(frozen=True, slots=True)
class _Row(Variable):
    """One row of a list that is being walked: the only thing with attributes."""

    columns: Mapping[str, Variable] = field(default_factory=dict)


FORLOOP: Final = _Row("", columns={"first": Flag(""), "last": Flag(""), "counter": Number("")})


@dataclass(slots=True)
class _Walk:
    """Every node, with the variables that are known where it stands."""

    part: Part
    known: Mapping[str, Variable]
    found: Parsed

    def refuse(self, line: int, sentence: str) -> None:
        self.found.problems.append(Problem(line, sentence))

    def nodes(self, nodes: Iterable[Any], scope: Mapping[str, Variable]) -> None:
        for node in nodes:
            line: int = node.token.lineno
            if isinstance(node, TextNode):
                self.text(node.s, line)
            elif isinstance(node, VariableNode):
                self.written(node.filter_expression, scope, line)
            elif isinstance(node, IfNode):
                for condition, inside in node.conditions_nodelists:
                    for expression in _expressions(condition):
                        self.expression(expression, scope, line)
                    self.nodes(inside, scope)
            elif isinstance(node, ForNode):
                self.loop(node, scope, line)
            else:
                self.refuse(line, _("this is not available here."))

    def text(self, text: str, line: int) -> None:
        for brace in BRACES.finditer(text):
            at = line + text.count("\n", 0, brace.start())
            self.refuse(at, _("“%(sign)s” stands alone.") % {"sign": brace[0]})

    def loop(self, node: Any, scope: Mapping[str, Variable], line: int) -> None:
        if "forloop" in scope:
            # Each level multiplies the work by the length of a list.
            self.refuse(line, _("a list is not walked inside another one."))
            return
        rows = self.expression(node.sequence, scope, line)
        if len(node.loopvars) != 1 or not isinstance(rows, Rows | Texts):
            self.refuse(line, _("only a list is walked, by one name: for row in list."))
            return
        name = node.loopvars[0]
        if name in scope or name == "forloop":
            self.refuse(line, _("“%(name)s” is already the name of a variable.") % {"name": name})
            return
        each = _Row("", columns=rows.columns) if isinstance(rows, Rows) else LongText("")
        self.nodes(node.nodelist_loop, {**scope, name: each, "forloop": FORLOOP})
        self.nodes(node.nodelist_empty, scope)

    def written(self, said: FilterExpression, scope: Mapping[str, Variable], line: int) -> None:
        if not isinstance(said.var, Lookup) or said.var.lookups is None:
            self.refuse(line, _("only a variable is written between {{ and }}."))
            return
        variable = self.expression(said, scope, line)
        if isinstance(variable, Address):
            self.found.addresses.add(said.token)
        elif isinstance(variable, Email):
            self.found.addresses.add(f"mailto:{said.token}")
        counted = "length" in [_name_of(function) for function, _arguments in said.filters]
        if isinstance(variable, Rows | Texts | _Row) and not counted:
            sentence = _("“%(name)s” is a list or a row: walk the list, write a column.")
            self.refuse(line, sentence % {"name": said.var})
        elif isinstance(variable, Flag):
            sentence = _("“%(name)s” is yes or no: it is asked by “if”, not written.")
            self.refuse(line, sentence % {"name": said.var})

    def expression(
        self, said: FilterExpression, scope: Mapping[str, Variable], line: int
    ) -> Variable | None:
        variable = self.operand(said.var, scope, line)
        for function, arguments in said.filters:
            name = _name_of(function)
            if variable is not None and not self.suits(name, variable):
                words = {"filter": name, "name": said.var}
                self.refuse(line, _("the filter “%(filter)s” does not suit “%(name)s”.") % words)
            for _is_variable, argument in arguments:
                self.operand(argument, scope, line)
        return variable

    def suits(self, name: str, variable: Variable) -> bool:
        if name in DATED:
            return isinstance(variable, Instant | Day) and (
                name not in WITH_HOUR or isinstance(variable, Instant)
            )
        if name == "length":
            return isinstance(variable, Rows | Texts)
        if name == "linebreaksbr":
            return isinstance(variable, Text) and self.part == Part.HTML
        return True

    def operand(self, said: Any, scope: Mapping[str, Variable], line: int) -> Variable | None:
        if not isinstance(said, Lookup):
            if re.search("[<>&]", str(said)):
                self.refuse(line, _("a text between quotes holds no markup."))
            return None
        if said.lookups is None or said.var in CONSTANTS:
            return None
        name, *way = said.lookups
        variable = scope.get(name)
        if way:
            columns = variable.columns if isinstance(variable, _Row) else {}
            variable = columns.get(way[0]) if len(way) == 1 else None
        if variable is None:
            self.refuse(line, _("the variable “%(name)s” is unknown.") % {"name": said.var})
        elif name in self.known:
            self.found.used.add(name)
        if isinstance(variable, Code) and self.part == Part.SUBJECT:
            # Lists of messages show it, and locked screens.
            self.refuse(line, _("a code is not said in the subject, which others see."))
        return variable


def _name_of(function: Any) -> str:
    return str(getattr(function, "_filter_name", ""))


def _expressions(condition: Any) -> Iterator[FilterExpression]:
    """What a condition asks, whatever its operators."""
    if condition is None:
        return
    if isinstance(condition, TemplateLiteral):
        expression: Any = condition.value
        yield expression
        return
    yield from _expressions(getattr(condition, "first", None))
    yield from _expressions(getattr(condition, "second", None))
