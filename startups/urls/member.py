"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import claiming, correcting, ending, member

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/claims/proof/<str:link>/"), claiming.prove, name="listing_claim_prove"),
    path(_("workspace/claims/<int:pk>/withdraw/"), claiming.withdraw, name="claim_withdraw"),
    path(_("workspace/claims/<slug:kind>/<slug:slug>/"), claiming.claim, name="listing_claim"),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/corrections/"),
        correcting.waiting,
        name="listing_corrections",
    ),
    path(_("workspace/corrections/<int:pk>/"), correcting.answer, name="correction_answer"),
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/close/"),
        ending.close_own,
        name="listing_close",
    ),
]
