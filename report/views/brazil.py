"""The 27 states of Brazil: their names, and where their tiles stand on a map of tiles."""

from __future__ import annotations

# Name, column and row from 1: roughly where each state lies, neighbours beside each other.
STATES: dict[str, tuple[str, int, int]] = {
    "RR": ("Roraima", 2, 1),
    "AP": ("Amapá", 4, 1),
    "AM": ("Amazonas", 2, 2),
    "PA": ("Pará", 3, 2),
    "MA": ("Maranhão", 4, 2),
    "CE": ("Ceará", 5, 2),
    "RN": ("Rio Grande do Norte", 6, 2),
    "AC": ("Acre", 1, 3),
    "RO": ("Rondônia", 2, 3),
    "TO": ("Tocantins", 3, 3),
    "PI": ("Piauí", 4, 3),
    "PE": ("Pernambuco", 5, 3),
    "PB": ("Paraíba", 6, 3),
    "MT": ("Mato Grosso", 2, 4),
    "GO": ("Goiás", 3, 4),
    "BA": ("Bahia", 4, 4),
    "SE": ("Sergipe", 5, 4),
    "AL": ("Alagoas", 6, 4),
    "MS": ("Mato Grosso do Sul", 2, 5),
    "DF": ("Distrito Federal", 3, 5),
    "MG": ("Minas Gerais", 4, 5),
    "ES": ("Espírito Santo", 5, 5),
    "SP": ("São Paulo", 3, 6),
    "RJ": ("Rio de Janeiro", 4, 6),
    "PR": ("Paraná", 3, 7),
    "SC": ("Santa Catarina", 3, 8),
    "RS": ("Rio Grande do Sul", 3, 9),
}
