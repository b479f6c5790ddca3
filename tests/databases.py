"""A run migrates one database and loads one demonstration; every other database is a copy of these.

The processes of a run share a folder. Whoever first needs an original makes it there while the
others wait at its lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
# Handed down to the processes that share the run's work.
FOLDER = "TEST_RUN_FOLDER"


def begin_run() -> bool:
    """Make the run's folder; false in a process that was started by the run."""
    if FOLDER in os.environ:
        return False
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="essai")
    return True


def end_run() -> None:
    """Leave nothing behind: neither the folder nor a database on a server."""
    folder = Path(os.environ.pop(FOLDER))
    if on_server():
        with _server() as server:
            names = server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [folder.name]
            ).fetchall()
            for (name,) in names:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    shutil.rmtree(folder)


def migrated() -> str:
    """The address of a database that went through every migration, and holds nothing else."""
    return original("migrated", _migrate)


def original(name: str, make: Callable[[str], None]) -> str:
    """The address of the run's one database called ``name``; ``make`` fills it, once."""
    folder = Path(os.environ[FOLDER])
    made = folder / f"{name}.made"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            url = empty(name)
            make(url)
            made.write_text(url)
        return made.read_text()


def empty(name: str) -> str:
    """The address of a new database of the kind the tests run on."""
    return _new(name, "")


def copy(source: str, name: str) -> str:
    """The address of a new database with what ``source`` holds; nobody is connected to that one."""
    if on_server():
        return _new(name, f'TEMPLATE "{name_of(source)}"')
    url = empty(name)
    with closing(sqlite3.connect(path_of(url))) as target:
        fill(target, source)
    return url


def fill(target: sqlite3.Connection, source: str) -> None:
    """Copy the SQLite database at the address ``source`` into ``target``."""
    with closing(sqlite3.connect(path_of(source))) as database:
        database.backup(target)


def on_server() -> bool:
    """Do the tests run on PostgreSQL?"""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def name_of(url: str) -> str:
    """The name of the database on its server."""
    return urlsplit(url).path.removeprefix("/")


def path_of(url: str) -> str:
    """The file of an SQLite database."""
    return url.removeprefix("sqlite:///")


def _new(name: str, options: str) -> str:
    folder = Path(os.environ[FOLDER])
    if not on_server():
        return f"sqlite:///{folder / name}.sqlite3"
    name = f"{folder.name}_{name}"
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" {options}')
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        yield server


def _migrate(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
