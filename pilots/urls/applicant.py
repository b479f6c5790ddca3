"""The applicant's addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pilots.views import applicant

urlpatterns = [
    path(_("challenges/<slug:slug>/apply/"), applicant.start, name="application_start"),
    path(_("workspace/applications/<int:pk>/"), applicant.detail, name="application_detail"),
    path(_("workspace/applications/<int:pk>/edit/"), applicant.edit, name="application_edit"),
    path(
        _("workspace/applications/<int:pk>/answers/<slug:key>/"),
        applicant.save_one,
        name="application_save",
    ),
    path(_("workspace/applications/<int:pk>/review/"), applicant.review, name="application_review"),
    path(
        _("workspace/applications/<int:pk>/withdraw/"),
        applicant.withdraw,
        name="application_withdraw",
    ),
    path(_("workspace/applications/<int:pk>/reopen/"), applicant.reopen, name="application_reopen"),
]
