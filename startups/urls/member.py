"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import editing, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/listings/"), editing.index, name="listing_list"),
    path(_("workspace/listings/new/<slug:kind>/"), editing.create, name="listing_create"),
    path(_("workspace/listings/<slug:kind>/<int:pk>/edit/"), editing.edit, name="listing_edit"),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/save/<slug:name>/"),
        editing.save_one,
        name="listing_save",
    ),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/preview/"),
        editing.preview,
        name="listing_preview",
    ),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/submit/"),
        editing.submit,
        name="listing_submit",
    ),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/withdraw/"),
        editing.withdraw,
        name="listing_withdraw",
    ),
]
