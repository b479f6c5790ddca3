"""A hand inside a site: a process that runs the code it is handed and says what that printed.

It stays from one request to the next, because loading the site takes longer than what is asked.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from contextlib import redirect_stdout

import django


def work() -> None:
    """Each line in is code; each line out is what it printed and how it failed."""
    django.setup()
    from django.db import connections

    for line in sys.stdin:
        printed, failure = io.StringIO(), ""
        with redirect_stdout(printed):
            try:
                exec(json.loads(line), {})  # noqa: S102
            except Exception:  # noqa: BLE001
                failure = traceback.format_exc()
        connections.close_all()
        print(json.dumps([printed.getvalue().strip(), failure]), flush=True)


if __name__ == "__main__":
    work()
