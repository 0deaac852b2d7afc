import gc

from muster.kernel.memory import SELDOM, collect_seldom


def test_the_collector_looks_seldom_and_not_at_what_was_there():
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold() == (SELDOM, *before[1:])
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
    assert gc.isenabled()
