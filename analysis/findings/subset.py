"""What was measured on a part of the customers, and what that leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings.values import NotComputed


@dataclass(frozen=True)
class SubsetError:
    """What the subset leaves open, measured.

    `agreement` (0 to 1) and `ari` compare the segments of all clustered customers by the model of
    the subset with those by a model of another subset as large, made in the same way: what is left
    of one to one matched segments, and the adjusted Rand index. `share_gap` is the largest
    difference between a segment's share of the subset's customers and its share of all (0 to 1).
    """

    agreement: float
    ari: float
    share_gap: float


@dataclass(frozen=True)
class Subset:
    """The customers that candidates, resamples and the timeline were measured on.

    `customers` of `total`, drawn by a hash of the customer's id (analysis/subset.py). Who is in
    which segment, and every size, amount and share, is of all customers. Where the data are on a
    cluster and the customers are many, `read` of them were read at all, drawn likewise: amounts and
    shares are those of these, but for the sizes and the revenue of segments and stages.
    """

    customers: int
    total: int
    error: SubsetError | NotComputed
    read: int | None = None
