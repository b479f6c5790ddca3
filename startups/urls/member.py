"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import claiming, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/claims/proof/<str:link>/"), claiming.prove, name="listing_claim_prove"),
    path(_("workspace/claims/<int:pk>/withdraw/"), claiming.withdraw, name="claim_withdraw"),
    path(_("workspace/claims/<slug:kind>/<slug:slug>/"), claiming.claim, name="listing_claim"),
]
