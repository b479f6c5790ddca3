"""What accounts tell the floors above."""

from django.dispatch import Signal

# Sent inside the transaction of the change: ``organisation`` and ``now``.
organisation_closed = Signal()
