"""What customers write: masks, typical terms, and comments chosen by rule, none of them made up."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from builders import make_orders, moment

from analysis import anonymity
from analysis.anonymity import MASK, is_plain, mask, may_name, one_line
from analysis.customers import build_customers
from analysis.findings import NotComputed
from analysis.settings import check_settings
from analysis.voices import Comments, hear_segments, log_odds

AS_OF = moment("2018-08-01")


def test_the_example_in_the_docstring():
    assert doctest.testmod(anonymity).failed == 0


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Escreva para joao.silva@mail.com.br já", f"Escreva para {MASK} já"),
        ("Zap 11 98765-4321, urgente", f"Zap {MASK}, urgente"),
        ("Pedido 203182933 não veio", f"Pedido {MASK} não veio"),
        ("rastreio PL123456789BR parado", f"rastreio {MASK} parado"),
        ("id e481f51cbdc54678b7cc49136f2d6af7 ok", f"id {MASK} ok"),
        ("veja https://loja.example/x?y=1 agora", f"veja {MASK} agora"),
        ("comprei em minhaloja.com.br ontem", f"comprei em {MASK} ontem"),
        ("Falei com o Sr. Carlos Lima sobre isso", f"Falei com o Sr. {MASK} sobre isso"),
        ("a dona Maria gostou", f"a dona {MASK} gostou"),
        ("Me chamo, meu nome é Ana Souza e quero", f"Me chamo, meu nome é {MASK} e quero"),
        ("siga @loja_boa", f"siga {MASK}"),
        ("Comprei 2 e vieram 3 de 10 peças", "Comprei 2 e vieram 3 de 10 peças"),
        ("chegou em 20/07, muito bom", "chegou em 20/07, muito bom"),
        ("seu produto é bom", "seu produto é bom"),
    ],
)
def test_masks(text, masked):
    assert mask(text) == masked


def test_marks_that_turn_a_text_around_are_not_kept():
    assert one_line("a\u202eb\r\n c\u200b\x00d") == "ab cd"


def test_names_and_signs_are_seen():
    assert may_name("a loja Fulana é boa")
    assert not may_name("Chegou. Muito bom")
    assert not is_plain("bom \N{THUMBS UP SIGN}")
    assert is_plain("É ótimo, sim!")


def test_log_odds_by_hand():
    """Used alike: 0. Used by 30 of 100 here and 10 of 100 there, with no prior to speak of."""
    scores = log_odds(np.array([20, 30]), np.array([20, 10]), 100, 100, 1e-9)
    expected = (np.log(30 / 70) - np.log(10 / 90)) / np.sqrt(1 / 30 + 1 / 10)
    assert scores == pytest.approx([0.0, expected], abs=1e-6)


def test_a_prior_makes_rare_terms_less_telling():
    bare = log_odds(np.array([3]), np.array([0]), 100, 100, 1.0)
    weighed = log_odds(np.array([3]), np.array([0]), 100, 100, 1_000.0)
    assert 0 < weighed[0] < bare[0]


GOOD = "Chegou antes do prazo, produto muito bom"
BAD = "Ainda não recebi o produto que comprei"


def shop(messages: list[tuple[str, int]]):
    """One customer and one order a message; those with low scores are of the second segment."""
    orders = make_orders(
        [
            {
                "customer": f"c{place:03}",
                "bought": "2018-06-01",
                "delivered": "2018-06-10",
                "reviews": [(score, "2018-06-20")],
            }
            for place, (_, score) in enumerate(messages)
        ]
    )
    comments = Comments(
        known=True,
        review_ids=tuple(f"r{place:03}" for place in range(len(messages))),
        order_ids=tuple(orders.order_ids),
        scores=np.array([score for _, score in messages]),
        messages=tuple(text for text, _ in messages),
    )
    return orders, comments, np.array([int(score < 3) for _, score in messages], dtype=np.int16)


SMALL = {"minimum_comments": 10, "minimum_mentions": 5, "prior_comments": 20, "shortest": 30}


def hear(messages: list[tuple[str, int]], **voices):
    settings = check_settings({"voices": {**SMALL, **voices}})
    orders, comments, index = shop(messages)
    table = build_customers(orders, AS_OF, settings.customers)
    return hear_segments(comments, orders, table, index, 2, settings)


PLENTY = [(GOOD, 5)] * 40 + [(BAD, 1)] * 40


def test_typical_terms_come_as_people_write_them():
    happy, unhappy = hear(PLENTY)
    assert happy.comments == unhappy.comments == 40
    assert "antes do prazo" in [term.text for term in happy.terms]
    told = {term.text: term for term in unhappy.terms}
    assert "não recebi" in told
    assert (told["não recebi"].share, told["não recebi"].others_share) == (1.0, 0.0)


def test_spellings_are_one_term():
    mixed = [(GOOD, 5)] * 40 + [(BAD, 1)] * 25 + [(BAD.replace("ã", "a").upper(), 1)] * 15
    told = {term.text: term.share for term in hear(mixed)[1].terms}
    assert told["não recebi"] == 1.0


def test_the_same_words_set_nobody_apart():
    happy, unhappy = hear([(GOOD, 5)] * 40 + [(GOOD, 1)] * 40)
    assert happy.terms == unhappy.terms == ()
    assert [quote.text for quote in happy.quotes] == [GOOD]


def test_quotes_are_whole_comments_told_once():
    happy, unhappy = hear(PLENTY)
    assert [quote.text for quote in happy.quotes] == [GOOD]
    assert [(quote.text, quote.score) for quote in unhappy.quotes] == [(BAD, 1)]


def test_a_comment_that_names_or_must_be_masked_is_never_shown():
    tainted = [
        (f"{BAD}, falem com a Joana por favor", 1),
        (f"{BAD}, liguem para 11 98765-4321", 1),
    ]
    found = hear([*PLENTY, *tainted])[1]
    assert [quote.text for quote in found.quotes] == [BAD]


def test_the_median_score_goes_before_the_terms():
    four = (f"{GOOD}, entrega rápida e produto bonito", 4)
    assert hear([*PLENTY, four], quotes=1)[0].quotes[0].score == 5


def test_hostile_and_shouted_comments():
    hostile = "<script>alert('não recebi')</script> ainda não recebi o produto que comprei"
    shouted = BAD.upper()
    picture = f"{BAD} \N{POUTING FACE} demais"
    found = hear([*PLENTY, (hostile, 1), (shouted, 1), (picture, 1)], quotes=9)[1]
    assert {quote.text for quote in found.quotes} == {BAD, hostile}


def test_rows_in_another_order_give_the_same():
    messages = [(f"{BAD} número {'i' * place}", 1) for place in range(1, 30)] + [(GOOD, 5)] * 30
    orders, comments, index = shop(messages)
    settings = check_settings({"voices": SMALL})
    table = build_customers(orders, AS_OF, settings.customers)
    once = hear_segments(comments, orders, table, index, 2, settings)
    assert once == hear_segments(comments, orders, table, index, 2, settings)
    swapped = hear_segments(comments, orders, table, (1 - index).astype(np.int16), 2, settings)
    assert swapped == once[::-1]


def test_what_is_not_there_is_said():
    few = hear([(GOOD, 5)] * 40 + [(BAD, 1)] * 9)[1]
    assert few == NotComputed("too_few_comments", found="9", expected="10")
    orders, _, index = shop(PLENTY)
    settings = check_settings({})
    table = build_customers(orders, AS_OF, settings.customers)
    none = Comments(False, (), (), np.array([], dtype=np.int64), ())
    absent = NotComputed("missing_table", expected="review_comments")
    assert hear_segments(none, orders, table, index, 2, settings) == (absent, absent)
    empty = Comments(True, (), (), np.array([], dtype=np.int64), ())
    assert hear_segments(empty, orders, table, index, 2, settings)[0] == NotComputed(
        "too_few_comments", found="0", expected="100"
    )


def test_an_unknown_language_has_no_stop_words_and_still_speaks():
    settings = check_settings({"client": {"language": ""}, "voices": SMALL})
    orders, comments, index = shop(PLENTY)
    table = build_customers(orders, AS_OF, settings.customers)
    found = hear_segments(comments, orders, table, index, 2, settings)
    assert found[0].language == ""
    assert found[1].terms
