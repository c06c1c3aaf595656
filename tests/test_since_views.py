"""What is said of the changes since an earlier edition, and where it is shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sample import sample_findings
from sample_changes import sample_changes

from analysis.findings import Changes, NotComputed, Promise
from report.context import build_context
from report.deck.story import tell
from report.html import render_report
from report.pdf import render_playbook
from report.views import Absence
from report.views.change_records import ChangesView
from report.wording import LANGUAGES, Wording

ENGLISH = Wording("en")


def view(changes: Changes) -> ChangesView:
    found = build_context(sample_findings(changes=changes), ENGLISH).changes
    assert found is not None
    return found


def test_nothing_is_said_without_an_earlier_edition() -> None:
    context = build_context(sample_findings(), ENGLISH)
    assert context.changes is None
    assert "Since the last edition" not in render_report(context, ENGLISH, None)
    assert not [slide for slide in tell(context, ENGLISH) if slide.code.startswith("since")]


def test_the_headline_tells_moves_and_promise() -> None:
    assert view(sample_changes()).headline == (
        "Since 31\u00a0December 2029: 20% of the customers of both editions have changed "
        "segment; what was promised then holds so far"
    )


def test_without_customers_and_model_the_headline_counts_the_orders() -> None:
    missing = NotComputed("no_earlier_file", expected="model.json, segments.csv")
    found = view(sample_changes(customers=missing, migration=missing, promise=missing))
    assert found.headline == "Since 31\u00a0December 2029: 3,850 more orders"
    assert "model.json, segments.csv does not stand beside" in found.moved
    assert isinstance(found.flow, Absence)
    assert isinstance(found.migration, Absence)


def test_a_cell_holds_then_now_and_the_difference_with_its_interval() -> None:
    found = view(sample_changes()).every_figure
    assert not isinstance(found, Absence)
    first, second, third, fourth = found.rows
    assert first[1:5] == (
        "100 \u2192 180",
        "17% \u2192 22%\n\u25b2 +5.0 (+3.0 to +7.0)",
        "30% \u2192 31%\n+1.0 (\u22121.0 to +3.0)",
        "R$100 \u2192 R$112\n\u25b2 +12.0% (+8.0% to +16.0%)",
    )
    assert first[-1] == "8.0% \u2192 not computed\n–"
    assert "formerly" in second[0]
    assert third[0].endswith("\nnew")
    assert third[1] == "– \u2192 1,100"
    assert fourth[0].endswith("\nno longer there")


def test_names_say_what_is_new_gone_or_called_otherwise() -> None:
    renamed, lost, new = view(sample_changes()).names
    assert "is now called" in renamed
    assert "is new" in new
    assert "no longer a segment of its own" in lost


def test_what_makes_the_editions_unlike_is_said() -> None:
    window, orders = view(sample_changes()).notes
    assert "180\u00a0days" in window
    assert "5,990" in orders
    same = sample_changes()
    alike = replace(same, then=replace(same.then, window_days=365), orders_then_now=6_000)
    assert view(alike).notes == ()


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("held", "holds so far"),
        ("held_beyond", "held beyond it"),
        ("broken", "did not hold"),
        ("broken_beyond", "was over before"),
    ],
)
def test_every_verdict_on_the_promise_is_worded(verdict, said: str) -> None:
    promise = sample_changes().promise
    assert isinstance(promise, Promise)
    assert said in view(sample_changes(promise=replace(promise, verdict=verdict))).promise


def test_the_recommendation_says_what_changed_and_why() -> None:
    interval, then, now, price, lines = view(sample_changes()).recommendation
    assert interval == (
        "The recommended interval between refits was 6\u00a0months, and is now 4\u00a0months."
    )
    assert "resampled" in then
    assert "as far as the history lets us see" in now
    assert price == (
        "The recommended offer, with the early refits provided for, was €6,180, and is now €9,180."
    )
    assert lines == "What changed in it: Planned refit."


def test_prices_that_cannot_be_compared_are_not() -> None:
    found = sample_changes().recommendation
    other = replace(found, currency_then="USD")
    assert "two currencies" in view(sample_changes(recommendation=other)).recommendation[3]
    rate = replace(found, day_rate_then=Decimal(500))
    assert "own input" in view(sample_changes(recommendation=rate)).recommendation[4]
    none = replace(found, total_then=NotComputed("no_day_rate"))
    assert "none was priced then" in view(sample_changes(recommendation=none)).recommendation[3]
    unknown = replace(found, now=NotComputed("depends_on", found="stability"))
    texts = view(sample_changes(recommendation=unknown)).recommendation
    assert "–" in texts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_playbook_and_deck_tell_it_in_every_language(language: str) -> None:
    wording = Wording(language)
    context = build_context(sample_findings(changes=sample_changes()), wording)
    assert context.changes is not None
    page = render_report(context, wording, None)
    assert 'id="since"' in page
    assert 'href="#since"' in page
    slides = tell(context, wording)
    codes = [slide.code for slide in slides]
    assert codes[2] == "since"
    assert {"since_shop", "since_moves"} <= set(codes)
    assert sum(slide.seconds for slide in slides) == 20 * 60


def test_the_sheet_of_the_playbook_fits() -> None:
    from io import BytesIO

    from pypdf import PdfReader

    context = build_context(sample_findings(changes=sample_changes()), ENGLISH)
    pages = PdfReader(BytesIO(render_playbook(context, ENGLISH))).pages
    texts = [page.extract_text() for page in pages]
    assert sum("Did the promise hold?" in text for text in texts) == 1


def test_the_deck_with_what_changed_renders() -> None:
    from report.deck import render_deck

    context = build_context(sample_findings(changes=sample_changes()), ENGLISH)
    assert render_deck(context, ENGLISH, None).startswith(b"PK")
