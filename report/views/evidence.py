"""Which features cluster and why, what transformations do, how many segments the data prefer."""

from __future__ import annotations

from analysis.findings import (
    FeatureEvidence,
    FeatureReason,
    FeatureRole,
    Features,
    Findings,
    NotComputed,
    NumberOfSegments,
    RepeatEvidence,
    SizeEvidence,
)
from report.views.figures import Column, Table
from report.views.records import Absence
from report.views.segment_records import EvidenceView
from report.wording import Wording, message

DASH = "\u2013"
FEATURES = {
    "spend": message("Spend"),
    "review": message("Review"),
    "recency_days": message("Recency"),
    "low_review": message("A low review"),
    "delay_days": message("Delay on the promised date"),
    "delivery_days": message("Days until delivery"),
    "freight_share": message("Share of freight"),
    "items": message("Number of items"),
    "instalments": message("Number of instalments"),
    "categories": message("Number of categories"),
    "distance_km": message("Distance to the seller"),
    "state": message("State"),
    "payment_type": message("Means of payment"),
    "category": message("Category"),
}
ROLES: dict[FeatureRole, str] = {
    "clusters": message("clusters"),
    "lifecycle": message("lifecycle rule"),
    "describes": message("describes"),
}
REASONS: dict[FeatureReason, str] = {
    "needed": message("Without it less is explained of what was asked for."),
    "dispensable": message(
        "It clusters against the figures: without it nothing that was asked for is lost."
    ),
    "tail": message(
        "It clusters against the figures: a few customers far out weigh more than the others."
    ),
    "repeats_though": message(
        "It clusters against the figures: another feature that clusters says the same."
    ),
    "would_serve": message(
        "It only describes, against the figures: with it more is explained of what was asked for."
    ),
    "unknown": message("The data do not say it."),
    "constant": message("The same for nearly everybody."),
    "repeats": message("Says what another feature that clusters says already."),
    "takes_over": message("Takes the split that money or satisfaction needs."),
    "levels": message("Levels without an order: place or kind of goods would decide."),
    "adds_little": message("Neither hurts nor serves what was asked for."),
}
TRANSFORMS = {
    "raw": message("as it is"),
    "winsorised": message("cut at a high quantile"),
    "log1p": message("logarithm"),
    "yeo_johnson": message("Yeo-Johnson"),
    "rank": message("rank"),
}


def evidence_view(findings: Findings, wording: Wording) -> EvidenceView | Absence:
    """Return the evidence on features and on the number of segments."""
    features, numbers = findings.features, findings.number_of_segments
    if isinstance(features, NotComputed):
        return Absence(wording.not_computed(features))
    return EvidenceView(
        features=_features(features, wording),
        transforms=_transforms(features, wording),
        reviews=_reviews(features, wording),
        numbers=Absence(wording.not_computed(numbers))
        if isinstance(numbers, NotComputed)
        else _numbers(numbers, wording),
        number_sentence=""
        if isinstance(numbers, NotComputed)
        else _number_sentence(numbers, wording),
        number_title="" if isinstance(numbers, NotComputed) else _number_title(numbers, wording),
    )


def _features(features: Features, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("Which features cluster, and which only describe"),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("Role"), is_number=False),
            Column(_("Known")),
            Column(_("Skew")),
            Column(_("Correlation"), is_number=False),
            Column(_("Agreement (ARI)")),
            Column(_("Variance of spend")),
            Column(_("Variance of reviews")),
            Column(_("Smallest segment")),
            Column(_("Why"), is_number=False),
        ),
        rows=(
            *(_feature(entry, wording) for entry in features.features),
            *_occasions(features.repeat, wording),
        ),
        note=f"{_measured_on(features, wording)} {_repeat(features, wording)}".strip(),
    )


def _measured_on(features: Features, wording: Wording) -> str:
    """Return what the table was measured on, and how it is to be read."""
    return wording.gettext(
        "Measured on %(customers)s customers. Agreement, variances and smallest segment are "
        "those of as many segments with the feature added; for one that clusters, without it. "
        "Correlation of ranks: the strongest with a feature that clusters. What clusters is set; "
        "the reason is what the figures say, and where they contradict it, it says so.",
        customers=wording.integer(features.customers),
    )


def _occasions(
    found: RepeatEvidence | NotComputed, wording: Wording
) -> tuple[tuple[str, ...], ...]:
    """Return the row of the purchase occasions: a rule, and what a flag would make."""
    if isinstance(found, NotComputed):
        return ()
    _ = wording.gettext
    return (
        (
            _("Purchase occasions"),
            _("rule before clustering"),
            wording.share(1.0),
            DASH,
            DASH,
            wording.index(found.agreement),
            wording.share(found.eta_squared_spend),
            DASH,
            wording.share(found.smallest_share),
            _(
                "Several for %(share)s: a rule says it.",
                share=wording.share(found.repeat_share),
            ),
        ),
    )


def _repeat(features: Features, wording: Wording) -> str:
    """Return what buying again would do as a flag inside K-Means."""
    found = features.repeat
    if isinstance(found, NotComputed):
        return ""
    return wording.gettext(
        "Purchase occasions: with a flag for who bought again inside K-Means, and as many "
        "segments as with the rule, %(isolated)s of them stand in one segment, of which they are "
        "%(purity)s; agreement with the rule %(agreement)s (ARI), variance of spend %(flag)s "
        "against %(rule)s by rule.",
        isolated=wording.share(found.isolated_share),
        purity=wording.share(found.purity),
        agreement=wording.index(found.agreement),
        flag=wording.share(found.eta_squared_spend),
        rule=wording.share(found.eta_squared_spend_by_rule),
    )


def _feature(entry: FeatureEvidence, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    correlation = DASH
    if not isinstance(entry.correlation, NotComputed) and entry.correlated_with:
        correlation = _(
            "%(value)s with %(feature)s",
            value=wording.index(entry.correlation),
            feature=_(FEATURES[entry.correlated_with]).lower(),
        )
    return (
        _(FEATURES[entry.feature]),
        _(ROLES[entry.role]),
        wording.share(entry.known_share),
        _index(entry.skew, wording),
        correlation,
        _index(entry.agreement, wording),
        _share(entry.eta_squared_spend, wording),
        _share(entry.eta_squared_review, wording),
        _share(entry.smallest_share, wording),
        _(REASONS[entry.reason]),
    )


def _index(value: float | NotComputed, wording: Wording) -> str:
    return DASH if isinstance(value, NotComputed) else wording.index(value)


def _share(value: float | NotComputed, wording: Wording) -> str:
    return DASH if isinstance(value, NotComputed) else wording.share(value)


def _transforms(features: Features, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("What a transformation of spend does to the segments"),
        columns=(
            Column(_("Spend"), is_number=False),
            Column(_("Skew")),
            Column(_("Smallest segment")),
            Column(_("Variance of spend")),
            Column(_("Agreement, customers drawn again")),
            Column(_("The lowest")),
        ),
        rows=tuple(
            (
                _("%(transform)s (used)", transform=_(TRANSFORMS[entry.transform]))
                if entry.used
                else _(TRANSFORMS[entry.transform]),
                _index(entry.skew, wording),
                wording.share(entry.smallest_share),
                wording.share(entry.eta_squared_spend),
                wording.index(entry.agreement_mean),
                wording.index(entry.agreement_low),
            )
            for entry in features.transforms
        ),
        note=_("The variance is that of the logarithm of spend, whatever was clustered on."),
    )


def _reviews(features: Features, wording: Wording) -> str:
    """Return what filling in missing reviews changes."""
    _, found = wording.gettext, features.reviews
    if isinstance(found, NotComputed):
        return wording.not_computed(found)
    if found.are_placed:
        return _(
            "%(missing)s of the customers have no review, more than %(ceiling)s: the segments were "
            "made of the others, and these were placed by what else is known of them, on the same "
            "scale. Had they been given the median of those whose order was as late or as "
            "punctual, the others would keep their segments at an agreement of %(agreement)s "
            "(ARI); %(least)s is asked of a rule that fills scores in.",
            missing=wording.share(found.missing_share),
            ceiling=wording.share(found.ceiling),
            agreement=wording.index_against(found.agreement_without, found.least_agreement),
            least=wording.exact(found.least_agreement),
        )
    text = _(
        "%(missing)s of the customers have no review, and were given the median of those whose "
        "order was as late or as punctual. Left out, the others keep their segments at an "
        "agreement of %(agreement)s (ARI); %(least)s is asked.",
        missing=wording.share(found.missing_share),
        agreement=wording.index_against(found.agreement_without, found.least_agreement),
        least=wording.exact(found.least_agreement),
    )
    if found.agreement_without >= found.least_agreement:
        return text
    warning = _(
        "They weigh too much. The rule was applied all the same and nobody was left out: what the "
        "segments say of satisfaction is to be read with care."
    )
    return f"{text} {warning}"


def _numbers(numbers: NumberOfSegments, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=_("How many segments: what the data say, number by number"),
        columns=(
            Column(_("Segments")),
            Column(_("Silhouette")),
            Column(_("Same, columns shuffled")),
            Column(_("Davies-Bouldin")),
            Column(_("Calinski-Harabasz")),
            Column(_("Gap statistic")),
            Column(strength_head(numbers.customers, wording)),
            Column(_("Jaccard, the worst")),
        ),
        rows=tuple(_size(entry, wording) for entry in numbers.sizes),
        note=_(
            "K-Means on the features chosen, repeat buyers not counted; gap and prediction "
            "strength on %(customers)s customers, with their standard errors. The gap answers the "
            "smallest number that is within one error of the highest; one says: no groups.",
            customers=wording.integer(numbers.customers),
        ),
    )


def _size(entry: SizeEvidence, wording: Wording) -> tuple[str, ...]:
    compared = entry.calinski_harabasz
    return (
        wording.integer(entry.k),
        _index(entry.silhouette, wording),
        _index(entry.shuffled_silhouette, wording),
        _index(entry.davies_bouldin, wording),
        DASH if isinstance(compared, NotComputed) else wording.integer(compared),
        with_error(entry.gap, entry.gap_error, wording),
        with_error(entry.prediction_strength, entry.prediction_error, wording),
        _index(entry.jaccard, wording),
    )


def strength_head(customers: int, wording: Wording) -> str:
    """Return the head of a column of prediction strengths: on how many customers it is measured."""
    return wording.gettext(
        "Prediction strength (%(customers)s customers)", customers=wording.integer(customers)
    )


def with_error(value: float | NotComputed, error: float | NotComputed, wording: Wording) -> str:
    """Return a figure with its standard error."""
    if isinstance(value, NotComputed) or isinstance(error, NotComputed):
        return DASH
    return wording.gettext(
        "%(value)s ± %(error)s", value=wording.index(value), error=wording.index(error)
    )


def _number_title(numbers: NumberOfSegments, wording: Wording) -> str:
    """Return how far apart the data's answers lie, and what settles the number."""
    _ = wording.gettext
    known = [value for _name, value in _answers(numbers, wording)]
    if isinstance(numbers.chosen, NotComputed) or not known:
        return _("How many segments: what the data say of each number")
    chosen = wording.integer(numbers.chosen)
    if set(known) == {numbers.chosen}:
        return _("Why %(chosen)s groups: data, gates and scorecard agree", chosen=chosen)
    low, high = (wording.integer(end) for end in (min(known), max(known)))
    said = low if low == high else wording.between(low, high)
    return _(
        "Why %(chosen)s groups: the indices answer %(said)s, what a team can act on settles it",
        chosen=chosen,
        said=said,
    )


def _answers(numbers: NumberOfSegments, wording: Wording) -> list[tuple[str, int]]:
    """Return the number that each index answers, those that are known."""
    answers = (
        (wording.gettext("silhouette"), numbers.by_silhouette),
        ("Davies-Bouldin", numbers.by_davies_bouldin),
        ("Calinski-Harabasz", numbers.by_calinski_harabasz),
        (wording.gettext("gap"), numbers.by_gap),
        (wording.gettext("prediction strength"), numbers.by_prediction),
    )
    return [(name, value) for name, value in answers if not isinstance(value, NotComputed)]


def _number_sentence(numbers: NumberOfSegments, wording: Wording) -> str:
    """Return the data's answers and the business's side by side, and whether they disagree."""
    _ = wording.gettext
    known = _answers(numbers, wording)
    said = wording.listing(f"{value} ({name})" for name, value in known)
    if isinstance(numbers.chosen, NotComputed):
        return _("The data answer %(said)s; the gates let no partition pass.", said=said)
    values = {"said": said, "chosen": wording.integer(numbers.chosen)}
    if all(value == numbers.chosen for _name, value in known):
        return _(
            "The data answer %(said)s; the gates and the scorecard agree: %(chosen)s.", **values
        )
    return _(
        "The data answer %(said)s; the gates and the scorecard %(chosen)s. They disagree: the "
        "indices do not know what a team can act on.",
        **values,
    )
