"""What the directory tells the floors above."""

from django.dispatch import Signal

# Sent inside the transaction of the change: sender is the model, pk the record's key.
record_changed = Signal()

# The same for many at once: pks are the keys of records of the one model.
records_changed = Signal()
