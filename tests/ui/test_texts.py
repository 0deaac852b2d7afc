"""Every sentence stands in both languages, with the same places."""

import pytest

from muster.ui import texts


def test_no_text_lacks_a_language_or_a_place():
    assert texts.faults() == []


def test_a_text_is_filled_in():
    assert texts.text("refusals.row", "vi", row="7") == "Dòng 7"
    assert texts.text("refusals.row", "en", row="7") == "Row 7"


def test_faults_name_what_is_missing():
    made_up = {
        "a.whole": {"vi": "Có {count} dòng", "en": "{count} rows"},
        "a.half": {"vi": "Dòng", "en": " "},
        "a.other": {"vi": "Dòng {row}", "en": "Row {number}"},
        "a.french": {"vi": "Dòng", "en": "Row", "fr": "Ligne"},
    }
    assert texts.faults(made_up) == [
        "a.half: no text in en",
        "a.other: the places differ: vi ['row']; en ['number']",
        "a.french: fr is no language of the house",
    ]


def test_an_unknown_key_is_a_fault_of_the_house():
    with pytest.raises(texts.UnknownText, match="no_such"):
        texts.text("no_such.key")
    with pytest.raises(texts.UnknownText, match="fr"):
        texts.text("shell.skip", "fr")
