"""Run one bench by name, or all of them with their default sizes, each in a process of its own."""

import importlib
import subprocess
import sys
from pathlib import Path

from bench import frame

HERE = Path(__file__).resolve().parent
SHARED = {"frame", "country", "national", "curves"}  # what the benches share


def main() -> int:
    """Return 0 when every limit was held."""
    names = sorted({path.stem for path in HERE.glob("[a-z]*.py")} - SHARED)
    if not sys.argv[1:]:
        return max(subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode for name in names)
    name, *rest = sys.argv[1:]
    if name not in names:
        sys.exit(f"There is no bench {name}; there are: {', '.join(names)}")
    frame.prepare(name)
    return int(importlib.import_module(f"bench.{name}").main(rest) or 0)


if __name__ == "__main__":
    sys.exit(main())
