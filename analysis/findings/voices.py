"""What customers write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word, or two that follow each other, and the shares of the comments that mention it."""

    text: str
    share: float
    others_share: float


@dataclass(frozen=True)
class Quote:
    """A comment as it was written, on one line; never one that may tell who somebody is.

    Of a segment's comments come first those whose score is nearest to the median of the segment's,
    then those that mention most of its typical terms, then by the id of the review; each next one
    mentions a typical term that none before did, where there is one. Length within bounds, never in
    capitals throughout.
    """

    text: str
    score: int


@dataclass(frozen=True)
class Voices:
    """What the customers of a segment write about the orders of the window.

    `terms` set the segment apart from the other comments, most typical first (voices.log_odds).
    `language` is the one that the settings name for the shop's customers, empty where unknown.
    """

    language: str
    comments: int
    terms: tuple[Term, ...]
    quotes: tuple[Quote, ...]
