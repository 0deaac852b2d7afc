"""What every page reads of the browser that asks: its session and its officer, by plain statements.

Composing a question anew costs more than asking it, and these two are asked before every page.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.utils import timezone

from muster.people import queries
from muster.people.queries import Officer


class SessionStore(db.SessionStore):
    """The framework's table of sessions (`SESSION_ENGINE`)."""

    def _get_session_from_db(self) -> Any:
        found = queries.browser_session(self.session_key or "", timezone.now())
        if found is None:
            self._session_key = None  # as the framework does: a key nobody made is no key
            return None
        return self.model(session_key=self.session_key or "", session_data=found[0], expire_date=found[1])


class Officers(ModelBackend):
    """The framework's check of user name and password; whoever has come in is found by their id."""

    def get_user(self, user_id: UUID) -> Officer | None:
        """Return an active officer by id, or nothing."""
        return queries.active_officer(user_id)
