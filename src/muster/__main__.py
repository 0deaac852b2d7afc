"""`python -m muster`: the command line, for programs that start others beside themselves."""

import sys

from muster.config.cli import main

sys.exit(main())
