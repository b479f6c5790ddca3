"""The page where people find the data."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cms.opendata import views

urlpatterns = [path(_("data/"), views.data_page, name="data")]
