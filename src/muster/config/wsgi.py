"""The WSGI application that the server runs, warm when it is imported."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")

application = get_wsgi_application()

from muster.config.warming import warm  # noqa: E402 - the settings come first

warm(application)
