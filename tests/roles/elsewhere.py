"""Addresses without a row of their own: what keeps them closed or harmless, and who visits them.

Each check of ``tests/roles/test_elsewhere.py`` visits everything that begins so.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.roles.walk import Address

ELSEWHERE = {
    "admin/": "Wagtail's pages of the administration, behind one door that no member, no juror "
    "and no staff without a second factor pass, whatever the page "
    "(test_one_door_to_the_administration). Inside, Wagtail's own permissions decide.",
    "api/v1/": "open data, read alike by everyone and written by nobody "
    "(test_the_api_answers_everyone_alike).",
    r"^api/v1(?:": "the door of the same interface, for what it does not know.",
}


def is_elsewhere(address: Address) -> bool:
    """Whether a reason above stands for its row."""
    return address.route.startswith(tuple(ELSEWHERE))


def without_row(addresses: Iterable[Address], ours: Iterable[Address], named: set[str]) -> set[str]:
    """Those of ``addresses`` that have neither a row nor a reason; ``ours`` must have a row."""
    demanded = {address.key for address in ours}
    return {
        address.key
        for address in addresses
        if address.key not in named and (address.key in demanded or not is_elsewhere(address))
    }
