"""The HTML of a message: what mail readers show alike; anything else is said with its line.

A template is looked at before its variables are known: what stands between braces is set aside, and
each branch of a condition has to close what it opens. What is sent is cleaned once more by nh3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final

import nh3
from django.template.base import Lexer, TokenType
from django.utils.translation import gettext as _

from core.notifications.safe_templates import Problem

TAGS: Final = frozenset(
    "p br hr b strong i em a ul ol li h2 h3 blockquote code".split()  # noqa: SIM905
)
VOID: Final = frozenset({"br", "hr"})
SCHEMES: Final = frozenset({"http", "https", "mailto"})
# Where a variable stands, while the markup around it is looked at.
MARK: Final = "\ue000"
BRANCHES: Final = frozenset({"else", "elif", "empty"})
OPENED_BY_TAG: Final = "{%"


def clean(html: str) -> str:
    """``html`` with nothing but :data:`TAGS` and links that leave for the web or the mail."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def problems_of(source: str, is_address: Callable[[str], bool]) -> list[Problem]:
    """What is wrong with the markup of a template, in the order of its lines.

    ``is_address`` says whether what stands between braces is an address that a link may lead to;
    it is asked with ``mailto:`` before it when the link is one to write to.
    """
    check = _Check(is_address)
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            check.feed_at(token.contents, token.lineno or 1)
        elif token.token_type == TokenType.VAR:
            check.variable(token.contents, token.lineno or 1)
        elif token.token_type == TokenType.BLOCK:
            check.block(token.contents, token.lineno or 1)
    check.finish()
    return check.found


class _Check(HTMLParser):
    """Walks the tags with a stack of what is open."""

    def __init__(self, is_address: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=True)
        self.is_address = is_address
        self.found: list[Problem] = []
        self.open: list[tuple[str, int]] = []
        self.variables: list[str] = []
        self.line = 1

    def refuse(self, sentence: str, line: int | None = None) -> None:
        self.found.append(Problem(line or self.line, sentence))

    def feed_at(self, text: str, line: int) -> None:
        # Bit by bit, so that a tag is said at the line where it ends.
        for number, bit in enumerate(text.replace(MARK, "").splitlines(keepends=True)):
            self.line = line + number
            self.feed(bit)

    @property
    def is_inside_tag(self) -> bool:
        return re.search(r"<[a-zA-Z/!?][^>]*$", self.rawdata) is not None

    def variable(self, contents: str, line: int) -> None:
        self.line = line
        self.variables.append(contents)
        self.feed(f"{MARK}{len(self.variables) - 1}{MARK}")

    def block(self, contents: str, line: int) -> None:
        self.line = line
        if self.is_inside_tag:
            self.refuse(_("a condition stands around whole tags, not inside one."))
            return
        command = contents.strip().partition(" ")[0]
        if command in {"if", "for"}:
            self.open.append((OPENED_BY_TAG, line))
            return
        while self.open and self.open[-1][0] != OPENED_BY_TAG:
            self._never_closed(*self.open.pop())
        if command in {"endif", "endfor"} and self.open:
            self.open.pop()

    def finish(self) -> None:
        if self.is_inside_tag:
            self.refuse(_("a tag is begun and never ended by “>”."))
        self.close()
        for tag, line in self.open:
            if tag != OPENED_BY_TAG:
                self._never_closed(tag, line)
        self.found.sort(key=lambda problem: problem.line)

    def _never_closed(self, tag: str, line: int) -> None:
        self.refuse(_("<%(tag)s> is not closed where it should be.") % {"tag": tag}, line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.refuse(_("no picture: the name of the site stands above every message."))
        elif tag not in TAGS:
            self.refuse(_("<%(tag)s> is not available in a message.") % {"tag": tag[:40]})
        if tag in TAGS and tag not in VOID:
            self.open.append((tag, self.line))
        for name, value in attrs:
            if (tag, name) == ("a", "href"):
                self._link(value or "")
            elif tag in TAGS:
                words = {"name": name[:40], "tag": tag}
                self.refuse(_("“%(name)s” is not available on <%(tag)s>.") % words)
        if tag == "a" and "href" not in dict(attrs):
            self.refuse(_("a link needs its address: href."))

    def _link(self, value: str) -> None:
        if whole := re.fullmatch(f"(mailto:)?{MARK}(\\d+){MARK}", value):
            if not self.is_address((whole[1] or "") + self.variables[int(whole[2])]):
                self.refuse(_("a link leads to a variable that is an address, or to https://…"))
        elif MARK in value or not re.match(r"(https?://[^\s/]|mailto:[^\s@]+@)", value):
            self.refuse(_("a link leads to a variable that is an address, or to https://…"))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in TAGS:
            if tag in VOID:
                self.refuse(_("<%(tag)s> has no end.") % {"tag": tag})
            return
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        elif any(opened == tag for opened, _line in self._since_condition()):
            while self.open[-1][0] != tag:
                self._never_closed(*self.open.pop())
            self.open.pop()
        else:
            self.refuse(_("</%(tag)s> closes nothing that is open here.") % {"tag": tag})

    def _since_condition(self) -> list[tuple[str, int]]:
        for number in range(len(self.open) - 1, -1, -1):
            if self.open[number][0] == OPENED_BY_TAG:
                return self.open[number + 1 :]
        return self.open

    def handle_data(self, data: str) -> None:
        if re.search(r"<[a-zA-Z/]", data):
            self.refuse(_("a tag is begun and never ended by “>”."))

    def handle_comment(self, data: str) -> None:
        self.refuse(_("no comment: it would be sent."))

    def handle_decl(self, decl: str) -> None:
        self.refuse(_("no declaration: the message has its frame already."))

    def handle_pi(self, data: str) -> None:
        self.handle_decl(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in TAGS and tag not in VOID:
            self.handle_endtag(tag)
