"""Who writes to a bot: personas of the shop in its log, or people who say something to an echo."""

import random
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from bench.fast_log import FIRST_ID
from bench.telegram.objects import Person
from ledger.economy import Economy
from personas.actions import Action, Visit
from personas.persona import Persona, Temper
from personas.visits import casual_visit

NEWCOMER_SHARE = 0.08
INVITED_SHARE = 1 / 3
TEMPER = Temper(Economy().ad_reward_points)


class Visitor(NamedTuple):
    """A visit, and who makes it."""

    who: Person
    visit: Visit


def known_person(number: int) -> Person:
    """The user who joined as number `number`, counted from 0, in the bench's logs."""
    return Person(FIRST_ID + number, "Anna", f"anna{number}")


def code_of(number: int) -> str:
    """Their invitation code."""
    return f"{number:08x}"


def echo_visits() -> Iterator[Visitor]:
    """Everybody says something new all the time, and must get it back."""
    for number in count(1):
        yield Visitor(Person(number, "Anna", f"anna{number}"), _talk())


def _talk() -> Visit:
    for number in count(1):
        text = f"This is my message number {number}."
        yield Action(text, (text,), exact=True)


class ShopVisits:
    """Endless visits to a shop that already has this number of users."""

    def __init__(self, known: int, seed: int = 1) -> None:
        """Nobody is there yet."""
        self._known = known
        self._joined = known
        self._dice = random.Random(seed)
        self._here: set[int] = set()

    def __iter__(self) -> Iterator[Visitor]:
        """Nobody makes two visits at once."""
        while True:
            is_new = self._dice.random() < NEWCOMER_SHARE
            number = self._new_number() if is_new else self._known_number()
            self._here.add(number)
            yield Visitor(known_person(number), self._visit(number, is_new=is_new))

    def _visit(self, number: int, *, is_new: bool) -> Visit:
        invited = is_new and self._dice.random() < INVITED_SHARE
        inviter = self._dice.randrange(self._known) if invited else -1
        persona = Persona(
            FIRST_ID + number,
            TEMPER,
            self._dice,
            is_new=is_new,
            inviter_code=code_of(inviter) if invited else "",
        )
        try:
            yield from casual_visit(persona)
        finally:
            self._here.discard(number)

    def _new_number(self) -> int:
        self._joined += 1
        return self._joined - 1

    def _known_number(self) -> int:
        """Some people come far more often than others, as in the log."""
        number = int(self._known * self._dice.random() ** 1.5)
        while number in self._here:
            number = self._dice.randrange(self._known)
        return number
