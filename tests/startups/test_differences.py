"""What changes between two texts is marked, word by word, and nothing of them becomes markup."""

from __future__ import annotations

from time import monotonic

import pytest

from startups.differences import marked_words


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Un banc.", "Un grand banc.", "Un banc.", "Un <ins>grand </ins>banc."),
        ("a b c d", "a x y d", "a <del>b c</del> d", "a <ins>x y</ins> d"),
        ("", "neuf", "", "<ins>neuf</ins>"),
        ("<i>x</i>\ny", "", "<del>&lt;i&gt;x&lt;/i&gt;<br>y</del>", ""),
        ("pareil", "pareil", "pareil", "pareil"),
    ],
)
def test_the_words_that_change(old: str, new: str, before: str, after: str) -> None:
    assert marked_words(old, new) == (before, after)


def test_a_very_long_text_is_compared_in_no_time() -> None:
    began = monotonic()
    marked_words("mot " * 5_000, "autre " * 5_000)
    marked_words("a b " * 700, "b a " * 700)
    assert monotonic() - began < 5
