"""What a persona expects of the bot, and what it reports as a contradiction."""

import random
from typing import NamedTuple

import pytest

from ledger import events as e
from ledger.projections import apply
from ledger.rules.decide import decide
from ledger.state import State
from personas import habits, phrases
from personas.actions import Action, Reply, Unexpected
from personas.ledger_commands import FIRST_ID, LedgerUser, opening_commands
from personas.persona import Persona, Temper
from personas.visits import casual_visit, thorough_visit

NOON_MS = 1_767_268_800_000


class Shown(NamedTuple):
    message_id: int
    text: str
    buttons: tuple[str, ...] = ()

    def button(self, prefix):
        return next((data for data in self.buttons if data.startswith(prefix)), "")


class Bot:
    """Answers actions as the real one would, as far as personas look."""

    def __init__(self):
        self.seen = []
        self.ads = 0
        self.orders = []
        self.video = self.ordered = ""

    def answer(self, action):
        self.seen.append(action)
        text, buttons = self._answer(action)
        assert action.fits(text), (action, text)
        return Reply(text, Shown(len(self.seen), text, buttons))

    def _answer(self, action):
        if action.data.startswith("ad:"):
            self.ads += 1
            return phrases.AD_PAID, ("next_ad",)
        if action.data.startswith("order:"):
            self.orders.append(action.data.split(":")[1])
            self.ordered = self.video
            return phrases.order_placed(self.orders[-1]), ()
        if action.data.startswith("no_order:"):
            return phrases.ORDER_GIVEN_UP, ()
        if action.text.startswith("https://"):
            self.video = action.text.rpartition("/")[2]
            return f"{self.video}: How many?", ("views:10",)
        if action.text == "10" or action.data == "views:10":
            order = f"order:{len(self.seen):012x}:10:100"
            return f"{phrases.CHECK_ORDER}: {self.video}", (order, "no_order:")
        if action.text.startswith("This is from"):
            return phrases.MESSAGE_SENT, ()
        if action.text.startswith("Hello"):
            return phrases.NOT_UNDERSTOOD, ()
        offer = phrases.AD_OFFERED, (f"ad:1.{self.ads + 1:x}",)
        history = phrases.HISTORY, ()
        orders = f"{phrases.ORDERS}: {self.ordered}" if self.orders else phrases.NO_ORDERS, ()
        fixed = {
            phrases.WATCH_ADS: offer,
            "next_ad": offer,
            phrases.BALANCE: (f"Ads watched: {self.ads}\n", ("mine", "orders")),
            "/history": history,
            "mine": history,
            "/orders": orders,
            "orders": orders,
            phrases.REFER: (f"{phrases.INVITATION} https://t.me/x?start=0123abcd", ()),
            phrases.BUY_VIEWS: (phrases.ASKS_FOR_LINK, ()),
            phrases.CONTACT: (phrases.ASKS_FOR_MESSAGE, ()),
            "/help": (phrases.HELP, ()),
            "/cancel": (phrases.CANCELLED[0], ()),
        }
        if action.text.startswith("/start"):
            return f"{phrases.WELCOME}, Anna", ()
        return fixed[action.text or action.data]


def persona(seed=1, temper=None, **more):
    return Persona(7, temper or Temper(60, 0.3, 0.3), random.Random(seed), **more)


def carry_out(visit, answer):
    """The actions of a visit, each answered."""
    try:
        action = next(visit)
        while True:
            yield action
            action = visit.send(answer(action))
    except StopIteration:
        pass


@pytest.mark.parametrize("seed", range(20))
def test_a_thorough_visit_tries_everything_and_remembers_what_it_was_told(seed):
    bot, somebody = Bot(), persona(seed)
    actions = list(carry_out(thorough_visit(somebody), bot.answer))
    assert somebody.welcomed
    assert somebody.ads == set(range(1, bot.ads + 1)) != set()
    assert list(somebody.orders) == bot.orders
    assert somebody.written
    assert somebody.code == "0123abcd"
    asked = {action.text or action.data.partition(":")[0] for action in actions}
    assert {phrases.BALANCE, phrases.REFER, "/help"} <= asked
    assert len(asked & {"/history", "mine"}) == len(asked & {"/orders", "orders"}) == 1


def test_the_same_seed_makes_the_same_visit():
    first, second = (
        [
            (action.text, action.data)
            for action in carry_out(thorough_visit(persona(3)), Bot().answer)
        ]
        for _ in range(2)
    )
    assert first == second


def test_about_a_third_of_casual_actions_make_the_ledger_write():
    seen = []
    for seed in range(400):
        somebody = persona(seed, Temper(60), is_new=seed % 12 == 0)
        seen += carry_out(casual_visit(somebody), Bot().answer)
    assert 0.25 < sum(action.writes for action in seen) / len(seen) < 0.45
    assert 0.35 < sum(action.under is not None for action in seen) / len(seen) < 0.55
    assert all(action.times == 1 for action in seen)


def contradicted(visit, **answers):
    """Carry out a visit, with other answers to some actions."""
    bot = Bot()

    def answer(action):
        return answers.get(action.text or action.data.partition(":")[0]) or bot.answer(action)

    with pytest.raises(Unexpected) as caught:
        list(carry_out(visit, answer))
    return str(caught.value)


def test_an_ad_out_of_order_is_a_contradiction():
    somebody = persona()
    somebody.ads = {1, 2}
    assert "ad 1 is offered after 2" in contradicted(habits.watch_ads(somebody, 1))


def test_another_invitation_code_is_a_contradiction():
    somebody = persona()
    somebody.code = "ffffffff"
    assert "is '0123abcd' now" in contradicted(habits.see_invitation(somebody))


def test_a_button_that_is_gone_before_it_is_pressed_is_a_contradiction():
    words = contradicted(habits.watch_ads(persona(), 1), ad=Reply(""))
    assert "gone before it was pressed" in words


def test_a_question_about_another_video_is_a_contradiction():
    somebody = persona()
    somebody.prefers_buttons = False
    other = Reply(phrases.CHECK_ORDER, Shown(1, phrases.CHECK_ORDER))
    assert "was to be ordered" in contradicted(habits.order_views(somebody), **{"10": other})


@pytest.mark.parametrize("restarted", [False, True])
def test_only_a_restart_may_make_the_bot_forget_a_conversation(restarted):
    restarts = iter([1, 2] if restarted else [1, 1])
    somebody = persona(restarts=lambda: next(restarts))
    bot = Bot()

    def answer(action):
        if action.text.startswith("This is from"):
            return Reply(phrases.NOT_UNDERSTOOD)
        return bot.answer(action)

    visit = carry_out(habits.write_to_admin(somebody), answer)
    if restarted:
        assert len(list(visit)) == 2
        assert (somebody.forgotten, somebody.written) == (1, [])
    else:
        with pytest.raises(Unexpected, match="without a restart"):
            list(visit)


def test_what_fits_only_a_repeated_action_is_no_reply_to_the_first():
    action = Action("10", ("Please check",), toasts=("+1",), repeated=("not understood",))
    assert action.fits("Please check your order")
    assert not action.fits("not understood")
    assert action.fits_repeated("not understood")
    assert action.fits_toast("+1 point")
    assert not action.fits_toast("")
    assert Action("", ("words",)).fits_toast("")
    assert not Action("", ("words",)).fits_toast("anything")


def test_ledger_users_cause_a_bit_of_everything():
    state, seen, now_ms = State(), set(), NOON_MS
    users = [LedgerUser(FIRST_ID + number, "1", 6) for number in range(6)]
    dice = random.Random(1)
    commands = opening_commands()
    for _ in range(1_000):
        command = commands.pop(0) if commands else dice.choice(users).next_command(state)
        now_ms += 1000
        decision = decide(state, command, now_ms)
        for event in decision if isinstance(decision, tuple) else ():
            apply(state, event)
            seen.add(type(event))
    common = {e.UserJoined, e.AdRewarded, e.ReferralBonusPaid, e.ReferralWelcomePaid}
    orders = {e.OrderPlaced, e.OrderSending, e.OrderAccepted, e.OrderRejected, e.OrderUnclear}
    by_admin = {e.BalanceAdjusted, e.UserBanned, e.UserUnbanned, e.SettingChanged}
    ends = {e.OrderCompleted, e.OrderPartial, e.OrderCorrected}
    asked = {e.OrderRequestMade, e.OrderRequestAnswered, e.OfferChanged}
    assert seen >= {*common, *orders, *by_admin, e.OrderNotSent, e.OrderInProgress}
    assert seen >= ends | asked
