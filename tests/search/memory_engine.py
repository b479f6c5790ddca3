"""An engine that keeps its generations in memory: whole in what the keeping of an index asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from search.port import Document, EngineAway, EngineFull, Key

Entry = tuple[str, int, str]


class MemoryEngine:
    """It can be sent away, filled to the brim, and made to refuse one record."""

    name = "memory"
    mapping = "memory"

    def __init__(self) -> None:
        self.generations: dict[int, dict[Entry, Document]] = {}
        self.positions: dict[int, dict[Entry, int]] = {}
        self.is_away = False
        self.is_full = False
        self.refused: set[Key] = set()
        self.writings: list[list[Key]] = []

    def _held(self, generation: int) -> dict[Entry, Document]:
        if self.is_away:
            raise EngineAway("memory")
        return self.generations[generation]

    def create(self, generation: int) -> None:
        if self.is_away:
            raise EngineAway("memory")
        self.generations.setdefault(generation, {})
        self.positions.setdefault(generation, {})

    def settle(self, generation: int) -> None:
        self._held(generation)

    def drop(self, generation: int) -> None:
        if self.is_away:
            raise EngineAway("memory")
        self.generations.pop(generation, None)
        self.positions.pop(generation, None)

    def exists(self, generation: int) -> bool:
        if self.is_away:
            raise EngineAway("memory")
        return generation in self.generations

    def write(self, generation: int, documents: Sequence[Document], *, position: int) -> None:
        held = self._held(generation)
        if self.is_full:
            raise EngineFull("memory")
        if refused := [d.key for d in documents if d.key in self.refused]:
            raise ValueError(refused)
        self.writings.append(list(dict.fromkeys(document.key for document in documents)))
        at = self.positions[generation]
        for document in documents:
            entry = (*document.key, document.language)
            if at.get(entry, 0) <= position:
                held[entry], at[entry] = document, position

    def delete(self, generation: int, keys: Iterable[Key], *, position: int) -> None:
        held = self._held(generation)
        at = self.positions[generation]
        for key in keys:
            for language in ("fr", "en"):
                entry = (*key, language)
                if at.get(entry, 0) <= position:
                    held.pop(entry, None)
                    at[entry] = position

    def document(self, generation: int, key: Key, language: str) -> Document | None:
        return self._held(generation).get((*key, language))

    def fingerprints(self, generation: int) -> Iterator[tuple[str, int, str, str]]:
        for entry, document in list(self._held(generation).items()):
            yield (*entry, document.fingerprint())

    def turning(self, generation: int, now: datetime) -> list[Key]:
        held = self._held(generation).values()
        return list({d.key for d in held if d.turns_at is not None and d.turns_at <= now})

    def size(self, generation: int) -> int:
        return len(self._held(generation))

    def health(self) -> dict[str, Any]:
        return {"engine": self.name}

    def titles(self, generation: int) -> list[str]:
        """What it holds, in French, for a test to read."""
        return sorted(d.title for d in self._held(generation).values() if d.language == "fr")
