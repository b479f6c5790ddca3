"""Pages of those who speak for a listing."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import (
    alumni,
    claiming,
    correcting,
    desk,
    editing,
    ending,
    inbox,
    intakes,
    interest,
    member,
    needs,
    relays,
)

urlpatterns = [
    path(
        _("workspace/listings/<slug:kind>/<int:pk>/confirm/"),
        member.confirm,
        name="listing_confirm",
    ),
    path(_("workspace/alumni/<int:pk>/"), alumni.index, name="alumni"),
    path(_("workspace/alumni/<int:pk>/say/"), alumni.say, name="alumni_say"),
    path(_("workspace/alumni/<int:pk>/<int:tie>/answer/"), alumni.answer, name="alumni_answer"),
    path(_("programs/<slug:slug>/intakes/<int:pk>/interest/"), interest.send, name="interest_send"),
    path(_("workspace/incubators/<int:pk>/"), desk.incubator_desk, name="incubator_desk"),
    path(_("workspace/interests/"), interest.index, name="interest_list"),
    path(_("workspace/interests/<int:pk>/"), interest.sent, name="interest_sent"),
    path(_("workspace/organisations/<int:pk>/interests/"), inbox.index, name="interest_inbox"),
    path(_("workspace/organisations/<int:pk>/interests.csv"), inbox.export, name="interest_export"),
    path(_("workspace/received/<int:pk>/"), inbox.received, name="interest_received"),
    path(_("workspace/startups/<int:pk>/needs/"), needs.mine, name="startup_needs"),
    path(_("workspace/needs/<int:pk>/"), needs.edit, name="need_edit"),
    path(_("needs/<int:pk>/answer/"), needs.answer, name="need_answer"),
    path(_("deployments/<int:pk>/contact/"), needs.contact, name="deployment_contact"),
    path(_("workspace/messages/"), relays.index, name="relay_list"),
    path(_("workspace/messages/<int:pk>/"), relays.conversation, name="relay"),
    path(_("workspace/city/messages/"), relays.reported, name="moderation_relays"),
    path(_("workspace/city/messages/<int:pk>/"), relays.moderate, name="moderation_relay"),
    path(_("workspace/city/needs/<int:pk>/close/"), relays.close_need, name="moderation_need"),
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
    path(_("workspace/intakes/"), intakes.index, name="intake_list"),
    path(_("workspace/programs/<int:pk>/intakes/new/"), intakes.announce, name="intake_new"),
    path(_("workspace/intakes/<int:pk>/"), intakes.change, name="intake_edit"),
    path(_("workspace/intakes/<int:pk>/next/"), intakes.next_one, name="intake_next"),
    path(_("workspace/intakes/<int:pk>/cancel/"), intakes.cancel, name="intake_cancel"),
]
