"""Who is drawn for a stated subset: by the MD5 of the customer's own id.

DuckDB, Spark and PostgreSQL spell it alike: whatever the engine, the order of the rows and whoever
else is in the source, the same customers are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import queries

# Hashes are compared by their first eight of 32 hexadecimal digits: steps of one in four billion.
HASH_DIGITS = 8
_HASHES = 16**HASH_DIGITS
# Stands after every hash.
_AFTER_ALL = "g"


@dataclass(frozen=True)
class Bounds:
    """Which customers are drawn: those whose hash, as text, is from one bound on, before another.

    Bound as $from_hash and $before_hash of sql/intermediate/subset_customers.sql.
    """

    from_hash: str
    before_hash: str

    @property
    def parameters(self) -> queries.Parameters:
        """Return the parameters of the query."""
        return {"from_hash": self.from_hash, "before_hash": self.before_hash}


EVERYBODY = Bounds("", _AFTER_ALL)


def subset_bounds(wanted: int, customers: int, draw: int = 0) -> Bounds | None:
    """Return the bounds that draw about so many of the customers; None where all are wanted.

    A hash is as good as a draw: the number drawn has a standard deviation under √wanted.

    Args:
        wanted: how many are to be drawn.
        customers: how many there are.
        draw: 0 for the subset that is used; 1, 2, ... for others, disjoint while there are enough
            customers, as far apart as can be otherwise.

    >>> subset_bounds(100, 400), subset_bounds(100, 400, draw=3).from_hash
    (Bounds(from_hash='00000000', before_hash='40000000'), 'c0000000')
    """
    if customers <= wanted:
        return None
    before = min(wanted * draw, customers - wanted)
    first, last = (_HASHES * place // customers for place in (before, before + wanted))
    return Bounds(_written(first), _written(last))


def _written(bound: int) -> str:
    return f"{bound:0{HASH_DIGITS}x}" if bound < _HASHES else _AFTER_ALL
