import gc
import sys

import pytest
from django.core.wsgi import get_wsgi_application
from django.template import engines

from muster.config.warming import SWITCH_SECONDS, warm
from muster.ui import texts


@pytest.fixture(autouse=True)
def as_it_was():
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.mark.django_db(transaction=True)
def test_a_worker_has_compiled_its_templates_and_read_its_texts_before_it_takes_anybody(settings):
    settings.ALLOWED_HOSTS = [".muster.example"]
    engine = next(iter(engines.all()))
    engine.env.cache.clear()
    texts.catalogue.cache_clear()
    told = []
    application = get_wsgi_application()
    warm(lambda environ, start: application(environ, lambda *answer: told.append(answer[0]) or start(*answer)))
    assert told == ["200 OK"]  # the door stood open, under the site's own name
    compiled = {name for _, name in engine.env.cache.keys()}  # noqa: SIM118 - its cache is no dict
    assert compiled == set(engine.env.list_templates(extensions=["html"]))
    assert "register/person.html" in compiled
    assert texts.catalogue.cache_info().currsize == 1
    assert (sys.getswitchinterval(), gc.get_freeze_count() > 0) == (pytest.approx(SWITCH_SECONDS), True)
