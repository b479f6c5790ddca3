"""What administrators read: the audit. Nothing here can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.permissions import register_permission_policy

from core.accounts.models import User
from core.audit.models import AuditEntry
from core.viewsets import AdministratorsPolicy, FactsViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet


register_permission_policy(AuditEntry, AdministratorsPolicy(AuditEntry, "view"))


class AuditIndex(IndexView):  # type: ignore[misc]
    """With the names of people: a line keeps their number alone."""

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        """In one query, whatever the number of lines."""
        person = User.objects.filter(pk=OuterRef("actor_id"))
        name = Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
        named = person.values_list(name)[:1]
        found: QuerySet[AuditEntry] = super().get_base_queryset()
        return found.annotate(actor_name=Subquery(named))


def _actor(entry: Any) -> str:
    """The person, the number of one who is gone, or the system itself."""
    if entry.actor_id is None:
        return str(_("the system"))
    return entry.actor_name or str(entry.actor_id)


class AuditViewSet(FactsViewSet):  # type: ignore[misc]
    """The audit, newest first."""

    model = AuditEntry
    name = "audit"
    icon = "history"
    menu_label = _("Audit")
    menu_order = 900
    add_to_admin_menu = True
    index_view_class = AuditIndex
    list_display = (
        "sequence",
        "at",
        Column("actor", label=_("Who"), accessor=_actor),
        "action",
        "object_type",
        "object_id",
    )
    list_filter = ("action", "object_type")
    form_fields = ("action",)
    inspect_view_enabled = True
    inspect_view_fields = ("sequence", "at", "actor_id", "action", "public", "hash")
