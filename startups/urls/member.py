"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import alumni, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/alumni/<int:pk>/"), alumni.index, name="alumni"),
    path(_("workspace/alumni/<int:pk>/say/"), alumni.say, name="alumni_say"),
    path(_("workspace/alumni/<int:pk>/<int:tie>/answer/"), alumni.answer, name="alumni_answer"),
]
