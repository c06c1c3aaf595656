"""BG/NBD: purchase counts of customers who may be gone, fitted by maximum likelihood.

Fader, Hardie & Lee (2005), Marketing Science 24, 275-284. A customer buys at a rate λ, drawn from
a gamma distribution (r, α), and leaves for good after any purchase with a probability p, drawn
from a beta distribution (a, b). Of a customer are known x, the purchases after the first one, t_x,
when the last of them was, and T, how long the first one is past.

It is the check on not using such a model (methods, section 4.2): no figure of a segment comes from
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.customers import Floats

# A fit that ends here runs away: the likelihood has no maximum inside.
LOWEST, HIGHEST = 1e-4, 1e4
# Of r, α, a, b: where the search starts.
STARTS = ((1.0, 10.0, 1.0, 1.0), (0.1, 50.0, 0.5, 5.0))


@dataclass(frozen=True)
class Histories:
    """Purchase histories, equal ones together; times in one unit, every array an entry a history.

    Attributes:
        repeats: x, purchases after the first one.
        last: t_x, time from the first to the last one; 0 where there is one only.
        age: T, time since the first one.
        customers: how many have this history.
    """

    repeats: Floats
    last: Floats
    age: Floats
    customers: Floats

    @classmethod
    def of(cls, repeats: Floats, last: Floats, age: Floats) -> Histories:
        """Count the customers of each history."""
        rows, counts = np.unique(np.column_stack([repeats, last, age]), axis=0, return_counts=True)
        return cls(rows[:, 0], rows[:, 1], rows[:, 2], counts.astype(np.float64))


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted BG/NBD; `is_inner` says that no parameter ran to the edge of what was searched."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    is_inner: bool

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """Return r, α, a and b."""
        return self.r, self.alpha, self.a, self.b


def fit_purchases(histories: Histories) -> PurchaseModel:
    """Fit the four parameters, on the logarithms of each, from several starts."""
    from scipy.optimize import minimize

    def loss(logs: Floats) -> float:
        return -log_likelihood(histories, *np.exp(logs)) / float(histories.customers.sum())

    edges = (float(np.log(LOWEST)), float(np.log(HIGHEST)))
    found = [
        minimize(loss, np.log(start), method="L-BFGS-B", bounds=[edges] * len(start))
        for start in STARTS
    ]
    logs = min(found, key=lambda one: float(one.fun)).x
    r, alpha, a, b = (float(value) for value in np.exp(logs))
    return PurchaseModel(
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        log_likelihood=log_likelihood(histories, r, alpha, a, b),
        is_inner=bool((logs > edges[0] + 1e-6).all() and (logs < edges[1] - 1e-6).all()),
    )


def log_likelihood(histories: Histories, r: float, alpha: float, a: float, b: float) -> float:
    """Return the log-likelihood of the histories (equation 6 of the paper, summed over customers).

    L = B(a, b+x) / B(a, b) Γ(r+x) α^r / (Γ(r) (α+T)^(r+x))
        + [x > 0] B(a+1, b+x-1) / B(a, b) Γ(r+x) α^r / (Γ(r) (α+t_x)^(r+x))
    """
    from scipy.special import gammaln

    x = histories.repeats
    bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stayed = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    still = -(r + x) * np.log(alpha + histories.age)
    gone = np.full(len(x), -np.inf)
    again = x > 0
    gone[again] = (
        np.log(a)
        - np.log(b + x[again] - 1)
        - (r + x[again]) * np.log(alpha + histories.last[again])
    )
    each = bought + stayed + np.logaddexp(still, gone)
    return float((histories.customers * each).sum())


def chance_to_return(
    model: PurchaseModel, repeats: Floats, last: Floats, age: Floats, horizon: float
) -> Floats:
    """Return each customer's probability of a purchase within the horizon after T.

    P(alive) (1 - ((α+T) / (α+T+h))^(r+x)) with P(alive) = 1 / (1 + [x > 0] a / (b+x-1)
    ((α+T) / (α+t_x))^(r+x)): whoever has not left buys at a rate of the gamma distribution
    (r+x, α+T).
    """
    r, alpha, a, b = model.parameters
    odds = np.zeros(len(repeats))
    again = repeats > 0
    odds[again] = np.exp(
        np.log(a)
        - np.log(b + repeats[again] - 1)
        + (r + repeats[again]) * (np.log(alpha + age[again]) - np.log(alpha + last[again]))
    )
    silent = ((alpha + age) / (alpha + age + horizon)) ** (r + repeats)
    chance: Floats = (1 - silent) / (1 + odds)
    return chance
