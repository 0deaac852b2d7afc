"""The settings of the tests: the real ones, on a private data folder and a database that is then deleted."""

import os
from pathlib import Path

os.environ["MUSTER_TESTING"] = "1"
os.environ["MUSTER_HOME"] = str(Path(__file__).resolve().parent.parent / "var" / "test")
os.environ.pop("MUSTER_KEYS", None)

from muster.config.settings import *  # noqa: F403 - the folder is chosen first
