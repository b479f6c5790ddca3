"""How a line is hashed: canonical JSON, SHA-256; the private digest is an HMAC (RFC 2104)."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from core.freeze import canonical_json

if TYPE_CHECKING:
    from core.audit.models import AuditEntry

GENESIS = "0" * 64


def digest(private: dict[str, Any], key: bytes) -> str:
    """HMAC-SHA-256 of the private part with its person's key, in hexadecimal."""
    return hmac.new(key, canonical_json(private), hashlib.sha256).hexdigest()


def hash_of(entry: AuditEntry) -> str:
    """The hash that ``entry`` must carry, from its own columns and ``previous_hash``."""
    covered = {
        "sequence": entry.sequence,
        "at": entry.at,
        "actor": entry.actor_id,
        "action": entry.action,
        "object": [entry.object_type, entry.object_id],
        "public": entry.public,
        "private": entry.private_digest,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(canonical_json(covered)).hexdigest()
