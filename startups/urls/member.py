"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import links, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/listings/links/"), links.mine, name="listing_links"),
]
