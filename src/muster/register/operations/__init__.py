"""Every write to the register: taking in, numbers, changes; and looking, which writes who looked."""

from muster.register.operations.asked import Correction, HeadChange, HouseholdMove, LifeChange, PermanentMove
from muster.register.operations.cards import HolderTwice, end_cards, issue_cards
from muster.register.operations.changes import RowMerged, correct, record_life_events
from muster.register.operations.erasing import erase_sensitive
from muster.register.operations.heads import change_heads
from muster.register.operations.looking import Looks, look_up, looks_at, open_person, search
from muster.register.operations.merging import NumberedGoesOn, PersonMerge, merge_persons
from muster.register.operations.moving import move, move_households
from muster.register.operations.numbers import NumberReplacement, allocate_numbers, replace_numbers, reserve_numbers
from muster.register.operations.taking_in import load, take_in

__all__ = [
    "Correction",
    "HeadChange",
    "HolderTwice",
    "HouseholdMove",
    "LifeChange",
    "Looks",
    "NumberReplacement",
    "NumberedGoesOn",
    "PermanentMove",
    "PersonMerge",
    "RowMerged",
    "allocate_numbers",
    "change_heads",
    "correct",
    "end_cards",
    "erase_sensitive",
    "issue_cards",
    "load",
    "look_up",
    "looks_at",
    "merge_persons",
    "move",
    "move_households",
    "open_person",
    "record_life_events",
    "replace_numbers",
    "reserve_numbers",
    "search",
    "take_in",
]
