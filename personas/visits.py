"""Owns what people do in the shop: join, earn, buy, look, write; each step a tap and its answer.

Everybody does these things in an order of their own and keeps it, and asks for a thing either by
text or by button. So many taps lie between two that are answered alike: a reply that is repeated
after a kill can't be taken for another tap's.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.text import user_texts
from chaos.program.person import Ordered, Person, data_of
from chaos.program.taps import Message

Habit: TypeAlias = Callable[[Person], Awaitable[None]]

ROUNDS_MAX = 4
ADS_MAX = 3
AGAIN_SHARE = 0.15
"""So many taps that move points are made twice at once."""
GIVE_UP_SHARE = 0.1
POINTS_GONE = "too much: the balance is"
"""So a number is answered that comes once more after a kill, when the order is placed already."""
PAID = "+60 points"
ALREADY_PAID = "This ad has been paid already"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE = re.compile(r"start=([0-9a-f]{8})")


class Unexpected(Exception):  # noqa: N818 - what it was, not the raising, is the name
    """The bot said something that contradicts what this person knows."""


async def visit(person: Person) -> None:
    """Join, do what one does for some rounds, and leave for good.

    Raises:
        Unexpected: the bot contradicts itself.
    """
    inviter = person.invited_by
    await person.say(f"/start {inviter.code}" if inviter else "/start", "Welcome")
    person.welcomed = True
    routine = _routine(person)
    for _ in range(person.dice.randint(1, ROUNDS_MAX)):
        for habit in routine:
            await habit(person)


def _routine(person: Person) -> list[Habit]:
    """An order of their own, in which something that only looks stands before what does more."""
    more: list[Habit] = [_earn, _buy, _write]
    looks: list[Habit] = [_look, _read_history, _see_orders, _invite, _ask]
    person.dice.shuffle(more)
    person.dice.shuffle(looks)
    pairs = zip(looks, more, strict=False)
    return [*(habit for pair in pairs for habit in pair), *looks[len(more) :]]


async def _ask(person: Person) -> None:
    await person.say("/help", "How it works")


async def _invite(person: Person) -> None:
    found = _CODE.search((await person.say(user_texts.REFER, "Your link")).text)
    code = found[1] if found else ""
    if not code or person.code not in {"", code}:
        raise Unexpected(f"the invitation code was {person.code!r}, and is {code!r} now")
    person.code = code


async def _earn(person: Person) -> None:
    for _ in range(person.dice.randint(1, ADS_MAX) if person.likes_buttons else 1):
        if person.likes_buttons and person.paid is not None:
            offer = await person.press(person.paid, "next_ad", "It pays")
        else:
            offer = await person.say(user_texts.WATCH_ADS, "It pays")
        await _watch(person, offer.message)


async def _watch(person: Person, offer: Message | None) -> None:
    data = data_of(offer, "ad:") if offer is not None else ""
    number = int(data.split(".")[1], 16) if data else 0
    if offer is None or number != len(person.ads) + 1:
        raise Unexpected(f"ad {number} is offered to one who was paid for {len(person.ads)}")
    paid = await _change_once_or_twice(person, offer, "ad:", "Thank you!", PAID, ALREADY_PAID)
    person.paid = paid or person.paid
    person.ads.add(number)


async def _change_once_or_twice(
    person: Person, message: Message, beginning: str, *words: str
) -> Message | None:
    """Press what must count once; the changed message, if it was shown."""
    times = 2 if person.dice.random() < AGAIN_SHARE else 1
    replies = await asyncio.gather(
        *(person.change(message, beginning, *words) for _ in range(times))
    )
    if not any(reply.text for reply in replies):
        raise Unexpected(f"the button {beginning} has gone before it was pressed")
    return next((reply.message for reply in replies if reply.message is not None), None)


async def _look(person: Person) -> None:
    person.account = (
        await person.say(user_texts.BALANCE, f"Ads watched: {len(person.ads)}\n")
    ).message


async def _read_history(person: Person) -> None:
    words = ("What changed your points", user_texts.NO_HISTORY)
    if person.likes_buttons and person.account is not None:
        await person.press(person.account, "mine", *words)
    else:
        await person.say("/history", *words)


async def _see_orders(person: Person) -> None:
    await person.say("/orders", next(reversed(person.orders), user_texts.NO_ORDERS))


async def _write(person: Person) -> None:
    life = person.around.life
    await person.say(user_texts.CONTACT, "Write your message now")
    text = f"This is from Person{person.id}, with the number {person.dice.getrandbits(48):x}."
    reply = await person.say(text, user_texts.MESSAGE_SENT, user_texts.NOT_UNDERSTOOD)
    if reply.text == user_texts.MESSAGE_SENT:
        person.written.append(text)
    else:
        _note_forgotten(person, life)


async def _buy(person: Person) -> None:
    """Order views, if the points reach."""
    life = person.around.life
    asked = await person.say(user_texts.BUY_VIEWS, "Send me the link", "The smallest order is")
    if "link" not in asked.text:
        return
    video = "".join(person.dice.choices(_LETTERS, k=11))
    question = await person.say(f"https://youtu.be/{video}", video)
    if person.likes_buttons and question.message is not None:
        words = ("Please check your order", POINTS_GONE)
        reply = await person.press(question.message, "views:10", *words)
    else:
        reply = await person.say("10", "Please check your order", user_texts.NOT_UNDERSTOOD)
    if reply.text == user_texts.NOT_UNDERSTOOD:
        _note_forgotten(person, life)
    elif reply.message is None or video not in reply.text:
        raise Unexpected(f"{video} was to be ordered, and the question is {reply.text!r}")
    elif person.dice.random() < GIVE_UP_SHARE:
        await person.change(reply.message, "no_order:", user_texts.ORDER_GIVEN_UP)
    else:
        await _confirm(person, reply.message, video)


async def _confirm(person: Person, message: Message, video: str) -> None:
    _, order_id, quantity, price = data_of(message, "order:").split(":")
    words = (f"Order {order_id} is placed", user_texts.ORDERED_ALREADY)
    await _change_once_or_twice(person, message, "order:", *words)
    person.orders[order_id] = Ordered(video, int(quantity), int(price))


def _note_forgotten(person: Person, life: int) -> None:
    """What somebody was in the midst of is kept in memory: only a kill may take it."""
    if person.around.life == life:
        raise Unexpected("the conversation was forgotten, and nobody had killed the program")
    person.around.tally["conversations forgotten in a kill"] += 1
