"""A copy of one's data: what is in it, who takes it, how it fails and when it goes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import queue, registry
from core.accounts.models import Membership, User
from core.audit.models import AuditEntry
from core.files.models import StoredFile
from core.notifications.models import Message
from core.privacy import tasks
from core.privacy.archive import write_archive
from core.privacy.domain import exports
from core.privacy.enums import ExportState
from core.privacy.models import DataExport
from tests import factories
from tests.core.privacy.conftest import Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def part() -> Iterator[Any]:
    """Adds a part to the registry for the time of a test."""
    before = dict(registry.exporters._entries)
    yield registry.exporters.register
    registry.exporters._entries = before


def archive_of(person: User, folder: Path) -> zipfile.ZipFile:
    folder.mkdir(exist_ok=True)
    write_archive(folder / "a.zip", person, timezone.now())
    return zipfile.ZipFile(folder / "a.zip")


def rows(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"json/{name}.json"))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(f"csv/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def asked_and_made(person: User) -> DataExport:
    export = exports.ask_for_export(actor=person, now=timezone.now())
    queue.drain()
    export.refresh_from_db()
    return export


def test_the_parts_of_all_floors(life: Life, tmp_path: Path) -> None:
    archive = archive_of(life.person, tmp_path / "x")
    assert archive.testzip() is None
    names = ["account", "email_addresses", "security", "sessions", "identities", "memberships"]
    names += ["join_requests", "messages", "drafts", "files", "audit"]
    names += ["applications", "jury", "evaluations", "journal"]
    assert set(names) <= set(dict(registry.exporters.items()))
    names = list(dict(registry.exporters.items()))
    found = {name for name in archive.namelist() if not name.startswith("files/")}
    assert found == {
        "README.txt",
        *(f"json/{name}.json" for name in names),
        *(f"csv/{name}.csv" for name in names),
    }
    for name in names:
        assert len(rows(archive, name)) == len(table(archive, name)), name


def test_what_a_person_did_is_in_it(life: Life, tmp_path: Path) -> None:
    archive = archive_of(life.person, tmp_path / "x")
    (account,) = rows(archive, "account")
    assert (account["email"], account["name"]) == (life.person.email, "Ana")
    assert rows(archive, "memberships")[0]["role"] == "owner"
    assert rows(archive, "join_requests")[0]["message"] == "@SUM(A1:A9)"
    applied = {row["number"]: row for row in rows(archive, "applications")}
    life.submitted.refresh_from_db()
    answers = applied[life.submitted.number]["answers"]
    assert "Nous sommes deux." in json.dumps(answers, ensure_ascii=False)
    assert [r["value"] for r in rows(archive, "drafts") if r["field"] == "team"] == [
        "Nous sommes deux.",
        "=2+3",
    ]
    actions = [row["action"] for row in rows(archive, "audit")]
    assert "application.submitted" in actions
    asked = next(row for row in rows(archive, "audit") if row["action"] == "join_request.asked")
    assert asked["private"] == {"message": "@SUM(A1:A9)"}
    assert asked["by_you"] is True


def test_nobody_elses_and_nothing_that_waits_is_in_it(life: Life, tmp_path: Path) -> None:
    archive = archive_of(life.person, tmp_path / "x")
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(
        "utf-8", "replace"
    )
    for secret in ("Secret du voisin", life.other.email, "Pour le voisin", "123456"):
        assert secret not in everything
    # A held letter would announce a decision before it is released (promise 6).
    assert "Vous êtes retenus" not in everything
    assert life.person.password not in everything
    assert [row["subject"] for row in rows(archive, "messages")] == ["Objet m1", "Objet code"]


def test_a_spreadsheet_runs_nothing(life: Life, tmp_path: Path) -> None:
    archive = archive_of(life.person, tmp_path / "x")
    assert table(archive, "join_requests")[0]["message"] == "'@SUM(A1:A9)"
    typed = [row["value"] for row in table(archive, "drafts") if row["field"] == "team"]
    assert typed == ["Nous sommes deux.", "'=2+3"]
    assert archive.read("csv/account.csv").startswith(b"\xef\xbb\xbf")


def test_a_file_is_in_it_as_long_as_one_may_read_it(life: Life, tmp_path: Path) -> None:
    archive = archive_of(life.person, tmp_path / "x")
    (row,) = rows(archive, "files")
    assert row["in_archive"] == f"files/{life.file.pk.hex[:8]}-plan d’essai.pdf"
    inside = archive.read(row["in_archive"])
    assert hashlib.sha256(inside).hexdigest() == row["sha256"] == life.file.sha256
    Membership.objects.filter(user=life.person).delete()
    archive = archive_of(life.person, tmp_path / "y")
    (row,) = rows(archive, "files")
    assert row["in_archive"] == ""
    assert [n for n in archive.namelist() if n.startswith("files/")] == []
    # The organisation's answers stay with the organisation too.
    assert {tuple(r["answers"]) for r in rows(archive, "applications")} == {()}


def test_a_file_that_is_gone_from_the_disk_stops_nothing(life: Life, tmp_path: Path) -> None:
    stored = StoredFile.objects.get()
    stored.file.storage.delete(stored.file.name)
    (row,) = rows(archive_of(life.person, tmp_path / "x"), "files")
    assert row["in_archive"] == ""


@pytest.mark.parametrize(
    ("language", "first", "label"),
    [("fr", "Vos données à Banc d’essai", "Messages reçus"), ("en", "Your data", "Messages")],
)
def test_it_explains_itself_in_the_persons_language(
    life: Life, tmp_path: Path, language: str, first: str, label: str
) -> None:
    life.person.language = language
    with translation.override("en" if language == "fr" else "fr"):
        archive = archive_of(life.person, tmp_path / "x")
    text = archive.read("README.txt").decode("utf-8-sig")
    assert text.startswith(first)
    assert label in text
    assert "vieprivee@ville.example" in text
    assert "&" not in text


def test_a_field_that_is_not_named_stops_the_export(life: Life, tmp_path: Path, part: Any) -> None:
    part(
        "loose",
        registry.Exporter(
            label="L", about="A", fields=("a",), rows=lambda user: [{"a": 1, "password": "x"}]
        ),
    )
    with pytest.raises(ValueError, match="loose"):
        archive_of(life.person, tmp_path / "x")


def test_a_name_cannot_leave_the_folder(life: Life, tmp_path: Path, part: Any) -> None:
    evil = registry.OwnFile("../../etc/\x00passwd", lambda: io.BytesIO(b"x"))
    part(
        "evil",
        registry.Exporter(
            label="L", about="A", fields=("a",), rows=lambda user: [], files=lambda user: [evil]
        ),
    )
    names = archive_of(life.person, tmp_path / "x").namelist()
    assert "files/_.._etc_passwd" in names


def test_memory_does_not_grow_with_what_is_written(life: Life, tmp_path: Path, part: Any) -> None:
    def many(user: User) -> Iterator[dict[str, Any]]:
        for number in range(40_000):
            yield {"text": f"{number}" + "x" * 1_000}

    part("big", registry.Exporter(label="L", about="A", fields=("text",), rows=many))
    tracemalloc.start()
    try:
        archive = archive_of(life.person, tmp_path / "x")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    written = sum(info.file_size for info in archive.infolist())
    assert written > 80_000_000
    assert peak < 12_000_000


def test_from_the_click_to_the_file(life: Life, client: Client, private_root: Path) -> None:
    client.force_login(life.person)
    page = reverse("my_data")
    assert "Demander une copie de mes données" in client.get(page).content.decode()
    response = client.post(reverse("data_export_ask"), follow=True)
    assert "Votre copie se prépare" in response.content.decode()
    assert "Demander une copie" not in response.content.decode()
    queue.drain()
    export = DataExport.objects.get()
    assert export.state == ExportState.READY
    assert "Télécharger mes données" in client.get(page).content.decode()
    taken = client.get(reverse("data_export_take", args=[export.pk]))
    body = b"".join(taken.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(body).hexdigest() == export.sha256
    assert len(body) == export.size
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
    assert 'filename="mes-donnees-' in taken.headers["Content-Disposition"]
    assert "no-store" in taken.headers["Cache-Control"]
    mail = Message.objects.get(event="data_export_ready")
    assert (mail.to_email, mail.language) == (life.person.email, "en")
    said = list(
        AuditEntry.objects.filter(action__startswith="data_export.")
        .order_by("sequence")
        .values_list("action", "actor_id")
    )
    assert said == [
        ("data_export.asked", life.person.pk),
        ("data_export.ready", None),
        ("data_export.taken", life.person.pk),
    ]
    (path,) = private_root.rglob("*.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_address_leads_to_the_file(life: Life, settings: Any) -> None:
    export = asked_and_made(life.person)
    with pytest.raises(ValueError, match="no address"):
        _ = export.file.url
    assert not Path(export.file.path).is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.parametrize("who", ["visitor", "other", "administrator"])
def test_nobody_else_takes_it(life: Life, client: Client, who: str) -> None:
    export = asked_and_made(life.person)
    if who == "other":
        client.force_login(life.other)
    elif who == "administrator":
        client.force_login(factories.make_user("admin", is_superuser=True))
    response = client.get(reverse("data_export_take", args=[export.pk]))
    assert response.status_code == (302 if who == "visitor" else 404)
    assert not AuditEntry.objects.filter(action="data_export.taken").exists()


def test_a_second_ask_is_the_same_one(life: Life, client: Client) -> None:
    client.force_login(life.person)
    for _click in range(3):
        client.post(reverse("data_export_ask"))
    export = DataExport.objects.get()
    assert AuditEntry.objects.filter(action="data_export.asked").count() == 1
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        DataExport.objects.create(person=life.person, asked_at=now)
    tasks.make_export(str(export.pk))
    tasks.make_export(str(export.pk))
    assert AuditEntry.objects.filter(action="data_export.ready").count() == 1


def test_a_newer_copy_takes_the_place_of_the_older(
    life: Life, private_root: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = asked_and_made(life.person)
    with django_capture_on_commit_callbacks(execute=True):
        second = asked_and_made(life.person)
    first.refresh_from_db()
    assert (first.state, second.state) == (ExportState.REMOVED, ExportState.READY)
    assert [p.stem for p in private_root.rglob("*.zip")] == [second.pk.hex]


def test_after_72_hours_it_is_refused_then_removed(
    life: Life, client: Client, private_root: Path, django_capture_on_commit_callbacks: Any
) -> None:
    export = asked_and_made(life.person)
    late = timezone.now() - timedelta(hours=72, minutes=1)
    DataExport.objects.filter(pk=export.pk).update(
        ready_at=late, expires_at=timezone.now() - timedelta(minutes=1)
    )
    client.force_login(life.person)
    gone = client.get(reverse("data_export_take", args=[export.pk]))
    assert gone.status_code == 410
    assert "n’est plus offerte" in gone.content.decode()
    assert "Télécharger" not in client.get(reverse("my_data")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.tidy() == 1
    assert tasks.tidy() == 0
    assert list(private_root.rglob("*.zip")) == []
    export.refresh_from_db()
    assert (export.state, export.file.name) == (ExportState.REMOVED, "")
    assert AuditEntry.objects.filter(action="data_export.removed").count() == 1


def test_it_is_offered_72_hours_to_the_second(life: Life) -> None:
    export = asked_and_made(life.person)
    assert export.expires_at - export.ready_at == timedelta(hours=72)
    with pytest.raises(exports.NotOffered):
        exports.take_export(export=export, actor=life.person, now=export.expires_at)
    just_before = export.expires_at - timedelta(seconds=1)
    exports.take_export(export=export, actor=life.person, now=just_before).close()


def test_a_failure_is_said_and_may_be_asked_again(
    life: Life, client: Client, private_root: Path, part: Any
) -> None:
    def breaks(user: User) -> Iterator[dict[str, Any]]:
        yield {"a": 1}
        raise OSError("No space left on device")

    before = dict(registry.exporters._entries)
    part("broken", registry.Exporter(label="L", about="A", fields=("a",), rows=breaks))
    client.force_login(life.person)
    client.post(reverse("data_export_ask"))
    with pytest.raises(OSError, match="No space"):
        queue.drain()
    page = client.get(reverse("my_data")).content.decode()
    assert "n’a pas pu être faite" in page
    assert [p for p in private_root.rglob("*") if p.is_file()] == []
    assert AuditEntry.objects.filter(action="data_export.failed").count() == 1
    registry.exporters._entries = before
    assert asked_and_made(life.person).state == ExportState.READY
    assert "n’a pas pu" not in client.get(reverse("my_data")).content.decode()


def test_a_dead_workers_copy_is_begun_again_then_given_up(life: Life) -> None:
    now = timezone.now()
    export = exports.ask_for_export(actor=life.person, now=now)
    DataExport.objects.filter(pk=export.pk).update(state="making", beat_at=now)
    tasks.make_export(str(export.pk))  # a living one is left alone
    export.refresh_from_db()
    assert export.state == ExportState.MAKING
    DataExport.objects.filter(pk=export.pk).update(beat_at=now - timedelta(minutes=11))
    tasks.make_export(str(export.pk))
    export.refresh_from_db()
    assert export.state == ExportState.READY

    again = exports.ask_for_export(actor=life.person, now=now)
    DataExport.objects.filter(pk=again.pk).update(
        state="making", beat_at=now - timedelta(minutes=21)
    )
    assert tasks.tidy() == 1
    again.refresh_from_db()
    assert again.state == ExportState.FAILED


@pytest.mark.parametrize("state", [ExportState.MAKING, ExportState.FAILED])
@pytest.mark.parametrize("suffix", [".part", ".zip"])
def test_what_a_killed_worker_wrote_goes_with_the_person(
    life: Life,
    private_root: Path,
    state: str,
    suffix: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    export = exports.ask_for_export(actor=life.person, now=timezone.now())
    beat = {"beat_at": timezone.now()} if state == ExportState.MAKING else {}
    DataExport.objects.filter(pk=export.pk).update(state=state, **beat)
    left = private_root / "exports" / f"{export.pk.hex}{suffix}"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"data")
    with django_capture_on_commit_callbacks(execute=True):
        exports.remove_exports_of(person=life.person, now=timezone.now())
    assert list(left.parent.iterdir()) == []


def test_progress_is_shown(life: Life, client: Client) -> None:
    export = exports.ask_for_export(actor=life.person, now=timezone.now())
    DataExport.objects.filter(pk=export.pk).update(
        state="making", beat_at=timezone.now(), parts_done=4, parts_total=15
    )
    client.force_login(life.person)
    page = client.get(reverse("my_data")).content.decode()
    assert "4 parties sur 15 sont écrites." in page
    assert 'value="4" max="15"' in " ".join(page.split())


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_number_of_questions(
    life: Life, client: Client, many: int, django_assert_num_queries: Any
) -> None:
    for _number in range(many):
        asked_and_made(life.person)
    client.force_login(life.person)
    client.get(reverse("my_data"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("my_data"))


PAGE_QUERIES = 6
