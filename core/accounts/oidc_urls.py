"""Where a person leaves for the identity provider, and where they come back: in no language."""

from allauth.socialaccount.providers.openid_connect import views
from django.urls import path

from core.accounts.oidc import told

urlpatterns = [
    path("oidc/<str:provider_id>/login/", told(views.login), name="openid_connect_login"),
    path(
        "oidc/<str:provider_id>/login/callback/",
        told(views.callback),
        name="openid_connect_callback",
    ),
]
