"""What personas do in the shop, one habit at a time: join, earn, look, order, write.

A persona asks for one thing in one way only, by text or by button. Otherwise the repeated reply to
one action could pass for the reply to another one that was lost.
"""

from collections.abc import Callable
from typing import TypeAlias

from personas import phrases
from personas.actions import Action, Message, Reply, Unexpected, Visit
from personas.persona import Ordered, Persona

Habit: TypeAlias = Callable[[Persona], Visit]

_VIDEO_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VIDEO_ID_LENGTH = 11


def join(persona: Persona) -> Visit:
    """Start the bot, with the inviter's code if there is one."""
    command = f"/start {persona.inviter_code}".rstrip()
    yield persona.says(command, phrases.WELCOME, writes=True)
    persona.welcomed = True


def read_help(persona: Persona) -> Visit:
    """Ask how it works."""
    yield persona.says("/help", phrases.HELP)


def look_at_account(persona: Persona) -> Visit:
    """Ask for the balance."""
    reply = yield persona.says(phrases.BALANCE, phrases.ads_watched(persona.ads_count))
    persona.account = reply.message


def read_history(persona: Persona) -> Visit:
    """Ask what has changed the points; the button for it is under the account."""
    words = (phrases.HISTORY, phrases.NO_HISTORY)
    if not persona.prefers_buttons:
        yield persona.says("/history", *words)
        return
    yield persona.presses(_shown(persona.account), "mine", *words)


def see_orders(persona: Persona) -> Visit:
    """Ask for the orders; the button for it is under the account."""
    if not persona.is_new:
        words: tuple[str, ...] = (phrases.ORDERS, phrases.NO_ORDERS)
    else:
        newest = next(reversed(persona.orders.values()), None)
        words = (phrases.NO_ORDERS if newest is None else newest.video,)
    if not persona.prefers_buttons:
        yield persona.says("/orders", *words)
        return
    yield persona.presses(_shown(persona.account), "orders", *words)


def see_invitation(persona: Persona) -> Visit:
    """Ask for one's own invitation link, which is the same for ever."""
    reply = yield persona.says(phrases.REFER, phrases.INVITATION)
    found = phrases.INVITATION_CODE.search(reply.text)
    code = found[1] if found else ""
    if not code or persona.code not in {"", code}:
        raise Unexpected(f"the invitation code was {persona.code!r}, and is {code!r} now")
    persona.code = code


def chat(persona: Persona) -> Visit:
    """Write something that the bot can't understand."""
    yield persona.says(f"Hello {persona.dice.randrange(1000)}!", phrases.NOT_UNDERSTOOD)


def watch_ads(persona: Persona, count: int) -> Visit:
    """Watch this many ads, one after the other."""
    for _ in range(count):
        if persona.prefers_buttons and persona.paid is not None:
            offer = yield persona.presses(persona.paid, "next_ad", phrases.AD_OFFERED)
        else:
            offer = yield persona.says(phrases.WATCH_ADS, phrases.AD_OFFERED)
        yield from _watch_ad(persona, _shown(offer.message))


def _watch_ad(persona: Persona, offer: Message) -> Visit:
    watched = persona.changes(
        offer,
        "ad:",
        phrases.AD_PAID,
        toasts=(phrases.points(persona.temper.ad_reward_points),),
        repeated=(phrases.AD_PAID_ALREADY,),
    )
    number = int(watched.data.split(".")[1], 16)
    if persona.is_new and number != len(persona.ads) + 1:
        raise Unexpected(f"ad {number} is offered after {len(persona.ads)} paid ones")
    reply = yield _perhaps_twice(persona, watched)
    _must_have_been_there(reply, watched)
    persona.paid = reply.message or persona.paid
    persona.ads.add(number)


def order_views(persona: Persona) -> Visit:
    """Order ten views, if there are points enough."""
    restarts = persona.restarts()
    asked = yield persona.says(phrases.BUY_VIEWS, phrases.ASKS_FOR_LINK, phrases.TOO_POOR_TO_BUY)
    if phrases.ASKS_FOR_LINK not in asked.text:
        return
    video = "".join(persona.dice.choices(_VIDEO_ID, k=_VIDEO_ID_LENGTH))
    question = yield persona.says(f"https://youtu.be/{video}", video)
    if persona.prefers_buttons:
        # Handled again after the order was placed, the number may be more than the points buy.
        reply = yield persona.changes(
            _shown(question.message),
            "views:10",
            phrases.CHECK_ORDER,
            repeated=(phrases.POINTS_GONE, phrases.TOO_POOR_TO_BUY),
            writes=False,
        )
    else:
        reply = yield persona.says("10", phrases.CHECK_ORDER, repeated=(phrases.NOT_UNDERSTOOD,))
    if reply.text == phrases.NOT_UNDERSTOOD:
        persona.note_forgotten(restarts)
    elif reply.message is None or video not in reply.text:
        raise Unexpected(f"{video} was to be ordered, and the question is {reply.text!r}")
    elif persona.dice.random() < persona.temper.give_up_share:
        yield persona.changes(reply.message, "no_order:", phrases.ORDER_GIVEN_UP)
    else:
        yield from _confirm(persona, reply.message, video)


def _confirm(persona: Persona, question: Message, video: str) -> Visit:
    _, order_id, quantity, price = question.button("order:").split(":")
    confirmed = persona.changes(
        question,
        "order:",
        phrases.order_placed(order_id),
        repeated=(phrases.ORDER_PLACED_ALREADY,),
    )
    reply = yield _perhaps_twice(persona, confirmed)
    _must_have_been_there(reply, confirmed)
    persona.orders[order_id] = Ordered(video, int(quantity), int(price))


def write_to_admin(persona: Persona) -> Visit:
    """Write a message that is unlike any other."""
    restarts = persona.restarts()
    words = (phrases.ASKS_FOR_MESSAGE, phrases.WRITTEN_ENOUGH)
    asked = yield persona.says(phrases.CONTACT, *words)
    if phrases.ASKS_FOR_MESSAGE not in asked.text:
        return
    text = phrases.letter(persona.user_id, persona.dice.getrandbits(48))
    reply = yield persona.says(text, phrases.MESSAGE_SENT, repeated=(phrases.NOT_UNDERSTOOD,))
    if reply.text == phrases.MESSAGE_SENT:
        persona.written.append(text)
        # Else what they say later would go to the admin as well.
        yield persona.says("/cancel", *phrases.CANCELLED)
    else:
        persona.note_forgotten(restarts)


def _perhaps_twice(persona: Persona, action: Action) -> Action:
    """The same action, now and then sent twice at once: it must count once."""
    twice = persona.dice.random() < persona.temper.double_tap_share
    return action._replace(times=2 if twice else 1)


def _must_have_been_there(reply: Reply, action: Action) -> None:
    if not reply.text:
        raise Unexpected(f"the button {action.data} was gone before it was pressed")


def _shown(message: Message | None) -> Message:
    if message is None:
        raise Unexpected("a message was to come, and only a short answer came")
    return message
