"""The addresses of notices in the workspace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.notifications import views

urlpatterns = [
    path(_("workspace/notices/"), views.notices, name="notices"),
    path(_("workspace/notices/count/"), views.count, name="notice_count"),
]
