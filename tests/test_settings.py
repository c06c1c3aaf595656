"""playbook.toml: every default, every refusal in one message."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from pydantic import BaseModel

from analysis.errors import SettingsError
from analysis.settings import Settings, check_settings, read_settings, refuse_expired
from report.examples import commented_settings, demo_settings


def test_the_commented_file_holds_every_key_at_its_default():
    text = commented_settings()
    assert check_settings(tomllib.loads(text)) == Settings()
    named = {line.lstrip("# ").split(" = ")[0] for line in text.splitlines() if " = " in line}
    for model in (Settings, *_sections(Settings)):
        for key, field in model.model_fields.items():
            if not _is_section(field.annotation) and key != "mapping":
                assert (field.alias or key) in named, key


def test_the_demo_has_a_day_rate_and_the_defaults_have_none():
    assert demo_settings().contract.day_rate > 0
    assert Settings().contract.day_rate is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seeed": 1}, "did you mean seed"),
        ({"contract": {"day_rat": 3}}, "did you mean contract.day_rate"),
        ({"zzz": 1}, "one of seed"),
        ({"contract": {"day_rate": -1}}, "greater than or equal to 0"),
        ({"contract": {"tax_mode": "moon"}}, "tax_mode = 'moon'"),
        ({"contract": {"currency": "ZZZ"}}, "a currency of ISO 4217"),
        ({"client": {"currency": "BRLX"}}, "client.currency = 'BRLX'"),
        ({"contract": {"exchange": {"rate": "6.1"}}}, "without its date or its source"),
        ({"contract": {"exchange": {"rate": "-1"}}}, "contract.exchange.rate"),
        (
            {"contract": {"date": date(2030, 2, 1), "starts_on": date(2030, 1, 1)}},
            "before the proposal of 2030-02-01",
        ),
        ({"segmentation": {"k_min": 6, "k_max": 4}}, "above k_max"),
        ({"lifecycle": {"active_days": 200}}, "less than cooling_days"),
        ({"contract": {"essential": {"visits": 3}}}, "contract.essential.visits"),
        ({"stability": {"threshold_ari": 1.5}}, "stability.threshold_ari = 1.5"),
    ],
)
def test_what_is_wrong_is_named(values, message):
    with pytest.raises(SettingsError, match=message) as problem:
        check_settings(values, where="playbook.toml")
    assert "playbook.toml" in str(problem.value)


def test_part_of_a_tier_keeps_the_rest_at_its_default():
    found = check_settings({"contract": {"serenity": {"reviews": 1}}})
    assert found.contract.serenity.reviews == 1
    assert found.contract.serenity.rescoring == "weekly"


def test_a_validity_in_the_past_is_refused_where_the_date_was_given():
    dated = check_settings({"contract": {"date": date(2030, 1, 1), "validity_days": 30}})
    refuse_expired(dated, date(2030, 1, 31))
    with pytest.raises(SettingsError, match="was valid until 2030-01-31") as problem:
        refuse_expired(dated, date(2030, 2, 1))
    assert "longer validity_days" in str(problem.value)
    refuse_expired(Settings(), date(2099, 1, 1))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("= 3")
    with pytest.raises(SettingsError, match="not valid TOML"):
        read_settings(broken)
    assert read_settings(None) == Settings()


def _is_section(annotation) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _sections(model):
    for field in model.model_fields.values():
        if _is_section(field.annotation):
            yield field.annotation
            yield from _sections(field.annotation)
