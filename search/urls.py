"""The address to follow a search."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from search import views

urlpatterns = [path(_("search/follow/"), views.follow_search, name="follow_search")]
