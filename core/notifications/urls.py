"""The addresses of notices, and of one's own address, in the workspace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.notifications import address_views, views

urlpatterns = [
    path(_("workspace/my-address/"), address_views.own_address, name="own_address"),
    path(_("workspace/notices/"), views.notices, name="notices"),
    path(_("workspace/notices/count/"), views.count, name="notice_count"),
]
