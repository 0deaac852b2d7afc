"""Random mergers over several days, each followed and held against the plots of land and the homes that moved."""

import datetime as dt
from random import Random

import pytest

from muster.events.operations import place_units
from muster.units import operations, queries, storage
from muster.units.operations import Merger, NewUnit, Part
from muster.units.queries import Held
from tests.units.conftest import AT, BY
from tests.units.factories import root

pytestmark = pytest.mark.django_db


def told(found):
    return [(one.unit.code, one.land.value, one.people.value) for one in found]


class Plots:
    """Communes as sets of plots of land and of homes; mergers move plots, and what the shares must be follows."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.day = dt.date(2020, 1, 1)
        self.made = 0
        place_units([(root().id, root().ancestors)])
        storage.start_numbers()
        rows = [NewUnit("P", "province", "Tỉnh", "Đất Thử", "VN", self.day)]
        self.plots = {f"c{number}": self._some(number) for number in range(5)}
        rows += [NewUnit(code, "commune", "Xã", f"Số {code[1:]}", "P", self.day) for code in self.plots]
        assert not operations.add_units(rows=rows, by=BY, at=AT).refused
        self.days = [(self.day, dict(self.plots))]

    def _some(self, number):
        return {f"{kind}{number}{place}" for kind in ("land", "home") for place in range(4)}

    def rearrange(self):
        """Take some communes apart and build others of their plots, each with land and homes."""
        self.day += dt.timedelta(days=self.random.randrange(30, 300))
        olds = self.random.sample(sorted(self.plots), self.random.randrange(1, min(4, len(self.plots) + 1)))
        plots = sorted(plot for old in olds for plot in self.plots[old])
        for _ in range(200):
            news = [f"n{self.made}.{place}" for place in range(self.random.randrange(1, 4))]
            given = {plot: self.random.choice(news) for plot in plots}
            if self.random.random() < 0.5:  # most plots stay beside those they were with
                home = {old: self.random.choice(news) for old in olds}
                given |= {plot: home[old] for old in olds for plot in self.plots[old] if self.random.random() < 0.8}
            built = {new: {plot for plot, to in given.items() if to == new} for new in news}
            if all({plot[:4] for plot in part} == {"land", "home"} for part in built.values()):
                break
        self.made += 1
        mergers = [self._merger(new, part, olds) for new, part in built.items()]
        result = operations.merge_units(mergers=mergers, on=self.day, by=BY, at=AT)
        assert result.refused == []
        for old in olds:
            del self.plots[old]
        self.plots |= built
        self.days.append((self.day, dict(self.plots)))

    def _merger(self, new, part, olds):
        parts = []
        for old in olds:
            shares = [self._share(self.plots[old], part, kind) for kind in ("land", "home")]
            if shares != ["none", "none"]:
                parts.append(Part(old, *shares))
        return Merger(NewUnit(new, "commune", "Xã", f"Mới {new[1:]}", "P", self.day), parts)

    @staticmethod
    def _share(whole, part, kind):
        own = {plot for plot in whole if plot.startswith(kind)}
        return "none" if not own & part else "whole" if own <= part else "part"


ALLOWED = {  # what may be told of a share, by what it truly is
    "whole": {Held.WHOLE, Held.PART, Held.PERHAPS},
    "part": {Held.PART, Held.PERHAPS},
    "none": {Held.PERHAPS, Held.NONE},
}


@pytest.mark.parametrize("seed", range(6))
def test_through_many_mergers_nothing_is_lost_and_nothing_claimed_that_is_not_so(seed):
    land = Plots(seed)
    for _ in range(6):
        land.rearrange()
    for early, (since, before) in enumerate(land.days):
        for until, after in land.days[early:]:
            olds, news = queries.by_codes(list(before), since), queries.by_codes(list(after), until)
            forth = queries.holders(olds.values(), until)
            back = queries.holders(news.values(), since)
            for old, plots in before.items():
                forward = {one.unit.code: one for one in forth[olds[old].id]}
                for new, part in after.items():
                    backward = {one.unit.code: one for one in back[news[new].id]}
                    one = forward.get(new)
                    assert backward.get(old) is None if one is None else (one.land, one.people) == (
                        backward[old].land, backward[old].people,
                    )  # fmt: skip
                    for kind, held in (("land", one and one.land), ("home", one and one.people)):
                        assert (held or Held.NONE) in ALLOWED[land._share(plots, part, kind)]


def test_one_merger_is_followed_exactly():
    land = Plots(1)
    day = land.day + dt.timedelta(days=10)
    later = day + dt.timedelta(days=10)

    def new(code, on):
        return NewUnit(code, "commune", "Xã", code, "P", on)

    def merge(on, **made):
        mergers = [Merger(new(code, on), parts) for code, parts in made.items()]
        assert not operations.merge_units(mergers=mergers, on=on, by=BY, at=AT).refused

    merge(day, a=[Part("c0", "part", "whole")], b=[Part("c0", "part", "none"), Part("c1")])
    old, other = queries.by_code("c0", land.day), queries.by_code("c1", land.day)
    assert told(queries.at(old, day)) == [("a", "part", "whole"), ("b", "part", "none")]
    merge(later, d=[Part("a", "part", "part"), Part("b", "part", "part")],
          e=[Part("a", "part", "part"), Part("b", "part", "part")])  # fmt: skip
    # `a` was a piece of c0 and nothing else, so its parts are sure; so are the people of `b`, who all came from c1
    assert told(queries.at(old, later)) == [("d", "part", "part"), ("e", "part", "part")]
    assert told(queries.at(other, later)) == [("d", "perhaps", "part"), ("e", "perhaps", "part")]
    merge(later + dt.timedelta(days=1), f=[Part("d"), Part("e")])
    assert told(queries.at(old, later + dt.timedelta(days=1))) == [("f", "whole", "whole")]
    assert told(queries.at(other, later + dt.timedelta(days=1))) == [("f", "whole", "whole")]
