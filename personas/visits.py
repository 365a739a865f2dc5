"""Whole visits to the shop: a thorough one that tries everything, and a casual one.

Both are generators of actions. Which visit somebody makes depends on what is to be shown: the chaos
runs want everything in many orders, the bench wants the mix of a busy day.
"""

from personas import habits
from personas.actions import Visit
from personas.habits import Habit
from personas.persona import Persona

ROUNDS_MAX = 4
ADS_MAX = 3

NEXT_AD_SHARE = 0.5
"""Of those who have watched an ad, how many watch another one."""
SECOND_LOOK_SHARE = 0.4
"""Of those who look at something, how many look at something else."""


def thorough_visit(persona: Persona) -> Visit:
    """Join, then do everything in an order of one's own for some rounds, and leave for good.

    In that order something that only looks stands before anything that does more. So several
    actions lie between two that are answered alike.
    """
    yield from habits.join(persona)
    routine = _routine(persona)
    for _ in range(persona.dice.randint(1, ROUNDS_MAX)):
        for habit in routine:
            yield from habit(persona)


def _routine(persona: Persona) -> list[Habit]:
    more: list[Habit] = [_earn, habits.order_views, habits.write_to_admin]
    looks: list[Habit] = [
        habits.look_at_account,
        habits.read_history,
        habits.see_orders,
        habits.see_invitation,
        habits.read_help,
    ]
    persona.dice.shuffle(more)
    persona.dice.shuffle(looks)
    if persona.prefers_buttons:
        # The buttons for history and orders are under the account.
        looks.sort(key=lambda look: look is not habits.look_at_account)
    pairs = zip(looks, more, strict=False)
    return [*(habit for pair in pairs for habit in pair), *looks[len(more) :]]


def _earn(persona: Persona) -> Visit:
    # Without the button, two ads in a row would be asked for in the same words.
    count = persona.dice.randint(1, ADS_MAX) if persona.prefers_buttons else 1
    yield from habits.watch_ads(persona, count)


def casual_visit(persona: Persona) -> Visit:
    """Do one or two things; a new person joins and watches ads.

    Of 100 updates about 35 make the ledger record something: about 30 ads, 3 or 4 people who join,
    an order.
    """
    if persona.is_new:
        yield from habits.join(persona)
        yield from _earn_on(persona)
        return
    (habit,) = persona.dice.choices(_CASUAL_HABITS, _CASUAL_SHARES)
    yield from habit(persona)


def _earn_on(persona: Persona) -> Visit:
    count = 1
    while persona.dice.random() < NEXT_AD_SHARE:
        count += 1
    yield from habits.watch_ads(persona, count)


def _look(persona: Persona) -> Visit:
    yield from habits.look_at_account(persona)
    if persona.dice.random() < SECOND_LOOK_SHARE:
        (second,) = persona.dice.choices(_SECOND_LOOKS, _SECOND_SHARES)
        yield from second(persona)


def _invite(persona: Persona) -> Visit:
    yield from habits.see_invitation(persona)
    if persona.dice.random() < SECOND_LOOK_SHARE:
        yield from habits.chat(persona)


_SECOND_LOOKS: list[Habit] = [habits.read_history, habits.see_orders, habits.read_help]
_SECOND_SHARES = [2, 1, 1]
_CASUAL_HABITS: list[Habit] = [_earn_on, _look, _invite, habits.order_views]
_CASUAL_SHARES = [36, 40, 15, 9]
