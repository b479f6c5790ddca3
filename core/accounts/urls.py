"""The addresses of organisations in the workspace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.accounts.views import organisations, sessions

urlpatterns = [
    path(_("account/sessions/<int:pk>/close/"), sessions.close, name="session_end"),
    path(_("workspace/organisations/"), organisations.index, name="organisation_list"),
    path(_("workspace/organisations/create/"), organisations.create, name="organisation_create"),
    path(
        _("workspace/organisations/join/<str:link>/"), organisations.join, name="organisation_join"
    ),
    path(
        _("workspace/organisations/<int:pk>/requests/"),
        organisations.requests,
        name="organisation_requests",
    ),
    path(
        _("workspace/organisations/requests/<int:pk>/answer/"),
        organisations.answer,
        name="join_request_answer",
    ),
    path(
        _("workspace/organisations/requests/<int:pk>/take-back/"),
        organisations.withdraw,
        name="join_request_withdraw",
    ),
]
