"""How often one writes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Frequency(models.TextChoices):
    """When what happens is told; at once unless something else was chosen."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


# Those that come as one letter for a while.
DIGESTS = (Frequency.DAILY, Frequency.WEEKLY)
