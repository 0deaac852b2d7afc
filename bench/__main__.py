"""Run one bench by name, or all of them with their default sizes."""

import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
    names = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    chosen = sys.argv[1:2] or names
    if chosen[0] not in names:
        sys.exit(f"There is no bench {chosen[0]}; there are: {', '.join(names)}")
    for name in chosen:
        importlib.import_module(f"bench.{name}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
