"""The way to the units: open to everybody who has signed in."""

from muster.web.navigation import Way

UNITS = Way("units:show", "units.title", lambda _: True)
