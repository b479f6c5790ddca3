"""A moderator brings a file in, finds a double in it, chooses, and reads what happened."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import WORKER_WITHIN, Person, RunningSite
from tests.e2e.steps.page import no_violation, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "house": "Laboratoire Aulne",
        "new": "Importer un fichier",
        "kind": "Organismes de soutien",
        "received": "Lignes reçues : 3",
        "compare": "Comparer avec le répertoire",
        "ready": "Simulation à lire",
        "double": "dans le répertoire",
        "update": "C’est la même : la mettre à jour",
        "keep": "Retenir ces choix",
        "kept": "Choix retenus : 1",
        "refused": "n’est aucune des valeurs connues ici",
        "write": "Écrire les lignes",
        "done": "Ce qui s’est passé",
        "outcome": "Modifiée dans un brouillon",
        "created": "Créée",
        "refused_tab": "Refusée",
        "all": "Toutes les lignes",
    },
    "en": {
        "house": "Garage Tilleul",
        "new": "Bring in a file",
        "kind": "Support organisations",
        "received": "3 rows received",
        "compare": "Compare with the directory",
        "ready": "Dry run to read",
        "double": "in the directory",
        "update": "It is the same: update it",
        "keep": "Keep these choices",
        "kept": "Choices kept: 1",
        "refused": "is none of the values known here",
        "write": "Write the rows",
        "done": "What happened",
        "outcome": "Changed in a draft",
        "created": "Created",
        "refused_tab": "Refused",
        "all": "All rows",
    },
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_import_with_a_double(site: RunningSite, visit: Person, language: str) -> None:
    words = WORDS[language]
    file = (
        "nom;type;résumé;description;site\n"
        f"Centec inc.;incubateur;Une phrase ({language}).;Un texte.;\n"
        f"{words['house']};fonds;Une phrase.;Un texte.;maison-{language}.test\n"
        "Mal écrite;banque;Une phrase.;Un texte.;\n"
    )
    site.shell(
        "from core.accounts.models import User;"
        f"User.objects.filter(email='moderation@demo.test').update(language='{language}')"
    )
    page = visit.open(language, "moderation")
    page.goto("/admin/imports/")
    page.get_by_role("link", name=words["new"]).first.click()
    page.get_by_label(words["kind"], exact=True).check()
    page.locator("[name=source]").fill("Registre")
    page.locator("[name=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": file.encode("cp1252")}
    )
    no_violation(page)
    page.locator("main form button[type=submit]").last.click()
    seen(page, words["received"])
    page.reload()  # Wagtail's own message fades in, pale at first
    no_violation(page)
    page.get_by_role("button", name=words["compare"]).click()
    # The page loads itself again until the worker has compared the rows.
    page.get_by_text(words["ready"]).first.wait_for(timeout=WORKER_WITHIN * 1000)
    no_violation(page)
    seen(page, words["double"])
    page.locator("[name=row-2]").select_option(label=words["update"])
    page.get_by_role("button", name=words["keep"]).click()
    seen(page, words["kept"])
    page.get_by_role("link", name=words["refused_tab"]).click()
    seen(page, words["refused"])
    page.get_by_role("button", name=words["write"]).click()
    page.get_by_text(words["done"]).first.wait_for(timeout=WORKER_WITHIN * 1000)
    page.get_by_role("link", name=words["all"]).click()
    for said in (words["outcome"], words["created"], words["refused_tab"]):
        seen(page, said)
    no_violation(page)
    # Drafts: the public page says what it said.
    page.goto(f"/{language}/{'incubateurs' if language == 'fr' else 'incubators'}/centech/")
    assert f"Une phrase ({language})." not in page.content()
