"""From a send-out to its effect: what does not wait for a file, and from how many it counts."""

from __future__ import annotations

from dataclasses import replace

from sample import sample_findings

from analysis.findings import Condition, CrmRule, Findings, HoldOut, NotComputed, Segmentation
from report.content import load_content
from report.views.hand_over import hand_over_view
from report.views.plans import action_views, plan_view
from report.views.segment_records import HandOver, Sending
from report.wording import Wording

WORDING, CONTENT = Wording("en"), load_content("en")


def segmentation(findings: Findings) -> Segmentation:
    assert isinstance(findings.segmentation, Segmentation)
    return findings.segmentation


def handed_over(found: Segmentation | None = None) -> HandOver:
    findings = sample_findings() if found is None else sample_findings(segmentation=found)
    view = hand_over_view(findings, WORDING, CONTENT)
    assert isinstance(view, HandOver)
    return view


def sending(found: Segmentation | None = None) -> Sending:
    return handed_over(found).sending


def with_unhappy(persona: str, *amounts: float) -> Segmentation:
    """Return the sample with its unhappy under a persona and a rule that asks for the amounts."""
    found = segmentation(sample_findings())
    rule = CrmRule(
        alternatives=tuple((Condition("spend", ">", amount),) for amount in amounts),
        recall=0.9,
        precision=0.9,
    )
    segments = tuple(
        replace(one, persona=persona, rule=rule) if one.plan.role == "repair" else one
        for one in found.segments
    )
    return replace(found, segments=segments)


def test_a_low_review_is_called_about_above_the_amount_of_the_rule():
    answer = sending(with_unhappy("unhappy_large", 120.0)).triggers[0]
    assert "without waiting" in answer
    assert "above R$120" in answer


def test_no_amount_is_named_where_the_rules_do_not_agree_on_one():
    for found in (
        with_unhappy("unhappy_large", 120.0, 240.0),
        with_unhappy("unhappy_medium", 120.0),
    ):
        assert "without waiting" in sending(found).triggers[0]
        assert not any("R$" in text for text in sending(found).triggers)


def test_where_nobody_is_unhappy_nothing_is_said_of_complaints():
    found = segmentation(sample_findings())
    kept = tuple(one for one in found.segments if one.plan.role != "repair")
    view = sending(replace(found, segments=kept))
    assert view.undelivered == ()
    assert len(view.triggers) == len(sending().triggers) - 1


def test_a_success_counts_whole_customers_the_last_one_rounded_up():
    # The sample: 1 320 customers, a fifth held out; 13.2 buy again anyway, 26.4 are significant.
    table = sending().success
    assert table is not None
    assert ("Satisfied, large basket", "264", "1,056", "13", "27") in table.rows
    assert len(table.rows) == len(sending().colours)


def test_without_a_repeat_rate_there_is_no_table_and_no_horizon():
    found = segmentation(sample_findings())
    view = sending(replace(found, buying_again=NotComputed("too_short_history", "20", "28")))
    assert view.success is None
    assert view.colours == ()
    assert not any("Wait" in text for text in view.test)


def test_every_bracket_of_the_messages_is_explained_under_both_its_names():
    rows = dict(handed_over().brackets.rows)
    assert "lowest_review_order_id" in rows["[ORDER] [PEDIDO]"]
    assert set(rows) >= {"[LINK]", "[FIRST NAME] [NOME]"}
    assert len(rows) == len(CONTENT.merge_fields)


def test_fewer_held_out_than_a_test_takes_are_told_what_they_can_show():
    found = segmentation(sample_findings())
    segment = next(one for one in found.segments if one.persona == "satisfied_small")
    assert segment.plan.hold_out.needed == 1_400
    repeat = replace(CONTENT.persona("satisfied_small").actions[0], measure="repeat")
    persona = replace(CONTENT.persona("satisfied_small"), actions=(repeat, repeat, repeat))
    for held_out, said in ((880, "only a rise of +60%"), (1_400, "at least 1,400 held out")):
        test: HoldOut = replace(segment.plan.hold_out, customers=held_out)
        plan = replace(segment.plan, hold_out=test)
        assert said in action_views(persona, plan, WORDING)[0].hold_out
        proof = plan_view(replace(segment, plan=plan), found, "BRL", WORDING).proof
        assert ("larger share held out" in proof) == (held_out == 880)
