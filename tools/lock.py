"""Write requirements/*.txt: every package the project runs on, by version and hash, for all supported platforms."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILES = {"server": ["server", "build"], "dev": ["server", "build", "dev"]}


def main() -> None:
    uv = shutil.which("uv") or sys.exit("make lock needs uv: pip install uv")
    constraint: list[str] = []
    for profile, extras in reversed(PROFILES.items()):
        path = ROOT / "requirements" / f"{profile}.txt"
        chosen = [argument for extra in extras for argument in ("--extra", extra)]
        options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        options += ["--no-header", "--no-annotate"]
        command = [uv, "pip", "compile", "pyproject.toml", "-o", str(path), *options, *chosen, *constraint]
        subprocess.run([*command, "--upgrade", "--no-emit-index-url", "--no-emit-find-links"], check=True, cwd=ROOT)
        constraint = ["--constraint", str(path)]  # server's versions are the ones that dev was tested with


if __name__ == "__main__":
    main()
