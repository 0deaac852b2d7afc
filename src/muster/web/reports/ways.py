"""The way to the reports."""

from muster.web.command.ways import reads_counts
from muster.web.navigation import Way

REPORTS = Way("reports:show", "reports.title", reads_counts)
