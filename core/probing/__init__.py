"""Whether a public address answers: the only place from which the site calls an address that
somebody typed.

It calls public addresses alone, whatever a name says, and wherever a redirect leads.
"""

from core.probing.probe import Answer, Outcome, Prober, Reason
from core.probing.public import AddressRefused, is_public

__all__ = ["AddressRefused", "Answer", "Outcome", "Prober", "Reason", "is_public"]
