"""What the thread tells the floors above."""

from django.dispatch import Signal

# Sent inside the transaction of the change: sender is the model, pk the record's key.
record_changed = Signal()
