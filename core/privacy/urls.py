"""The addresses of one's own data in the workspace."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from core.privacy import views

urlpatterns = [
    path(_("workspace/my-data/"), views.my_data, name="my_data"),
    path(_("workspace/my-data/ask/"), views.ask, name="data_export_ask"),
    path(_("workspace/my-data/<uuid:pk>/take/"), views.take, name="data_export_take"),
    path(_("workspace/my-data/erase/"), views.erase, name="erase_me"),
    path(_("workspace/my-data/erased/"), views.erased, name="erased"),
]
