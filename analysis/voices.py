"""What the customers of a segment write: typical terms, and a few comments chosen by rule.

Terms: log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin'
Words", Political Analysis 16, 2008, equations 16 and 22), on whether a comment mentions a term.
Comments are quoted as they were written, masked (analysis.anonymity), and never made up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import queries
from analysis.anonymity import is_plain, mask, may_name, one_line
from analysis.customers import CustomerTable, Flags, Floats, Ints
from analysis.draws import EVERYBODY, Bounds
from analysis.findings import NotComputed, Period, Quote, Term, Voices
from analysis.profiles import window_orders
from analysis.segmentation import SegmentIndex
from analysis.settings import Settings
from analysis.settings import Voices as Wanted

if TYPE_CHECKING:
    from analysis.orders import OrderFacts
    from analysis.source import OpenSource

_WORD = re.compile(r"[^\W\d_]{2,}")
# Words of lists of stop words that say something beside another word: "não recebi", "muito bom".
ONLY_IN_PAIRS = frozenset(
    {"não", "nao", "nem", "sem", "muito", "antes", "menos", "nunca"}
    | {"not", "no", "never", "without", "very", "before", "less"}
    | {"pas", "sans", "jamais", "très", "avant", "moins", "sin", "muy"}
)
OPINIONS = ONLY_IN_PAIRS | {"bem", "bom", "boa", "good", "bon", "bonne", "bien", "bueno", "buena"}
# A term is typical from this z-score on: beyond what chance does in one of a hundred thousand.
SURE = 4.4
# Two words are a pair with at most one between them.
NEIGHBOURS = 2
# A pair stands for its word when it is this share of the word's mentions.
PAIR_SHARE = 0.25
# A spelling of fewer comments than this is not counted.
RARE_SPELLING = 3


@dataclass(frozen=True, eq=False)
class Comments:
    """Reviews with a message, sorted by id; one entry a comment.

    Attributes:
        known: whether the source has comments at all.
        review_ids: text, for ties.
        order_ids: text.
        scores: 1 to 5.
        messages: as written.
    """

    known: bool
    review_ids: tuple[str, ...]
    order_ids: tuple[str, ...]
    scores: Ints
    messages: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Mentions:
    """Which comment mentions which term: a sparse 0/1 matrix, and the terms as people spell them.

    `matrix` has shape (comments, terms).
    """

    matrix: Any
    terms: tuple[str, ...]


def read_comments(source: OpenSource, period: Period, bounds: Bounds = EVERYBODY) -> Comments:
    """Read the comments answered by the end of the period, of the customers between the bounds.

    Raises:
        ContentError: a value that cannot be.
    """
    if not source.has("review_comments"):
        return Comments(False, (), (), np.array([], dtype=np.int64), ())
    source.load("review_comments")
    parameters = {"as_of": period.as_of, **bounds.parameters}
    rows = queries.run_query(source.connection, "marts/order_comments", parameters)
    return Comments(
        known=True,
        review_ids=tuple(rows["review_id"].to_pylist()),
        order_ids=tuple(rows["order_id"].to_pylist()),
        scores=rows["review_score"].cast("int64").to_numpy(),
        messages=tuple(rows["review_comment_message"].to_pylist()),
    )


def hear_segments(
    comments: Comments,
    orders: OrderFacts,
    table: CustomerTable,
    index: SegmentIndex,
    segments: int,
    settings: Settings,
) -> tuple[Voices | NotComputed, ...]:
    """Return what the customers of each segment write, in the segments' order."""
    if not comments.known:
        absent = NotComputed("missing_table", expected="review_comments")
        return (absent,) * segments
    places = _segment_of_comments(comments, orders, table, index)
    heard = np.flatnonzero(places >= 0)
    wanted, language = settings.voices, settings.client.language
    sizes = np.bincount(places[heard], minlength=segments)
    if sizes.max(initial=0) < wanted.minimum_comments:
        return tuple(_too_few(int(size), wanted) for size in sizes)
    mentions = _count_mentions([comments.messages[place] for place in heard], language, wanted)
    return tuple(
        _voices(comments, heard, places[heard] == segment, mentions, settings)
        if sizes[segment] >= wanted.minimum_comments
        else _too_few(int(sizes[segment]), wanted)
        for segment in range(segments)
    )


def log_odds(mine: Ints, others: Ints, size: int, rest: int, weight: float) -> Floats:
    """Return the z-score of each term's log-odds in a group against the others.

        d = log((y + a) / (n + a0 - y - a)) - log((y' + a) / (n' + a0 - y' - a))
        z = d / sqrt(1 / (y + a) + 1 / (y' + a))

    Above 0 a term is used more in the group; 0 where both use it alike.

    Args:
        mine: comments of the group that mention each term, shape (terms,).
        others: the same of the other comments.
        size: n, comments of the group.
        rest: n', the other comments.
        weight: a0, how many comments of everybody each side has beforehand; a is what they mention.
    """
    # By the rule of succession, so that a term of every comment has finite odds.
    prior = (mine + others + 1) / (size + rest + 2) * weight
    here, there = mine + prior, others + prior
    odds_here = np.log(here) - np.log(size + weight - here)
    odds_there = np.log(there) - np.log(rest + weight - there)
    scores: Floats = (odds_here - odds_there) / np.sqrt(1 / here + 1 / there)
    return scores


def _too_few(found: int, wanted: Wanted) -> NotComputed:
    return NotComputed("too_few_comments", found=str(found), expected=str(wanted.minimum_comments))


def _segment_of_comments(
    comments: Comments, orders: OrderFacts, table: CustomerTable, index: SegmentIndex
) -> Ints:
    """Return the segment of each comment, -1 where its order is not of the window."""
    window = window_orders(orders, table)
    segment_of = dict(
        zip(orders.order_ids[window.rows], index[window.customer].tolist(), strict=True)
    )
    return np.array([segment_of.get(order, -1) for order in comments.order_ids], dtype=np.int64)


def _stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing by themselves; none of an unknown one."""
    from stop_words import StopWordError, get_stop_words

    try:
        return frozenset(get_stop_words(language.partition("-")[0])) - OPINIONS
    except StopWordError:
        return frozenset()


def _count_mentions(messages: list[str], language: str, wanted: Wanted) -> _Mentions:
    """Find the terms, words and pairs of neighbours, that enough comments mention.

    Spellings that differ by accents or capitals are one term, shown as most people write it.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    stop_words = _stop_words(language)
    # Rare spellings are most of the vocabulary, and none of the terms.
    counter = CountVectorizer(
        analyzer=lambda message: _terms_of(message, stop_words),
        binary=True,
        min_df=min(RARE_SPELLING, wanted.minimum_mentions),
        dtype=np.int32,
    )
    counts = counter.fit_transform(messages)
    spellings = counter.get_feature_names_out()
    keys, group = np.unique([_folded(text) for text in spellings], return_inverse=True)
    merged = counts @ csr_matrix(
        (np.ones(len(group), dtype=np.int32), (np.arange(len(group)), group)),
        shape=(len(group), len(keys)),
    )
    merged.data[:] = 1
    often = np.flatnonzero(np.asarray(merged.sum(axis=0)).ravel() >= wanted.minimum_mentions)
    by_use = np.argsort(np.asarray(counts.sum(axis=0)).ravel(), kind="stable")
    usual = dict(zip(group[by_use].tolist(), spellings[by_use].tolist(), strict=True))
    return _Mentions(merged[:, often].tocsr(), tuple(usual[place] for place in often.tolist()))


def _terms_of(message: str, stop_words: frozenset[str]) -> list[str]:
    """Return the words that say something, and each pair of them with what stands between.

    At most one other word stands between the two: "antes do prazo".
    """
    words = _WORD.findall(message.lower())
    places = [place for place, word in enumerate(words) if word not in stop_words]
    pairs = [
        " ".join(words[first : second + 1])
        for first, second in pairwise(places)
        if second - first <= NEIGHBOURS
    ]
    return [words[place] for place in places] + pairs


def _folded(text: str) -> str:
    """Return a text without its accents."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(character for character in parts if not unicodedata.combining(character))


def _voices(
    comments: Comments, heard: Ints, mine: Flags, mentions: _Mentions, settings: Settings
) -> Voices:
    """Return the typical terms of a segment and its chosen comments."""
    wanted = settings.voices
    own = np.asarray(mentions.matrix[mine].sum(axis=0)).ravel().astype(np.int64)
    everybody = np.asarray(mentions.matrix.sum(axis=0)).ravel().astype(np.int64)
    size, rest = int(mine.sum()), int((~mine).sum())
    scores = log_odds(own, everybody - own, size, rest, wanted.prior_comments)
    typical = _most_typical(mentions.terms, scores, own, wanted, SURE)
    # Where nothing is typical beyond doubt, comments are still ranked by what leans that way.
    telling = typical or _most_typical(mentions.terms, scores, own, wanted, 0.0)
    return Voices(
        language=settings.client.language,
        comments=size,
        terms=tuple(
            Term(
                text=mentions.terms[place],
                share=float(own[place] / size),
                others_share=float((everybody[place] - own[place]) / max(rest, 1)),
            )
            for place in typical
        ),
        quotes=_quotes(comments, heard[mine], mentions.matrix[mine][:, telling], wanted),
    )


def _most_typical(
    terms: tuple[str, ...], scores: Floats, own: Ints, wanted: Wanted, least: float
) -> list[int]:
    """Return the terms that set the group apart most, from a z-score on; no two share a word.

    A word gives way to its most typical pair, where that is enough of its mentions.
    """
    order = [
        place
        for place in np.argsort(-scores, kind="stable").tolist()
        if scores[place] > least and own[place] >= wanted.minimum_mentions
    ]
    words = {place: set(terms[place].split()) - ONLY_IN_PAIRS for place in order}
    pairs = [place for place in order if " " in terms[place]]
    chosen: list[int] = []
    for place in order:
        if len(chosen) == wanted.terms:
            break
        if not words[place] or any(words[place] & words[other] for other in chosen):
            continue
        longer = (
            pair
            for pair in pairs
            if words[place] <= words[pair] and own[pair] >= PAIR_SHARE * own[place]
        )
        best = next(longer, place)
        if not any(words[best] & words[other] for other in chosen):
            chosen.append(best)
    return chosen


def _quotes(comments: Comments, places: Ints, mentioned: Any, wanted: Wanted) -> tuple[Quote, ...]:
    """Choose comments by rule; see `findings.Quote`.

    Args:
        comments: all of them.
        places: those of the segment, shape (own,).
        mentioned: sparse, which of the segment's typical terms each mentions, (own, typical).
        wanted: how many, how long.
    """
    scores = comments.scores[places]
    counts = np.asarray(mentioned.sum(axis=1)).ravel()
    distance = np.abs(scores - np.median(scores))
    # Comments stand by id, so the place settles a tie.
    order = np.lexsort((places, -counts, distance)).tolist()
    chosen: dict[str, Quote] = {}
    told: set[int] = set()
    for adds in (True, False):
        for row in order:
            if len(chosen) == wanted.quotes:
                return tuple(chosen.values())
            new = set(mentioned[row].indices.tolist()) - told if adds else set()
            if adds and not new:
                continue
            text = _presentable(comments.messages[int(places[row])], wanted)
            if text and _folded(text.lower()) not in chosen:
                told |= new
                chosen[_folded(text.lower())] = Quote(text, int(scores[row]))
    return tuple(chosen.values())


def _presentable(message: str, wanted: Wanted) -> str:
    """Return a comment as it may be shown, empty where it may not.

    One that would need a mask or may name somebody is never shown, and the segment has one quote
    less; nor are capitals throughout, signs that a font may lack and lengths out of bounds.
    """
    text = one_line(message)
    if not wanted.shortest <= len(text) <= wanted.longest or text.upper() == text:
        return ""
    return text if is_plain(text) and mask(text) == text and not may_name(text) else ""
