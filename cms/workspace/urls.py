"""The workspace's addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cms.workspace import views

urlpatterns = [
    path(_("workspace/"), views.workspace, name="workspace"),
    path(_("workspace/preferences/"), views.preferences, name="preferences"),
    path(_("workspace/act-as/<int:pk>/"), views.act_as, name="workspace_act_as"),
]
