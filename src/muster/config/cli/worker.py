"""`muster worker`: runs what `jobs` has scheduled; `muster run` starts one beside the server."""

import argparse

CONCURRENCY = 1


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `worker` to the command line."""
    worker = commands.add_parser("worker", help="run the scheduled work (muster run starts one by itself)")
    worker.set_defaults(command=_work)


def _work(_: argparse.Namespace) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)  # noqa: S101 - what its Django app always sets
    with app.replace_connector(app.connector.get_worker_connector()) as ready:
        ready.run_worker(concurrency=CONCURRENCY, name="muster")
