"""Somebody with an account and somebody without are invited; then one hands over to the other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person, RunningSite
from tests.e2e.steps.page import no_violation, press, seen
from tests.e2e.test_accounts import WORDS as ACCOUNTS
from tests.e2e.test_accounts import code_for

pytestmark = pytest.mark.browser
PASSWORD = "quatre-ormes-et-un-pont"
ADDRESS = re.compile(r"https?://\S*?/invitation/\S+")

WORDS = {
    "fr": {
        "list": "/fr/espace/organisations/",
        "invite": "Envoyer l’invitation",
        "invited": "a reçu une invitation",
        "subject": "vous invite à rejoindre",
        "page": "Invitation à rejoindre",
        "accept": "Accepter",
        "in": "Vous appartenez maintenant à",
        "sign_up": "Créer mon compte",
        "editor": "Rédaction",
        "owner": "Propriétaire",
        "hand_over": "La céder, ou la partager",
        "offer": "Proposer",
        "waits": "a 7 jours pour accepter",
        "own": "Être propriétaire de",
        "owns": "Vous êtes maintenant propriétaire de",
        "used": "a servi, a été déclinée ou révoquée",
    },
    "en": {
        "list": "/en/workspace/organisations/",
        "invite": "Send the invitation",
        "invited": "is invited",
        "subject": "invites you to join",
        "page": "Invitation to join",
        "accept": "Accept",
        "in": "You now belong to",
        "sign_up": "Create my account",
        "editor": "Editor",
        "owner": "Owner",
        "hand_over": "Hand over, or own it together",
        "offer": "Offer it",
        "waits": "has 7 days to accept",
        "own": "Own ",
        "owns": "You now own",
        "used": "has been used, declined or revoked",
    },
}


def invite(owner: Page, words: dict[str, str], organisation: str, email: str) -> None:
    owner.goto(words["list"])
    owner.get_by_role("link", name=organisation, exact=True).first.click()
    no_violation(owner)
    owner.locator("[name=email]").fill(email)
    owner.locator("form.panel [name=role]").select_option("editor")
    press(owner, words["invite"])
    seen(owner, f"{email} {words['invited']}")
    no_violation(owner)


def link_for(site: RunningSite, email: str, subject: str) -> str:
    """What stands in the mail that went to ``email``."""
    site.wait_for_mail(email, subject)
    mine = [text for text in site.mails().split("\n=====\n") if text.startswith(email)]
    return next(ADDRESS.findall(text)[-1] for text in reversed(mine) if subject in text)


@pytest.mark.parametrize(
    ("language", "host", "guest"),
    [
        ("fr", "startup", "startup2"),
        ("en", "startup2", "incubateur"),
    ],
)
def test_invited_then_owner(
    site: RunningSite, visit: Person, language: str, host: str, guest: str
) -> None:
    words = WORDS[language]
    site.shell(
        "from core.accounts.models import User;"
        f"User.objects.filter(email__in=['{guest}@demo.test', '{host}@demo.test'])"
        f".update(language='{language}')"
    )
    name = site.shell(
        "from core.accounts.models import Organisation;"
        f"o = Organisation.objects.get(memberships__user__email='{host}@demo.test',"
        "memberships__role='owner'); o.language = "
        f"'{language}'; o.save(); print(o.name)"
    ).strip()
    owner = visit.open(language, host)
    stranger = f"nouvelle-{language}@exemple.test"
    invite(owner, words, name, f"{guest}@demo.test")
    invite(owner, words, name, stranger)

    known = visit.open(language, guest)
    known.goto(link_for(site, f"{guest}@demo.test", words["subject"]))
    seen(known, f"{words['page']} {name}")
    no_violation(known)
    press(known, words["accept"])
    seen(known, f"{words['in']} {name}")

    newcomer = visit.open(language)
    address = link_for(site, stranger, words["subject"])
    newcomer.goto(address)
    seen(newcomer, stranger)
    no_violation(newcomer)
    newcomer.get_by_role("link", name=words["sign_up"]).click()
    expect(newcomer.locator("[name=email]")).to_have_value(stranger)
    newcomer.locator("[name=password1]").fill(PASSWORD)
    newcomer.locator("[name=password2]").fill(PASSWORD)
    newcomer.locator("main form [type=submit]").first.click()
    newcomer.locator("[name=code]").fill(code_for(site, stranger, ACCOUNTS[language]["code"]))
    newcomer.locator("main form [type=submit]").first.click()
    seen(newcomer, f"{words['page']} {name}")
    press(newcomer, words["accept"])
    seen(newcomer, f"{words['in']} {name}")
    other = visit.open(language, "jury1")
    other.goto(address)
    seen(other, words["used"])
    no_violation(other)

    owner.goto(words["list"])
    owner.get_by_role("link", name=name, exact=True).first.click()
    owner.get_by_role("link", name=words["hand_over"]).click()
    no_violation(owner)
    owner.locator("[name=to]").select_option(index=1)
    press(owner, words["offer"])
    seen(owner, words["waits"])
    no_violation(owner)
    chosen = owner.locator("main [role=status]").inner_text()
    heir = known if not chosen.strip().startswith(stranger) else newcomer
    heir.goto(f"/{language}/{'espace' if language == 'fr' else 'workspace'}/")
    heir.get_by_role("link", name=words["own"]).first.click()
    no_violation(heir)
    press(heir, words["accept"])
    seen(heir, f"{words['owns']} {name}")
    mine = heir.locator(".entry", has_text="(vous)" if language == "fr" else "(you)").first
    expect(mine.locator(".tag").first).to_have_text(words["owner"])
    owner.reload()
    expect(owner.locator("main")).not_to_contain_text(words["hand_over"])
