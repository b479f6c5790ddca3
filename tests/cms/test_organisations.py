"""Where no owner can sign in any more, administrators see it, and name one of the members."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts import roles
from core.accounts.domain.belonging import NoLongerMember, OrganisationClosed
from core.accounts.domain.ownership import HasOwner, appoint_owner
from core.accounts.models import Membership, Organisation, Role, User
from core.audit.models import AuditEntry, AuditPrivate
from core.exceptions import DomainError, NotAllowed
from core.notifications.models import Message
from core.text import TextRefused
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
WHY = "La seule propriétaire est partie."


@pytest.fixture
def administrator() -> User:
    return factories.make_user("Admin", roles.ADMINISTRATORS, is_demo=True)


@pytest.fixture
def organisation() -> Organisation:
    """Whose only owner the city closed the account of."""
    gone = factories.make_user("Ana")
    made = factories.make_startup(gone).organisation
    Organisation.objects.filter(pk=made.pk).update(name="Nord")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return Organisation.objects.get(pk=made.pk)


def belong(organisation: Organisation, name: str, role: str = Role.EDITOR) -> User:
    user = factories.make_user(name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def appoint(organisation: Organisation, member: User, actor: User, reason: str = WHY) -> Any:
    return appoint_owner(
        organisation=organisation, member=member, reason=reason, actor=actor, now=NOW
    )


def said(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def test_the_member_owns_it_and_all_are_told(
    organisation: Organisation, administrator: User
) -> None:
    bo, cy = belong(organisation, "Bo"), belong(organisation, "Cy", Role.VIEWER)
    assert list(Organisation.objects.without_owner()) == [organisation]
    appoint(organisation, bo, administrator)
    assert not Organisation.objects.without_owner().exists()
    assert organisation.memberships.get(user=bo).role == Role.OWNER
    told = dict(Message.objects.filter(event="owner_appointed").values_list("to_email", "subject"))
    assert told == {
        bo.email: "Vous êtes maintenant propriétaire de Nord",
        cy.email: "Bo est maintenant propriétaire de Nord",
    }
    assert all(WHY in text for text in Message.objects.values_list("text", flat=True))
    line = AuditEntry.objects.order_by("-sequence")[0]
    assert (line.action, line.actor_id) == ("membership.owner_appointed", administrator.pk)
    assert line.public == {
        "organisation": organisation.pk,
        "person": bo.pk,
        "before": "editor",
    }
    assert AuditPrivate.objects.get(entry=line).data == {"reason": WHY}
    with pytest.raises(HasOwner):
        appoint(organisation, cy, administrator)
    assert Message.objects.count() == 2


def refused(error: type[DomainError], *given: Any) -> None:
    before = AuditEntry.objects.count(), list(Membership.objects.values_list("pk", "role"))
    with pytest.raises(error):
        appoint(*given)
    assert (
        AuditEntry.objects.count(),
        list(Membership.objects.values_list("pk", "role")),
    ) == before
    assert not Message.objects.exists()


def test_what_is_refused(organisation: Organisation, administrator: User) -> None:
    bo, stranger = belong(organisation, "Bo"), factories.make_user("Di")
    for other in (bo, stranger, factories.manager(), factories.make_user("M", roles.MODERATORS)):
        refused(NotAllowed, organisation, bo, other)
    refused(NoLongerMember, organisation, stranger, administrator)
    refused(TextRefused, organisation, bo, administrator, " \u200b ")
    refused(NotAllowed, organisation, User.objects.get(name="Ana"), administrator)
    Organisation.objects.filter(pk=organisation.pk).update(closed_at=NOW)
    refused(OrganisationClosed, organisation, bo, administrator)


def test_with_an_owner_who_can_sign_in_the_city_names_nobody(
    organisation: Organisation, administrator: User
) -> None:
    belong(organisation, "Eve", Role.OWNER)
    refused(HasOwner, organisation, belong(organisation, "Bo"), administrator)


def test_administrators_do_it_in_the_administration(
    organisation: Organisation, administrator: User, client: Client, settings: Any
) -> None:
    settings.DEBUG = True  # a demonstration account needs no second factor there
    bo = belong(organisation, "Bo")
    client.force_login(administrator)
    Organisation.objects.create(name="Alpha", slug="alpha", kind="startup")
    first = factories.make_startup(factories.make_user("Eve")).organisation
    Organisation.objects.filter(pk=first.pk).update(name="Aaa")
    index = said(client.get(reverse("organisations:index")))
    assert index.index("Alpha") < index.index("Nord") < index.index("Aaa")
    seen = said(client.get(reverse("organisations:inspect", args=[organisation.pk])))
    assert f"Bo · {bo.email}" in seen
    assert "compte fermé" in seen
    address = reverse("organisations:edit", args=[organisation.pk])
    form = client.get(address).content.decode()
    assert f"Bo ({bo.email})" in form
    assert "Ana (" not in form
    member = organisation.memberships.get(user=bo)
    without = client.post(address, {"member": member.pk, "reason": ""})
    assert without.status_code == 200
    assert not Organisation.objects.get(pk=organisation.pk).memberships.all().owners().exists()
    done = client.post(address, {"member": member.pk, "reason": WHY}, follow=True)
    assert "Bo est maintenant propriétaire de Nord ; ses membres en reçoivent l’avis." in said(done)
    assert organisation.memberships.get(user=bo).role == Role.OWNER
    again = client.post(address, {"member": member.pk, "reason": WHY})
    assert "peut se connecter" in said(again)
    assert Message.objects.filter(event="owner_appointed").count() == 1
