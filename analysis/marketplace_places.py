"""Where the made-up marketplace is: states, cities and invented towns, and its categories.

Shares, promises and late shares are rounded figures of the country's e-commerce, not a client's.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from analysis.marketplace_draws import Floats, Ints, Names, choose


@dataclass(frozen=True)
class State:
    """A state: its share of customers and of sellers, its zip prefixes, how delivery goes there."""

    code: str
    customer_share: float
    seller_share: float
    zip_low: int
    zip_high: int
    promised_days: int
    late_factor: float
    latitude: float
    longitude: float


STATES = (
    State("SP", 0.4198, 0.597, 1000, 19999, 19, 0.75, -23.5, -46.6),
    State("RJ", 0.1292, 0.055, 20000, 28999, 26, 1.65, -22.9, -43.2),
    State("MG", 0.1170, 0.079, 30000, 39999, 24, 0.70, -19.9, -43.9),
    State("RS", 0.0550, 0.042, 90000, 99999, 28, 0.90, -30.0, -51.2),
    State("PR", 0.0507, 0.113, 80000, 87999, 24, 0.65, -25.4, -49.3),
    State("SC", 0.0366, 0.061, 88000, 89999, 26, 1.20, -27.6, -48.5),
    State("BA", 0.0340, 0.006, 40000, 48999, 29, 1.70, -12.9, -38.5),
    State("DF", 0.0215, 0.010, 70000, 72799, 24, 0.90, -15.8, -47.9),
    State("ES", 0.0204, 0.007, 29000, 29999, 25, 1.50, -20.3, -40.3),
    State("GO", 0.0203, 0.013, 74000, 76799, 27, 1.00, -16.7, -49.3),
    State("PE", 0.0166, 0.003, 50000, 56999, 31, 1.30, -8.1, -34.9),
    State("CE", 0.0134, 0.004, 60000, 63999, 31, 1.90, -3.7, -38.5),
    State("PA", 0.0098, 0.001, 66000, 68899, 37, 1.50, -1.5, -48.5),
    State("MT", 0.0091, 0.001, 78000, 78899, 31, 0.85, -15.6, -56.1),
    State("MA", 0.0075, 0.001, 65000, 65999, 31, 2.40, -2.5, -44.3),
    State("MS", 0.0072, 0.002, 79000, 79999, 26, 1.40, -20.4, -54.6),
    State("PB", 0.0054, 0.002, 58000, 58999, 33, 1.35, -7.1, -34.9),
    State("PI", 0.0050, 0.001, 64000, 64999, 30, 1.95, -5.1, -42.8),
    State("RN", 0.0049, 0.002, 59000, 59999, 32, 1.30, -5.8, -35.2),
    State("AL", 0.0042, 0.0, 57000, 57999, 33, 2.90, -9.7, -35.7),
    State("SE", 0.0035, 0.0, 49000, 49999, 31, 1.85, -10.9, -37.1),
    State("TO", 0.0028, 0.0, 77000, 77999, 29, 1.55, -10.2, -48.3),
    State("RO", 0.0025, 0.0, 76800, 76999, 39, 0.40, -8.8, -63.9),
    State("AM", 0.0015, 0.0, 69000, 69299, 45, 0.50, -3.1, -60.0),
    State("AC", 0.0008, 0.0, 69900, 69999, 41, 0.45, -10.0, -67.8),
    State("AP", 0.0007, 0.0, 68900, 68999, 46, 0.55, 0.0, -51.1),
    State("RR", 0.0005, 0.0, 69300, 69399, 46, 1.50, 2.8, -60.7),
)

# Share of the state's customers who live in each named city; invented towns share the rest.
CITIES = {
    "SP": {
        "São Paulo": 0.372,
        "Campinas": 0.035,
        "Guarulhos": 0.029,
        "São Bernardo do Campo": 0.022,
        "Santo André": 0.019,
        "Osasco": 0.018,
        "Santos": 0.017,
        "São José dos Campos": 0.016,
        "Sorocaba": 0.015,
        "Jundiaí": 0.014,
        "Ribeirão Preto": 0.012,
    },
    "RJ": {"Rio de Janeiro": 0.536, "Niterói": 0.066, "Nova Iguaçu": 0.034, "São Gonçalo": 0.032},
    "MG": {"Belo Horizonte": 0.239, "Juiz de Fora": 0.037, "Contagem": 0.037, "Uberlândia": 0.03},
    "RS": {"Porto Alegre": 0.253, "Caxias do Sul": 0.04, "Canoas": 0.035},
    "PR": {"Curitiba": 0.302, "Londrina": 0.06, "Maringá": 0.05},
    "SC": {"Florianópolis": 0.156, "Joinville": 0.09, "Blumenau": 0.06},
    "BA": {"Salvador": 0.368, "Feira de Santana": 0.06},
    "DF": {"Brasília": 0.99},
    "ES": {"Vitória": 0.19, "Vila Velha": 0.2, "Serra": 0.15},
    "GO": {"Goiânia": 0.345, "Anápolis": 0.08},
    "PE": {"Recife": 0.373, "Olinda": 0.08},
    "CE": {"Fortaleza": 0.49},
    "PA": {"Belém": 0.46},
    "MT": {"Cuiabá": 0.3},
    "MA": {"São Luís": 0.4},
    "MS": {"Campo Grande": 0.5},
    "PB": {"João Pessoa": 0.5},
    "PI": {"Teresina": 0.55},
    "RN": {"Natal": 0.5},
    "AL": {"Maceió": 0.6},
    "SE": {"Aracaju": 0.7},
    "TO": {"Palmas": 0.5},
    "RO": {"Porto Velho": 0.4},
    "AM": {"Manaus": 0.97},
    "AC": {"Rio Branco": 0.87},
    "AP": {"Macapá": 0.8},
    "RR": {"Boa Vista": 0.95},
}

_TOWN_STARTS = ("Monte Claro", "Lagoa Funda", "Pedra Mansa", "Três Pontes", "Água Serena")
_TOWN_ENDS = ("do Norte", "da Serra", "do Vale", "das Flores")

# Name, English name ("" when the translation table lacks it), relative frequency.
CATEGORIES = (
    ("cama_mesa_banho", "bed_bath_table", 100),
    ("beleza_saude", "health_beauty", 87),
    ("esporte_lazer", "sports_leisure", 78),
    ("moveis_decoracao", "furniture_decor", 75),
    ("informatica_acessorios", "computers_accessories", 70),
    ("utilidades_domesticas", "housewares", 63),
    ("relogios_presentes", "watches_gifts", 54),
    ("telefonia", "telephony", 41),
    ("ferramentas_jardim", "garden_tools", 39),
    ("automotivo", "auto", 38),
    ("brinquedos", "toys", 37),
    ("perfumaria", "perfumery", 31),
    ("bebes", "baby", 28),
    ("eletronicos", "electronics", 25),
    ("papelaria", "stationery", 23),
    ("pet_shop", "pet_shop", 18),
    ("instrumentos_musicais", "musical_instruments", 8),
    ("livros_interesse_geral", "books_general_interest", 6),
    ("pc_gamer", "", 4),
    ("cozinha_portatil", "", 3),
)


@dataclass(frozen=True)
class Places:
    """Every city and town, as columns of one length (603 of them): one draw picks a position."""

    name: Names
    state: Ints
    customer_share: Floats
    seller_share: Floats
    zip_low: Ints
    zip_count: Ints
    latitude: Floats
    longitude: Floats


def list_places() -> Places:
    """Return the cities and the invented towns; each owns a slice of its state's zip prefixes."""
    rows = []
    for number, state in enumerate(STATES):
        shares = _share_cities(state)
        low = state.zip_low
        width = state.zip_high - state.zip_low + 1 - len(shares)
        for place, (name, share) in enumerate(shares.items()):
            count = 1 + int(width * share)
            # Towns lie on a spiral around the capital, so that no two share a point.
            angle, distance = 2.4 * place, 0.25 * place**0.7
            rows.append(
                (
                    name,
                    number,
                    state.customer_share * share,
                    state.seller_share * share,
                    low,
                    count,
                    state.latitude + distance * np.sin(angle),
                    state.longitude + distance * np.cos(angle),
                )
            )
            low += count
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    columns[2] /= columns[2].sum()
    columns[3] /= columns[3].sum()
    return Places(*columns)


def spell_plainly(name: str) -> str:
    """Return the name in lower case without its accents.

    >>> spell_plainly("São Paulo")
    'sao paulo'
    """
    decomposed = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def name_states(places: Places, place: Ints) -> Names:
    """Return the code of the state of each place."""
    return np.array([state.code for state in STATES])[places.state[place]]


def spell_cities(
    rng: np.random.Generator, places: Places, place: Ints, sloppy_share: float = 0.03
) -> Names:
    """Return the names of places as people type them: plain mostly, a few otherwise."""
    plain = [spell_plainly(name) for name in places.name]
    accented = [name.lower() for name in places.name]
    states = [STATES[number].code.lower() for number in places.state]
    with_state = [f"{name} / {state}" for name, state in zip(plain, states, strict=True)]
    capitals = [f"{name.upper()} " for name in places.name]
    spellings = np.array([plain, accented, with_state, capitals])
    shares = (1 - sloppy_share, sloppy_share * 0.6, sloppy_share * 0.25, sloppy_share * 0.15)
    return spellings[choose(rng.random(len(place)), shares), place]


def _share_cities(state: State) -> dict[str, float]:
    """Return the state's cities and towns with their share of it; the shares add up to 1."""
    named = CITIES[state.code]
    towns = [f"{start} {end}" for start in _TOWN_STARTS for end in _TOWN_ENDS]
    weights = 1 / np.arange(2, len(towns) + 2)
    rest = (1 - sum(named.values())) * weights / weights.sum()
    return named | dict(zip(towns, rest.tolist(), strict=True))
