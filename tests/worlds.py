"""A world that many tests look at: made once a module, and undone after the last of them."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def shared_world(blocker, make):
    """Yield what `make` makes, in a transaction around those of the tests.

    A test's own transaction, which is undone, is a savepoint of this one. Whoever hands the world
    to a test hands it a copy. Not for modules with tests that commit.

    Arguments:
        blocker: pytest-django's guard of the database.
    """
    atomic = transaction.atomic()
    # As around each test: what has to be outermost may stand in it.
    atomic._from_testcase = True
    with blocker.unblock():
        atomic.__enter__()
    try:
        with blocker.unblock():
            made = make()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
