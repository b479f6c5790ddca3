"""Logos, pictures and documents of the directory: what is kept, made small, refused, and read."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from core.accounts import roles
from core.files.checks import FileRefused
from core.files.models import StoredFile
from startups.domain.pictures import LOGO, SOLUTION_PDF, SOLUTION_PICTURE, store_picture
from startups.models import SolutionFile, Startup
from tests import factories

pytestmark = pytest.mark.django_db
NOT_A_PICTURE = "Only PNG and JPEG pictures are accepted."
TOO_MANY_PIXELS = "The picture has more than 50 million pixels."


def drawn(width: int, height: int, kind: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 120 if mode == "L" else None).save(out, kind, **options)
    return out.getvalue()


def noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(out, "PNG")
    return out.getvalue()


def kept(content: bytes, name: str, kind: str = LOGO, **fields: Any) -> StoredFile:
    return store_picture(
        upload=SimpleUploadedFile(name, content),
        kind=kind,
        **{"organisation": None, "actor": None, **fields},
    )


def as_image(stored: StoredFile) -> Image.Image:
    return Image.open(io.BytesIO(stored.file.read()))


def vast_png() -> bytes:
    """A head that says 20,000 × 20,000, and not one pixel behind it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"no pixels")


def acting_pdf() -> bytes:
    """Script when it opens, behind a bookmark, and in a widget; a program to start."""
    out, pdf = io.BytesIO(), pikepdf.new()
    page = pdf.add_blank_page()
    script = {"/S": pikepdf.Name.JavaScript, "/JS": "app.alert('boo')"}
    pdf.Root.OpenAction = pikepdf.Dictionary(script)
    bookmark = pdf.make_indirect(pikepdf.Dictionary(Title="Partie 1", A=pikepdf.Dictionary(script)))
    pdf.Root.Outlines = pdf.make_indirect(pikepdf.Dictionary(First=bookmark, Last=bookmark))
    start = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    page.obj.Extra = pikepdf.Dictionary(Deep=pikepdf.Array([start]))
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "size"),
    [
        (drawn(2000, 1000), "marque.png", (512, 256)),
        (drawn(300, 900, "JPEG"), "marque.jpg", (171, 512)),
        (drawn(40, 30), "petite.png", (40, 30)),
    ],
)
def test_a_logo_is_a_png_of_512_pixels_at_most(
    content: bytes, name: str, size: tuple[int, int]
) -> None:
    stored = kept(content, name)
    image = as_image(stored)
    assert (image.format, image.size, stored.content_type) == ("PNG", size, "image/png")
    assert stored.original_name == f"{name.partition('.')[0]}.png"


def test_what_one_sees_through_stays_so() -> None:
    assert as_image(kept(drawn(900, 900, mode="RGBA"), "m.png")).getpixel((3, 3)) == (0, 0, 0, 0)


def test_a_picture_is_turned_upright_and_loses_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a camera held upright
    exif.get_ifd(0x8825)[1] = "N"
    stored = kept(drawn(4000, 2000, "JPEG", exif=exif), "rue.JPG", SOLUTION_PICTURE)
    image = as_image(stored)
    assert (image.format, image.size) == ("JPEG", (800, 1600))
    assert dict(image.getexif()) == {}
    assert stored.original_name == "rue.jpg"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (drawn(9, 9) + b"0" * 30 * 1024 * 1024, "gros.png", "The file is larger than 25 MB."),
        (vast_png(), "vaste.png", TOO_MANY_PIXELS),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "marque.svg", NOT_A_PICTURE),
        (b"<svg><script>alert(1)</script></svg>", "marque.svg", NOT_A_PICTURE),
        (
            b"<svg><script>alert(1)</script></svg>",
            "marque.png",
            "The file's content is not what its name says.",
        ),
        (drawn(9, 9, "JPEG"), "marque.png", "The file's content is not what its name says."),
        (acting_pdf(), "marque.pdf", NOT_A_PICTURE),
        (noise()[:900], "marque.png", "The picture is damaged: export it again."),
        (b"", "marque.png", "The file is empty."),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(
    content: bytes, name: str, sentence: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        kept(content, name)
    with translation.override("en"):
        assert str(refused.value) == sentence
    assert not StoredFile.objects.exists()


def test_a_pdf_is_kept_without_what_acts() -> None:
    before = acting_pdf()
    stored = kept(before, "fiche.pdf", SOLUTION_PDF)
    after = stored.file.read()
    assert b"JavaScript" in before
    assert b"calc.exe" in before
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert str(pdf.Root.Outlines.First.Title) == "Partie 1"
        assert list(pdf.Root.Outlines.First.A.keys()) == []
        assert "/S" not in pdf.pages[0].obj.Extra.Deep[0]
    assert b"JavaScript" not in after
    assert stored.content_type == "application/pdf"


def test_only_a_pdf_is_a_document() -> None:
    with pytest.raises(FileRefused) as refused:
        kept(drawn(9, 9), "fiche.png", SOLUTION_PDF)
    with translation.override("en"):
        assert str(refused.value) == "Only PDF files are accepted here."


@pytest.fixture
def startup() -> Startup:
    """With a logo."""
    found = factories.make_startup(factories.make_user("membre"))
    found.logo = kept(drawn(64, 64), "marque.png", organisation=found.organisation)
    found.logo_alt_fr = "Un cône"
    found.save()
    return found


def read(client: Client, stored: StoredFile | None) -> Any:
    assert stored is not None
    return client.get(reverse("picture", args=[stored.pk]))


def test_a_shown_logo_is_drawn_for_anyone_and_kept_for_good(startup: Startup) -> None:
    answer = read(Client(), startup.logo)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Disposition"] == 'inline; filename="marque.png"'
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_a_logo_of_a_draft_is_for_its_own_people_and_the_moderators(startup: Startup) -> None:
    Startup.objects.update(live=False)
    organisation = startup.organisation
    assert organisation is not None
    member = organisation.memberships.get().user
    answers = {}
    for name, user in (
        ("nobody", None),
        ("rival", factories.make_user("rival")),
        ("member", member),
        ("moderator", factories.make_user("m", roles.MODERATORS)),
        ("jury", factories.jury_member()),
    ):
        client = Client()
        if user is not None:
            client.force_login(user)
        answers[name] = read(client, startup.logo)
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "nobody": 404,
        "rival": 404,
        "member": 200,
        "moderator": 200,
        "jury": 404,
    }
    assert answers["member"].headers["Cache-Control"] == "private, no-store"


def test_a_logo_that_was_replaced_is_not_public_any_more(startup: Startup) -> None:
    before = startup.logo
    startup.logo = kept(drawn(32, 32), "autre.png", organisation=startup.organisation)
    startup.save()
    assert read(Client(), before).status_code == 404
    assert read(Client(), startup.logo).status_code == 200


def test_the_files_of_a_solution_are_read_while_it_is_live(startup: Startup) -> None:
    solution = startup.solutions.get()
    shown = [
        SolutionFile.objects.create(solution=solution, file=stored, caption_fr="Ce que l’on voit")
        for stored in (
            kept(drawn(64, 64, "JPEG"), "rue.jpg", SOLUTION_PICTURE),
            kept(acting_pdf(), "fiche.pdf", SOLUTION_PDF),
        )
    ]
    picture, document = (read(Client(), each.file) for each in shown)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert document.headers["Content-Disposition"] == 'attachment; filename="fiche.pdf"'
    solution.live = False
    solution.save()
    assert [read(Client(), each.file).status_code for each in shown] == [404, 404]


def test_what_was_sent_for_something_else_is_no_picture() -> None:
    assert read(Client(), kept(drawn(9, 9), "plan.png", "application")).status_code == 404


def test_the_database_wants_a_logo_in_words(startup: Startup) -> None:
    startup.logo_alt_fr = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        startup.save()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (drawn(900, 900), "marque.png", LOGO),
        (drawn(900, 900, "JPEG"), "rue.jpg", SOLUTION_PICTURE),
        (acting_pdf(), "fiche.pdf", SOLUTION_PDF),
    ],
)
def test_the_same_content_is_kept_once_for_an_organisation(
    startup: Startup, content: bytes, name: str, kind: str
) -> None:
    mine = startup.organisation
    other = factories.make_startup().organisation
    first = kept(content, name, kind, organisation=mine)
    assert kept(content, name, kind, organisation=mine) == first
    assert kept(content, name, kind, organisation=other) != first
