"""Findings go to JSON and come back equal; what is not ours is refused."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import get_args, get_type_hints

import pytest
from sample import sample_findings, sample_proposal, sample_settings
from sample_changes import sample_changes

from analysis import findings as module
from analysis.errors import FindingsError
from analysis.findings import (
    FORMAT_VERSION,
    EstimatesCompared,
    Findings,
    NotComputed,
    Pause,
    Subset,
    SubsetError,
    from_json,
    read_findings,
    to_json,
)


def test_findings_come_back_equal():
    found = sample_findings(changes=sample_changes())
    text = to_json(found)
    assert from_json(text) == found
    assert to_json(from_json(text)) == text


def test_what_could_not_be_computed_comes_back_with_its_reason():
    reason = NotComputed("too_few_customers", found="12", expected="500")
    found = replace(
        sample_findings(), segmentation=reason, candidates=reason, stability=reason, refresh=reason
    )
    assert from_json(to_json(found)) == found


def test_every_part_is_frozen_and_says_what_it_is():
    parts = [
        value for value in vars(module).values() if isinstance(value, type) and is_dataclass(value)
    ]
    assert len(parts) > 25
    for part in parts:
        assert part.__dataclass_params__.frozen, part
        assert part.__doc__
        assert not part.__doc__.startswith(f"{part.__name__}("), part


def test_the_sample_fills_every_field():
    """A field that no sample fills would be read by nobody."""
    seen: set[tuple[str, str]] = set()
    found = sample_findings(changes=sample_changes())
    pause = Pause(datetime(2029, 3, 1), datetime(2029, 5, 1), 61)
    unlawful = sample_settings(terms={"recovery_indemnity": "10"})
    proposal = sample_proposal(settings=unlawful)
    period = replace(found.period, pause=pause)
    crossed = replace(found.stability.lifetime, compared=EstimatesCompared(1.2, 1.5, True))
    stability = replace(found.stability, lifetime=crossed)
    subset = Subset(4_750, 9_500, SubsetError(agreement=0.98, ari=0.95, share_gap=0.004))
    whole = replace(found, period=period, proposal=proposal, stability=stability, subset=subset)
    _walk(whole, seen)
    missing = {
        (part.__name__, field.name)
        for part in _parts(Findings)
        for field in fields(part)
        if (part.__name__, field.name) not in seen
    }
    assert missing == set()


def _walk(value, seen) -> None:
    if isinstance(value, tuple):
        for item in value:
            _walk(item, seen)
    elif is_dataclass(value):
        for field in fields(value):
            seen.add((type(value).__name__, field.name))
            _walk(getattr(value, field.name), seen)


def _parts(part, known=None):
    known = set() if known is None else known
    if is_dataclass(part) and part not in known and part is not NotComputed:
        known.add(part)
        for hint in get_type_hints(part).values():
            for inner in _inner(hint):
                _parts(inner, known)
    return known


def _inner(hint):
    yield hint
    for argument in get_args(hint):
        yield from _inner(argument)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not hold findings"),
        ("[1]", "does not hold findings"),
        ('{"format_version": 99}', "findings of format 99"),
        (f'{{"format_version": {FORMAT_VERSION}}}', "values are not as written"),
    ],
)
def test_what_is_not_ours_is_refused(text, message):
    with pytest.raises(FindingsError, match=message):
        from_json(text)


def test_whole_findings_of_another_version_are_refused():
    text = to_json(sample_findings()).replace(f": {FORMAT_VERSION},", ": 99,", 1)
    with pytest.raises(FindingsError, match="findings of format 99"):
        from_json(text)


def test_a_damaged_value_is_named():
    text = (
        to_json(sample_findings())
        .replace('"seed": ', '"seed": "x', 1)
        .replace(',\n "source"', '",\n "source"', 1)
    )
    with pytest.raises(FindingsError, match="seed"):
        from_json(text)


def test_a_missing_file_is_one_message(tmp_path):
    with pytest.raises(FindingsError, match="cannot be read"):
        read_findings(tmp_path / "findings.json")
