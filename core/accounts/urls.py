"""The addresses of organisations in the workspace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.accounts.views import invitations, members, organisations, ownership, sessions

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
    path(
        _("workspace/organisations/<int:pk>/members/"), members.index, name="organisation_members"
    ),
    path(
        _("workspace/organisations/<int:pk>/members/invite/"),
        members.invite,
        name="organisation_invite",
    ),
    path(_("workspace/organisations/<int:pk>/leave/"), members.leave, name="organisation_leave"),
    path(
        _("workspace/organisations/<int:pk>/details/"),
        ownership.details,
        name="organisation_details",
    ),
    path(
        _("workspace/organisations/<int:pk>/hand-over/"),
        ownership.hand_over,
        name="organisation_hand_over",
    ),
    path(_("workspace/organisations/<int:pk>/close/"), ownership.close, name="organisation_close"),
    path(_("workspace/members/<int:pk>/role/"), members.change_role, name="member_role"),
    path(_("workspace/members/<int:pk>/remove/"), members.remove, name="member_remove"),
    path(_("workspace/invitations/<int:pk>/again/"), members.resend, name="invitation_resend"),
    path(_("workspace/invitations/<int:pk>/revoke/"), members.revoke, name="invitation_revoke"),
    path(_("workspace/ownership/<int:pk>/"), ownership.offer, name="ownership_offer"),
    path(
        _("workspace/ownership/<int:pk>/take-back/"),
        ownership.withdraw_offer,
        name="ownership_withdraw",
    ),
    path(_("invitation/<str:link>/"), invitations.invitation, name="invitation"),
]
