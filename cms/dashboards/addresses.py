"""Staff's list of the addresses that are not written to: close one, open one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.views.generic import CreateView, DeleteView, IndexView
from wagtail.permissions import register_permission_policy

from core.notifications.closed_addresses import NotClosed, close_address, open_address
from core.notifications.enums import ClosedBecause
from core.notifications.models import ClosedAddress
from core.viewsets import AdministratorsPolicy, FactsViewSet

if TYPE_CHECKING:
    from django.http import HttpResponse


# ``delete`` stands for opening again: the row stays, and nobody rewrites what a server said.
register_permission_policy(
    ClosedAddress, AdministratorsPolicy(ClosedAddress, "view", "add", "delete")
)


class CloseForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address and why, in staff's own words."""

    class Meta:
        model = ClosedAddress
        fields = ("email", "words")
        labels = {"words": _("Why")}

    def clean_email(self) -> str:
        """Addresses are compared in lower case."""
        return str(self.cleaned_data["email"]).lower()


class ClosedIndex(IndexView):  # type: ignore[misc]
    """With one thing to do on a row: open its address."""

    add_item_label = _("Close an address")

    def get_list_more_buttons(self, instance: ClosedAddress) -> list[MenuItem]:
        """Nothing on those that are open again."""
        url = self.get_delete_url(instance)
        if instance.opened_at is not None or not url:
            return []
        return [MenuItem(_("Write to it again"), url=url, icon_name="mail", priority=10)]


class CloseView(CreateView):  # type: ignore[misc]
    """Close an address by hand."""

    def save_instance(self) -> ClosedAddress:
        """The verb: one that is closed already stays as it is."""
        return close_address(
            email=self.form.cleaned_data["email"],
            reason=ClosedBecause.BY_HAND,
            words=self.form.cleaned_data["words"],
            actor=self.request.user,
        )


class OpenView(DeleteView):  # type: ignore[misc]
    """Open an address again; the row stays, with who did it and when."""

    page_title = _("Write to it again")
    template_name = "dashboards/open_address.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """The verb; a second click changes nothing."""
        try:
            open_address(closed=self.object, actor=self.request.user)
        except NotClosed as error:
            messages.warning(self.request, str(error))
        else:
            messages.success(
                self.request, _("%(email)s is written to again.") % {"email": self.object.email}
            )
        return HttpResponseRedirect(self.get_success_url())


class ClosedAddressViewSet(FactsViewSet):  # type: ignore[misc]
    """Closed addresses, newest first."""

    model = ClosedAddress
    name = "closed_addresses"
    icon = "no-view"
    menu_label = _("Closed addresses")
    menu_order = 920
    add_to_admin_menu = True
    list_display = ("email", "reason", "words", "closed_at", "opened_at", "opened_by")
    list_filter = ("reason", "opened_at")
    search_fields = ("email",)
    search_backend_name = None
    inspect_view_enabled = False
    form_fields = ("email", "words")
    index_view_class = ClosedIndex
    add_view_class = CloseView
    delete_view_class = OpenView

    def get_form_class(self, for_update: bool = False) -> type[CloseForm]:
        """The form of one that is closed by hand."""
        return CloseForm
