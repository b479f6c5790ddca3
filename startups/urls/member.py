"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import intakes, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/intakes/"), intakes.index, name="intake_list"),
    path(_("workspace/programs/<int:pk>/intakes/new/"), intakes.announce, name="intake_new"),
    path(_("workspace/intakes/<int:pk>/"), intakes.change, name="intake_edit"),
    path(_("workspace/intakes/<int:pk>/next/"), intakes.next_one, name="intake_next"),
    path(_("workspace/intakes/<int:pk>/cancel/"), intakes.cancel, name="intake_cancel"),
]
