"""Made-up segments, with all that is said of each (see sample.py)."""

from __future__ import annotations

from datetime import date

from sample_kpis import HOSTILE

from analysis.findings import (
    ActionBasis,
    ActionPlan,
    BuyingAgain,
    Condition,
    CountModel,
    CrmRule,
    ExpectedValue,
    HoldOut,
    Incidence,
    Interval,
    LifecycleCell,
    NextOrder,
    NotComputed,
    Profile,
    Quartiles,
    Quote,
    Repurchase,
    ReturnDays,
    Segment,
    Segmentation,
    Share,
    SimulatedValue,
    StageDates,
    StructureCheck,
    Swing,
    Term,
    TimeQuantile,
    Voices,
)


def profile(
    customers: int,
    of: int,
    revenue_cents: int,
    of_revenue: int,
    spend: float,
    stars: float,
    reviews: tuple[int, int, int, int, int],
    late_share: float = 0.08,
    occasions: float = 1.0,
) -> Profile:
    """A group of customers; what is not given is the same for all."""
    low = (reviews[0] + reviews[1]) / sum(reviews)
    return Profile(
        customers=customers,
        customer_share=customers / of,
        revenue_cents=revenue_cents,
        revenue_share=revenue_cents / of_revenue,
        spend=Quartiles(spend * 0.7, spend, spend * 1.5, spend * 1.2),
        occasions_mean=occasions,
        recency_days=Quartiles(80.0, 170.0, 260.0, 172.0),
        mean_review=stars,
        review_counts=reviews,
        low_review_share=low,
        low_review_interval=Interval(max(0.0, low - 0.01), min(1.0, low + 0.01)),
        late_share=late_share,
        late_interval=Interval(max(0.0, late_share - 0.01), late_share + 0.01),
        delivery_days=Quartiles(7.0, 10.0, 15.0, 12.1),
        freight_share=0.14,
        instalments_mean=2.9,
        top_states=(
            Share("SP", customers // 2, 0.5, 0.42),
            Share("RJ", customers // 8, 0.125, 0.13),
        ),
        top_categories=(
            Share("cama_mesa_banho", customers // 10, 0.1, 0.09),
            Share(HOSTILE, customers // 20, 0.05, 0.06),
        ),
    )


def _lifecycle(customers: int, revenue_cents: int) -> tuple[LifecycleCell, ...]:
    active, cooling = customers // 4, customers // 4
    dormant = customers - active - cooling
    quarter, half = revenue_cents // 4, revenue_cents // 2
    stages = (("active", 0, 90, active, quarter), ("cooling", 90, 180, cooling, quarter))
    return tuple(
        LifecycleCell(
            stage=stage,
            from_days=above,
            to_days=most,
            customers=count,
            share_of_segment=count / customers,
            revenue_cents=cents,
            matters=count >= 100,
            low_reviewers=count // 3,
            reachable=count // 2,
        )
        for stage, above, most, count, cents in (*stages, ("dormant", 180, 365, dormant, half))
    )


def _segment(
    segment_id: str,
    persona: str,
    colour: int,
    group: Profile,
    *conditions: Condition,
    number: int = 0,
    otherwise: tuple[Condition, ...] = (),
) -> Segment:
    loyal = persona == "loyal"
    return Segment(
        segment_id=segment_id,
        persona=persona,
        persona_number=number,
        kind="repeat_rule" if loyal else "cluster",
        colour=colour,
        profile=group,
        lifecycle=_lifecycle(group.customers, group.revenue_cents),
        rule=CrmRule(
            (conditions, otherwise) if otherwise else (conditions,),
            1.0 if loyal else 0.93,
            1.0 if loyal else 0.95,
        ),
        repurchase=Repurchase(
            customers=group.customers,
            returned=group.customers // 50,
            observed_share=0.02,
            share=0.0195,
            low=0.016,
            high=0.023,
        ),
        next_order=NextOrder(
            after="second" if loyal else "first",
            customers=group.customers,
            orders=group.customers // 40,
            by_age=(
                Incidence(30, 0.006),
                Incidence(365, 0.031),
                Incidence(730, NotComputed("not_observed", found="545")),
            ),
            quantiles=(
                TimeQuantile(0.01, 56.2),
                TimeQuantile(0.05, NotComputed("not_observed", found="545")),
            ),
            half_of_days=365,
            half_way_days=117.4,
        ),
        plan=_plan(group, persona, colour),
        voices=Voices(
            language="pt-BR",
            comments=group.customers // 3,
            terms=(Term("não recebi", 0.12, 0.01), Term(HOSTILE, 0.05, 0.02)),
            quotes=(
                Quote(f"Chegou antes do prazo, embalagem perfeita {HOSTILE}", 5),
                Quote("Produto muito bom, entrega rápida, recomendo a loja", 4),
            ),
        )
        if persona != "satisfied_small"
        else NotComputed("too_few_comments", found="61", expected="100"),
    )


def _plan(group: Profile, persona: str, place: int) -> ActionPlan:
    repair = persona.startswith("unhappy")
    small = group.customers < 2_000
    basket = group.spend.mean / group.occasions_mean
    missing = NotComputed("no_action_inputs", expected="contact_cost, margin_share")
    given = persona == "satisfied_large"
    return ActionPlan(
        role="repair" if repair else "serve" if persona == "loyal" else "sell",
        priority={0: 4, 3: 1}.get(place, place + 1),
        stake=group.revenue_cents / 100 if repair else group.customers * 0.001 * basket,
        stake_kind="revenue_at_risk" if repair else "point_value",
        basket=basket,
        point_value=group.customers * 0.001 * basket,
        break_even_lift=0.012 if given else missing,
        expected_values=(
            ExpectedValue(0.0, -320.0),
            ExpectedValue(0.01, -53.3),
            ExpectedValue(0.02, 213.5),
        )
        if given
        else missing,
        gain_share=0.61 if given else missing,
        basket_orders=41,
        simulated=SimulatedValue(
            median=180.4,
            low=-141.0,
            high=566.2,
            hours=4.0,
            per_hour=45.1,
            swings=(
                Swing("lift", 0.0, 0.03, -320.0, 480.0),
                Swing("margin", 0.15, 0.25, 80.0, 346.4),
                Swing("contact", 0.08, 0.12, 240.0, 187.0),
            ),
        )
        if given
        else missing,
        hold_out=HoldOut(
            customers=group.customers // 5,
            contacted=group.customers - group.customers // 5,
            usual_buyers=0.01 * group.customers,
            significant_buyers=(0.02 if small else 0.014) * group.customers,
            detectable_lift=1.2 if small else 0.6,
            needed=NotComputed("too_few_customers", found=str(group.customers), expected="7740")
            if small
            else 1_400,
            needed_for_response=NotComputed("no_action_inputs", expected="response_share"),
        ),
    )


def _segments() -> tuple[Segment, ...]:
    of, revenue = 7_000, 98_000_000
    return (
        _segment(
            "loyal",
            "loyal",
            0,
            profile(180, of, 4_900_000, revenue, 231.0, 4.25, (14, 8, 16, 34, 108), occasions=2.1),
            Condition("occasions", ">", 1.0),
        ),
        _segment(
            "satisfied_large",
            "satisfied_large",
            1,
            profile(1_320, of, 44_100_000, revenue, 378.0, 4.52, (20, 30, 120, 350, 800)),
            Condition("spend", ">", 220.0),
            Condition("review", ">", 2.0),
        ),
        _segment(
            "satisfied_small",
            "satisfied_small",
            2,
            profile(4_400, of, 34_300_000, revenue, 68.0, 4.71, (0, 60, 340, 900, 3_100)),
            Condition("review", ">", 2.5),
            Condition("spend", "<=", 220.0),
        ),
        _segment(
            "unhappy_medium",
            "unhappy_medium",
            3,
            profile(1_100, of, 14_700_000, revenue, 121.0, 1.62, (640, 250, 210, 0, 0), 0.29),
            Condition("review", "<=", 2.0),
            otherwise=(Condition("spend", "<=", 220.0), Condition("review", "<=", 2.5)),
        ),
    )


def sample_segmentation() -> Segmentation:
    segments = _segments()
    return Segmentation(
        family="traits",
        algorithm="kmeans",
        k=3,
        features=("spend", "review"),
        structure=StructureCheck(0.39, 0.37, 0.36, 0.375, 20, 0.05, structure=False),
        everybody=profile(
            7_000, 7_000, 98_000_000, 98_000_000, 112.0, 4.16, (674, 348, 686, 1_284, 4_008)
        ),
        segments=segments,
        rule_fidelity=0.94,
        rule_differences=431,
        rule_order=tuple(segment.segment_id for segment in segments),
        buying_again=BuyingAgain(
            origin=date(2029, 12, 18),
            horizon_days=180,
            interval_share=0.9,
            prior_strength=210.0,
            everybody=Repurchase(6_100, 122, 0.02, 0.02, 0.0172, 0.0231),
            repeat_share=0.021,
            count_model_share=0.15,
            constant_rate_returned=190.4,
            counts=CountModel(
                customers=6_900,
                r=0.021,
                alpha=9.4,
                a=0.62,
                b=1.9,
                log_likelihood=-1_640.5,
                is_inner=True,
                expected_returned=141.7,
                area=0.53,
            ),
        ),
        action_basis=ActionBasis(0.05, 0.8, 0.2, 0.5, 1.0, 0.25, 4_000),
        stages=StageDates(90, 180, 60, 120, 0.5, 0.8, 365, ReturnDays(88.2, 176.4, 418)),
    )
