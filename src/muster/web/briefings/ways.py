"""The way to the briefings."""

from muster.web.command.ways import reads_counts
from muster.web.navigation import Way

BRIEFINGS = Way("briefings:show", "briefing.title", reads_counts)
