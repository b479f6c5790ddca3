"""An Elasticsearch of a test's own, to be ended in the middle of its work."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.conftest import need
from tests.e2e.conftest import free_port

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "elasticsearch"


class Server:
    """Started by ``.ci/elasticsearch``; its folder is open to who runs it, and goes with it."""

    def __init__(self) -> None:
        """Start one, where ``make services`` has fetched it."""
        need("TEST_ELASTICSEARCH_URL", "An Elasticsearch that is killed")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="elasticsearch-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.start()

    def start(self) -> None:
        """Start it, again if need be; returns when it answers."""
        self._run("start", str(self.folder), str(self.port))

    def kill(self) -> None:
        """End it at once, as a power failure does."""
        self._run("kill9", str(self.folder))

    def close(self) -> None:
        """End it and remove all it has written."""
        self._run("stop", str(self.folder))
        shutil.rmtree(self.folder)

    @staticmethod
    def _run(*arguments: str) -> None:
        done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr
