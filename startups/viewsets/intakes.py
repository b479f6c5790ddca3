"""The city's list of intakes; they are written on the same pages as members write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from core.accounts import rules
from core.viewsets import FactsViewSet
from startups.models import Intake

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.accounts.models import User


class ReadByModerators(ModelPermissionPolicy):  # type: ignore[misc]  # no types in Wagtail
    """Moderators look; what they change, they change by the verbs, on the site's own pages."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """To see, for moderators and administrators."""
        return action == "view" and rules.is_moderator(user)

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        """The same, for several."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Intake, ReadByModerators(Intake))


class ProgramColumn(TitleColumn):  # type: ignore[misc]
    """The program; the link leads to where the intake is changed."""

    def get_link_url(self, instance: Intake, parent_context: Any) -> str:
        """What is cancelled is only read."""
        if instance.cancelled_at is not None:
            return instance.program.get_absolute_url()
        return reverse("intake_edit", args=[instance.pk])


class IntakeIndex(IndexView):  # type: ignore[misc]
    """With the names of programs and of who runs them."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """In one query."""
        return Intake.objects.select_related("program__incubator")


def _status(intake: Intake) -> str:
    return str(intake.status(timezone.now()).label)


class IntakeViewSet(FactsViewSet):  # type: ignore[misc]
    """Intakes, the next to close first."""

    model = Intake
    name = "intakes"
    icon = "calendar-alt"
    menu_label = _("Intakes")
    list_display = (
        ProgramColumn("program", label=_("Program"), accessor="program.name"),
        Column("incubator", label=_("Run by"), accessor="program.incubator.name"),
        Column("status", label=_("Status"), accessor=_status),
        Column("opens_at", label=_("Opens"), sort_key="opens_at"),
        Column("closes_at", label=_("Closes"), sort_key="closes_at"),
    )
    list_filter = ("is_rolling", "repeats", "is_example")
    ordering = ("-closes_at", "pk")
    search_fields = ("program__name_fr", "program__name_en", "program__incubator__name")
    search_backend_name = None
    form_fields = ()
    index_view_class = IntakeIndex
