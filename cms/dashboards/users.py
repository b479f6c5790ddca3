"""Wagtail's app of people and groups, whose pages for people are ours."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):  # type: ignore[misc]  # no types in Wagtail
    """Only the pages change: models and address stay Wagtail's."""

    user_viewset = "cms.dashboards.people.PeopleViewSet"
