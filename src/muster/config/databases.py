"""Whole databases of the server: reached, asked about, made and renamed, by the application's own role."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from psycopg import errors
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier

from muster.config.postgres import DatabaseUnavailable, client
from muster.kernel.errors import Refusal

NAME_BYTES = 40  # of a database's name in the names made from it: PostgreSQL cuts names off at 63
MAINTENANCE = ("postgres", "template1")  # from here databases are made and renamed; some servers lack the first


class DatabaseInUse(Refusal):
    """Somebody is connected to the database that a restore would replace."""

    code = "database_in_use"
    vi = "Cơ sở dữ liệu đang được dùng; hãy dừng Muster rồi phục hồi lại."
    en = "The database is in use; stop Muster first, then restore again."


class MayNotMakeDatabases(Refusal):
    """The role of `DATABASE_URL` may not make or rename databases, which a restore must."""

    code = "may_not_make_databases"
    vi = "Tài khoản cơ sở dữ liệu {role} không được tạo hay đổi tên cơ sở dữ liệu; quản trị máy chủ cần cấp CREATEDB."
    en = "The database role {role} may not make or rename databases; the server's administrator must give it CREATEDB."


def present() -> str:
    """Return the name of the database in use."""
    return str(connection.settings_dict["NAME"])


def derived(suffix: str) -> str:
    """Return the name of a database that belongs to the present one."""
    return present().encode()[:NAME_BYTES].decode(errors="ignore") + suffix


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let the default connection reach another database of the same server for a moment."""
    before = present()
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def exists(name: str) -> bool:
    """Tell whether the server has a database of this name."""
    with _maintenance(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def has_tables() -> bool:
    """Tell whether the present database holds Muster's tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('keys_record') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def refuse_if_used(name: str) -> None:
    """Refuse when anybody is connected to a database.

    :raises DatabaseInUse: somebody is
    """
    with _maintenance(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name])
        if cursor.fetchone() != (0,):
            raise DatabaseInUse


def make_empty(name: str) -> None:
    """Make an empty database in place of whatever has that name; its text is UTF-8, ordered by code point.

    :raises MayNotMakeDatabases: the role lacks the right
    """
    drop(name)
    create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    _in_maintenance(SQL(create).format(Identifier(name)))


def drop(name: str) -> None:
    """Remove a database, also while a killed program's connection still holds it."""
    _in_maintenance(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def rename(*steps: tuple[str, str]) -> None:
    """Rename databases, one after another and all or none of them.

    :raises DatabaseInUse: somebody is connected to one of them
    :raises MayNotMakeDatabases: the role lacks the right
    """
    with _maintenance(), transaction.atomic():
        _execute([SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(a), Identifier(b)) for a, b in steps])


def run_client(program: str, *arguments: str, database: str, forgiven: str | None = None) -> None:
    """Run one of PostgreSQL's client programs on a database of our server; the password goes by the environment.

    :param forgiven: a word; when every error that the program tells of names it, the program did its work
    :raises DatabaseUnavailable: it failed; the message holds what it printed
    """
    known = {key: value for key, value in connection.get_connection_params().items() if isinstance(value, str | int)}
    password = str(known.pop("password", ""))
    for ours in ("client_encoding", "dbname", "prepare_threshold"):
        known.pop(ours, None)
    reached = make_conninfo("", dbname=database, **known)
    result = subprocess.run(
        [str(client(program)), "--no-password", "--dbname", reached, *arguments],
        env=os.environ | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    errors_told = [line for line in result.stderr.splitlines() if line.startswith(f"{program}: error:")]
    harmless = result.returncode == 1 and forgiven and errors_told and all(forgiven in line for line in errors_told)
    if result.returncode != 0 and not harmless:
        raise DatabaseUnavailable(f"{program} failed:\n{result.stderr}")


def _in_maintenance(*statements: Composed) -> None:
    with _maintenance():
        _execute(statements)


def _execute(statements: Sequence[Composed]) -> None:
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise MayNotMakeDatabases(role=connection.settings_dict["USER"]) from None
        if isinstance(error.__cause__, errors.ObjectInUse):
            raise DatabaseInUse from None
        raise


@contextmanager
def _maintenance() -> Iterator[None]:
    for name in MAINTENANCE:
        with connected_to(name):
            try:
                connection.ensure_connection()
            except DatabaseError:
                if name == MAINTENANCE[-1]:
                    raise
                continue
            yield
            return
