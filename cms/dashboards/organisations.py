"""Administrators' list of organisations: their members, and an owner where none is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import EditView, IndexView, InspectView
from wagtail.permissions import register_permission_policy

from core.accounts.domain.ownership import LONGEST_REASON, appoint_owner
from core.accounts.models import Membership, Organisation
from core.text import LinesField
from core.viewsets import AdministratorsPolicy, ByVerb, FactsViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet

# ``change`` stands for naming an owner: nobody else writes an organisation than its members.
register_permission_policy(Organisation, AdministratorsPolicy(Organisation, "view", "change"))


class MemberChoice(forms.ModelChoiceField):
    """Members by name, address and role."""

    def label_from_instance(self, obj: Any) -> str:
        """Enough to tell two people of one name apart."""
        return f"{obj.user} ({obj.user.email}) · {obj.get_role_display()}"


class AppointForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who, and why."""

    class Meta:
        model = Organisation
        fields = ()

    member = MemberChoice(
        label=_("Member"),
        help_text=_("Becomes its owner. Possible only where no owner can sign in."),
        queryset=Membership.objects.none(),
    )
    reason = LinesField(
        label=_("Why"),
        help_text=_("All its members read it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Those who can sign in."""
        kwargs.pop("for_user", None)
        super().__init__(*args, **kwargs)
        members = self.instance.memberships.filter(user__is_active=True).select_related("user")
        self.fields["member"].queryset = members.order_by("user__name", "pk")  # type: ignore[attr-defined]


class OrganisationIndex(IndexView):  # type: ignore[misc]
    """With the number of members, and whether an owner can sign in."""

    def get_base_queryset(self) -> QuerySet[Organisation]:
        """In one query."""
        owners = Membership.objects.owners().filter(organisation=OuterRef("pk"))
        found: QuerySet[Organisation] = super().get_base_queryset()
        return found.annotate(has_owner=Exists(owners), member_count=Count("memberships"))


class OrganisationInspect(InspectView):  # type: ignore[misc]
    """Its details, then its members."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        """One line for each member: name, address, role, whether they can sign in."""
        found: list[dict[str, Any]] = super().get_fields_context()
        members = self.object.memberships.select_related("user").order_by("user__name", "pk")
        for membership in members:
            parts = [str(membership.user), membership.user.email]
            if not membership.user.is_active:
                parts.append(str(_("account closed")))
            found.append({"label": membership.get_role_display(), "value": " · ".join(parts)})
        return found


class AppointView(ByVerb, EditView):  # type: ignore[misc]
    """Make one of the members own it."""

    page_title = _("Make owner")

    def save_instance(self) -> Organisation:
        """By the verb."""
        self.appointed = self.form.cleaned_data["member"].user
        appoint_owner(
            organisation=self.object,
            member=self.appointed,
            reason=self.form.cleaned_data["reason"],
            actor=self.request.user,
            now=timezone.now(),
        )
        return self.object  # type: ignore[no-any-return]

    def get_success_message(self) -> str:
        """Who owns what, and who knows it."""
        said = {"person": self.appointed, "name": self.object}
        return _("%(person)s now owns %(name)s; its members are told.") % said


class OrganisationViewSet(FactsViewSet):  # type: ignore[misc]
    """Organisations by name, those without an owner first."""

    model = Organisation
    name = "organisations"
    icon = "group"
    menu_label = _("Organisations")
    menu_order = 930
    add_to_admin_menu = True
    list_display = (
        "name",
        "kind",
        Column("member_count", label=_("Members")),
        BooleanColumn("has_owner", label=_("An owner can sign in")),
        "closed_at",
    )
    list_filter = ("kind", "closed_at")
    ordering = ("has_owner", "name", "pk")
    search_fields = ("name", "neq", "email_domain")
    search_backend_name = None
    inspect_view_enabled = True
    inspect_view_fields = (
        *("name", "kind", "neq", "email_domain", "website", "created_at", "closed_at"),
    )
    form_fields = ()
    index_view_class = OrganisationIndex
    inspect_view_class = OrganisationInspect
    edit_view_class = AppointView

    def get_form_class(self, for_update: bool = False) -> type[AppointForm]:
        """The form that names an owner."""
        return AppointForm
