"""What is remembered of looks: alarms in a row by hand, and files that were meddled with."""

from __future__ import annotations

import json
from datetime import date

import pytest

from analysis.errors import StateError
from analysis.looks import Look, State, is_confirmed, read_state, state_to_json

MAY, JUNE, JULY = date(2018, 5, 1), date(2018, 6, 1), date(2018, 7, 1)


def look(seen_on: date, *alarms) -> Look:
    return Look(seen_on, alarms, "watch" if alarms else "fresh")


@pytest.mark.parametrize(
    ("earlier", "confirmed"),
    [
        ([], False),
        ([look(JUNE)], False),
        ([look(JUNE, "agreement")], True),
        ([look(JUNE, "sizes")], False),
        ([look(MAY, "agreement"), look(JUNE)], False),
        # Thirteen days before, then a month before: the near look is not counted, nor does it end.
        ([look(JUNE, "agreement"), look(date(2018, 6, 18), "agreement")], True),
        ([look(date(2018, 6, 18), "agreement")], False),
        ([look(JULY, "agreement")], False),
    ],
)
def test_an_alarm_holds_on_two_looks_in_a_row_far_enough_apart(earlier, confirmed):
    assert is_confirmed("agreement", JULY, earlier, 2, 14) == confirmed


def test_three_in_a_row_need_three():
    two = [look(JUNE, "sizes")]
    assert not is_confirmed("sizes", JULY, two, 3, 14)
    assert is_confirmed("sizes", JULY, [look(MAY, "sizes"), *two], 3, 14)


def test_a_state_comes_back_as_it_was_and_a_second_look_of_a_day_replaces_the_first(tmp_path):
    state = State("m", (look(MAY), look(JUNE, "sizes"))).with_look(look(JUNE, "minimum"))
    assert state.looks == (look(MAY), look(JUNE, "minimum"))
    path = tmp_path / "state.json"
    path.write_text(state_to_json(state))
    assert read_state(path, "m") == state
    assert read_state(tmp_path / "none.json", "m") == State("m")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: "no json", "does not hold a state"),
        (lambda _: json.dumps([1]), "does not hold a state"),
        (lambda content: json.dumps({**content, "format_version": 9}), "format 9"),
        (lambda content: json.dumps({**content, "looks": []}), "was changed"),
    ],
)
def test_a_state_that_was_meddled_with_is_refused(tmp_path, change, message):
    path = tmp_path / "state.json"
    content = json.loads(state_to_json(State("m", (look(MAY),))))
    path.write_text(change(content))
    with pytest.raises(StateError, match=message):
        read_state(path, "m")


def test_a_state_of_another_model_is_refused(tmp_path):
    path = tmp_path / "state.json"
    path.write_text(state_to_json(State("other")))
    with pytest.raises(StateError, match="another model"):
        read_state(path, "m")
