"""Following by e-mail, with or without an account."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DAY = 24 * 60
LETTERS = 10


class FollowingConfig(AppConfig):
    """Registers the room: its messages, the taxonomy's things to follow, its nightly task."""

    name = "core.following"
    label = "following"
    verbose_name = _("Following")

    def ready(self) -> None:
        """Fill the registries and say what the worker repeats."""
        from core import queue
        from core.following.events import register_events
        from core.following.personal import register_personal
        from core.following.retention import register_retained
        from core.following.targets import register_taxonomy
        from core.following.tellings import register_topics

        register_events()
        register_taxonomy()
        register_topics()
        register_personal()
        register_retained()
        queue.every(LETTERS, "core.following.tasks.letters", name="following-letters")
        queue.every(DAY, "core.following.tasks.nightly", name="following-nightly")
