"""What the invented programs say of who may apply and of their sectors.

Those of real organisations keep what their sources say: what is not said there stays unknown.
"""

from __future__ import annotations

from cms.demo.source import read
from startups.models import Program


def load_terms() -> int:
    """Complete the programs that are examples; how many were."""
    found = {program.slug: program for program in Program.objects.filter(is_example=True)}
    for record in read("fit"):
        program = found[record["program"]]
        program.applicants = record["applicants"]
        program.any_sector = record["any_sector"]
    Program.objects.bulk_update(found.values(), ["applicants", "any_sector"])
    return len(read("fit"))
