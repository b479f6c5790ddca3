"""Every address of the project × every role: who gets in, who is told what, who changes what.

``tables/*.txt`` hold the answers, one row per address and method; :mod:`tests.roles.table` reads
them. ``people.py`` makes the persons, ``world.py`` the rows that they visit, ``arguments.py`` says
what an address takes and what is posted to it, ``walk.py`` finds every address there is, and
``elsewhere.py`` lists those without a row, each with the reason and the check that proves it.

A new address without a row fails ``tests/roles/test_walk.py``. Give it a row: put its name in the
table it belongs to, what it takes in ``arguments.py``; the failing test then prints the row as it
is answered today. Read it cell by cell before it is kept.
"""
