"""The shape of the house: what a newcomer may rely on without reading every file."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("core", "startups", "pilots", "search", "cms")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_TEMPLATE = 120
STATE_FIELDS = {"state"}


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_the_floors_are_kept() -> None:
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_long() -> None:
    long = {
        str(p.relative_to(ROOT)): count
        for p in sources()
        if (count := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_long() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_no_template_is_long() -> None:
    long = {
        str(p.relative_to(ROOT)): count
        for p in sorted((ROOT / "templates").rglob("*.*"))
        if p.suffix in {".html", ".txt"}
        and (count := len(p.read_text().splitlines())) > LONGEST_TEMPLATE
    }
    assert long == {}


WRITING_CALLS = {"update", "bulk_update", "update_or_create", "setattr", "execute"}


def state_writes(source: str) -> list[int]:
    """The lines of ``source`` that write a state by any way Django knows."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [t.lineno for t in targets if _is_model_state(t)]
        if isinstance(node, ast.Call) and _name_of(node.func) in WRITING_CALLS:
            named = any(k.arg in STATE_FIELDS for k in node.keywords)
            said = any(_says_state(a) for a in [*node.args, *(k.value for k in node.keywords)])
            if named or said:
                found.append(node.lineno)
    return found


def _is_model_state(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and target.attr in STATE_FIELDS


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _says_state(argument: ast.expr) -> bool:
    """``["state"]``, ``{"state": …}``, ``"UPDATE … SET state = …"``."""
    return any(
        isinstance(part, ast.Constant)
        and (part.value in STATE_FIELDS or bool(re.search(r"(?i)\bset state\b", str(part.value))))
        for part in ast.walk(argument)
    )


@pytest.mark.parametrize(
    "line",
    [
        "pilot.state = 'running'",
        "Pilot.objects.filter(pk=1).update(state='running')",
        "Pilot.objects.filter(pk=1).update(**{'state': 'running'})",
        "Pilot.objects.bulk_update(pilots, ['state'])",
        "Pilot.objects.update_or_create(pk=1, defaults={'state': 'running'})",
        "setattr(pilot, 'state', 'running')",
        "cursor.execute('UPDATE pilots_pilot SET state = 1')",
    ],
)
def test_a_state_written_otherwise_is_seen(line: str) -> None:
    assert state_writes(line) == [1]


def test_only_change_state_writes_a_state() -> None:
    """No state is written outside ``core/states.py``.

    A new row may be born in a state, and the demonstration tells a past: its loader makes rows
    as their verbs would have left them.
    """
    guilty = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        if name == "core/states.py" or name.startswith("cms/demo/"):
            continue
        guilty += [f"{name}:{line}" for line in state_writes(path.read_text())]
    assert guilty == []


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS]


@pytest.mark.parametrize("model", own_models(), ids=lambda m: m._meta.label)
def test_every_model_has_a_constraint_or_a_reason(model: type[models.Model]) -> None:
    has = bool(model._meta.constraints) or bool(getattr(model, "no_constraint_reason", ""))
    # Rows that Wagtail owns (pages, settings, tasks) keep the integrity of their own tables.
    assert has or model._meta.label.startswith("pages.")


def test_messages_are_in_gettext_not_in_templates() -> None:
    """A template has no sentence outside a translation tag."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if path.name == "500.html":
            continue  # drawn without a catalogue, in both languages at once
        if path.parent.name in {"fr", "en"} and path.parent.parent.parent.name == "emails":
            continue  # one file per language: tests/core/test_message_catalogue.py reads them
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"\{% block main_class %\}.*?\{% endblock %\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%\s*blocktrans.*?endblocktrans\s*%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL)
        found += [
            f"{path.relative_to(ROOT)}: {words}"
            for words in re.findall(r"[A-Za-zÀ-ÿ]{3,}(?: [A-Za-zÀ-ÿ]{2,})+", text)
        ]
    assert found == []


def test_no_template_has_inline_style_or_script() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        assert " style=" not in text, path
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), path
        assert not re.search(r"\son(click|load|submit|change)=", text), path
