"""The catalogue is compiled by Babel alone, and never read half written."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from cms.management.commands.messages import _compile


class Halved(Exception):
    """The disk is full."""


class Broken(Catalog):
    """A catalogue of which the disk, say, gives half."""

    def __iter__(self) -> Iterator[Any]:
        raise Halved


def test_what_is_compiled_is_read(tmp_path: Path) -> None:
    catalog = Catalog(locale="fr")
    catalog.add("Challenge", "Défi")
    _compile(catalog, tmp_path / "django.mo")
    with (tmp_path / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Challenge") == "Défi"


def test_a_process_that_reads_meanwhile_finds_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "django.mo"
    path.write_bytes(b"old")
    with path.open("rb") as opened_before:
        _compile(Catalog(locale="fr"), path)
        assert opened_before.read() == b"old"
    assert path.read_bytes() != b"old"


def test_a_failure_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "django.mo"
    path.write_bytes(b"old")
    with pytest.raises(Halved):
        _compile(Broken(locale="fr"), path)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("django.mo", b"old")
    ]
