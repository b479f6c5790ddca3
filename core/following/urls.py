"""The addresses to follow something, and of what one follows."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.following.views import asking, own, rights

urlpatterns = [
    path(_("follow/"), asking.index, name="follow_index"),
    path(_("follow/<slug:kind>/<slug:slug>/"), asking.follow, name="follow"),
    path(_("following/link/"), asking.send_link, name="follow_link"),
    path(_("following/<str:link>/stop/"), own.stop, name="follow_stop"),
    path(_("following/<str:link>/confirm/"), asking.confirm, name="follow_confirm"),
    path(_("following/<str:link>/copy/"), rights.copy, name="follow_data"),
    path(_("following/<str:link>/forget/"), rights.forget, name="follow_forget"),
    path(_("following/<str:link>/"), own.by_link, name="follow_page"),
    path(_("workspace/following/"), own.workspace, name="following"),
]
