"""Texts for admins: translated, escaped, and within Telegram's limits."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace
from support.given import NOON_MS
from support.pseudo import pseudo_translator

from bot.handlers.admin.broadcast import DATA_CHARS_MAX
from bot.handlers.admin.desk.add_service import CATEGORIES_A_PAGE, SERVICES_A_PAGE
from bot.handlers.admin.desk.order_acts import ACTS, Act
from bot.handlers.admin.desk.services import OFFERS_A_PAGE
from bot.handlers.admin.people import PEOPLE_A_PAGE
from bot.text import channel_texts
from bot.text.admin import (
    admin_keyboards,
    admin_texts,
    answer_texts,
    broadcast_texts,
    fraud_keyboards,
    fraud_texts,
    history_texts,
    set_aside_texts,
    settings_texts,
    stats_texts,
)
from bot.text.admin.desk import (
    catalogue_texts,
    evidence_texts,
    order_keyboards,
    order_texts,
    provider_keyboards,
    provider_texts,
    services_keyboards,
    services_texts,
    settling_texts,
)
from bot.text.admin.desk.order_texts import OrderFacts, Pile
from bot.text.admin.desk.provider_texts import Account, Business
from bot.text.admin.desk.services_keyboards import Category, Found
from bot.text.admin.desk.services_texts import ASKED, Money, Reading
from bot.text.admin.digest_texts import digest, take_figures
from bot.text.event_texts import actor, describe
from i18n import Html, Translator, Translators
from ledger import events as e
from ledger.clocks.timestamps import to_text
from ledger.economy import Economy, Offer
from ledger.event_types.catalogue import Mismatch
from ledger.fraud import signs as s
from ledger.history import Cursor, HistoryLine
from ledger.order_status import OrderStatus
from ledger.reason_codes import MismatchCode, OrderRequest, PauseReason, ReasonCode
from ledger.state import Broadcast, Digest, Order, OrderDay, State, User
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.recovery import recover
from orders.alerts import Alert, AlertCode
from orders.providers.base import Balance, CallFailed, Service

MESSAGE_UNITS_MAX = 4096
TOAST_UNITS_MAX = 200
COMMAND_UNITS_MAX = 256
LABEL_UNITS_MAX = 24
"""More is cut off on a narrow phone with two buttons in a row."""
BUTTON_DATA_BYTES_MAX = 64
LINES_A_PAGE = 10

GOLDEN = Path(__file__).parents[1] / "golden"
EN = Translator(strict=True)
READERS = {t.language.tag: t for t in Translators(strict=True)} | {"pseudo": pseudo_translator()}

HUGE = 2**53 - 1
NOON = to_text(NOON_MS)
# No letter of these has an accent in the pseudo language, and each emoji is two units.
NAME = "<&\N{GRINNING FACE}" + "X" * 61
REASON = "\N{GRINNING FACE}" * 300
LINK = "https://" + "x" * 2000
HASH = "0" * 64

PERSON = User(
    user_id=HUGE,
    username="X" * 32,
    first_name=NAME,
    last_name=NAME,
    balance=-HUGE,
    ads_watched=HUGE,
    ads_today=HUGE,
    referrals_count=HUGE,
    referred_by=7,
    join_date=NOON,
    banned=True,
    unreachable=True,
)
DIGEST = Digest(day="2025-12-31", head_seq=1, head_hash=HASH, people=1, ads=1, orders=1)
ORDER = Order(
    order_id="f" * 12,
    user_id=HUGE,
    video_link=LINK,
    video_key="",
    quantity=HUGE,
    total_cost=HUGE,
    status=OrderStatus.UNCLEAR,
    note=REASON * 3,
    created_at=NOON,
    updated_at=NOON,
)
EVIDENCE = e.OrderEvidenceFound(
    user_id=HUGE,
    order_id="f" * 12,
    cost_micro=HUGE,
    balance_before_micro=HUGE,
    balance_after_micro=-HUGE,
    others_micro=HUGE,
    currency="<" * 64,
    refused_as_running=True,
)
OFFER = Offer(service_id="1", name=REASON, points_per_1000=HUGE, quantity_min=1, quantity_max=HUGE)


FOR_MANY_REASONS = [
    replace(ORDER, reason_code=code, http_status=status)
    for code in ReasonCode
    for status in (500, 599)
]
PAUSED = replace(OFFER, paused_because=PauseReason.LIMITS_CHANGED, rate_micro=HUGE)
SERVICE = Service("9" * 32, REASON, "Default", REASON, HUGE, HUGE, HUGE)
MONEY = Money(Economy(point_value_micro=1), "<" * 64)
NO_MONEY = Money(Economy(point_value_micro=0), "")
FAILED = CallFailed(ReasonCode.PROVIDER_FAULT, http_status=599)
READING, NEVER_READ = Reading(HUGE, HUGE, NOON_MS, FAILED), Reading(0, 0, 0, None)
ACCOUNT = Account(Balance(-HUGE, "<" * 64), NOON_MS, FAILED, 0.5)
DAYS = {
    f"2026-01-{day:02}": OrderDay(spent_points=HUGE, charged_micro=HUGE) for day in range(1, 32)
}
RECONCILED = e.OrdersReconciled(
    day="2026-01-01",
    orders=HUGE,
    charged_micro=HUGE,
    currency="<" * 64,
    mismatches=tuple(
        Mismatch(code, "f" * 12, HUGE, -HUGE) for _ in range(12) for code in MismatchCode
    ),
    mismatches_count=HUGE,
)
BUSINESS = Business(DAYS, dict.fromkeys(OrderRequest, HUGE), RECONCILED)


def offer_event(reason: PauseReason | None) -> e.OfferChanged:
    return e.OfferChanged(
        service_id="1",
        name=REASON,
        points_per_1000=1,
        quantity_min=1,
        quantity_max=1,
        paused_because=reason,
    )


def facts(
    which: Pile | None,
    evidence: e.OrderEvidenceFound | None = None,
    status: OrderStatus = OrderStatus.UNCLEAR,
) -> OrderFacts:
    order = replace(
        ORDER,
        status=status,
        provider_order_id="X" * 4000,
        remains=HUGE,
        evidence_follows=evidence is None,
    )
    return OrderFacts(order, PERSON, which, OFFER, evidence, REASON * 9)


def question(t: Translator, act: Act, which: Pile) -> Html:
    """As `bot/handlers/admin/desk/settle_orders.py` puts it together."""
    shown = facts(which, EVIDENCE)
    return Html("\n\n").join([act.question(t, shown, "9" * 9), order_texts.card(t, shown)])


SIGNS: list[s.Sign] = [
    s.AdsTogether((HUGE, 7) * 50, HUGE, HUGE),
    s.SteadyPace((HUGE,), HUGE, 10**9, 86_400),
    s.FriendsStop((HUGE, 7) * 50, HUGE, HUGE),
    s.FriendsTogether((HUGE, 7) * 50, HUGE, 300),
    s.UnpaidSessions((HUGE,), HUGE, HUGE, 100),
]
ADJUSTED = e.BalanceAdjusted(
    seq=HUGE, at=NOON, by=f"admin:{HUGE}", user_id=HUGE, amount_points=-HUGE, reason=REASON, key=""
)
IMPORTED = e.OrderImported(
    seq=HUGE,
    at=NOON,
    by="system",
    user_id=HUGE,
    order_id="X" * 64,
    video_link=LINK,
    quantity=HUGE,
    price_points=HUGE,
    old_status=REASON,
)


def state() -> State:
    state = State()
    state.users[HUGE], state.users[7] = PERSON, User(user_id=7, first_name=NAME)
    state.orders_by_status.update(dict.fromkeys(OrderStatus, HUGE))
    state.accounts.update(dict.fromkeys(stats_texts.SOURCES, -HUGE))
    state.accounts["xxx"] = HUGE
    state.books.at, state.books.digest = NOON, DIGEST
    return state


def broadcast(**fields: int) -> Broadcast:
    counts = {"audience": HUGE, "sent": 5, "unreachable": HUGE - 10, "failed": 2} | fields
    return Broadcast(chat_id=7, message_id=1, by="admin:7", started_at=NOON, **counts)


def history_page(t: Translator, event: e.AnyEvent) -> Html:
    """As `bot/handlers/admin/history.py` puts it together."""
    line = history_texts.history_line(t, HistoryLine(event, -HUGE, -HUGE))
    title = history_texts.title_at(t, PERSON, NOON, -HUGE)
    return Html("\n\n").join([title, *[line] * LINES_A_PAGE])


MESSAGES: dict[str, Callable[[Translator], Html]] = {
    "panel": lambda t: t(admin_texts.PANEL),
    "search": lambda t: t(admin_texts.ASK_FOR_SEARCH),
    "nobody": lambda t: t(admin_texts.NOBODY_YET),
    "adjust": lambda t: t(admin_texts.USE_ADJUST),
    "ban": lambda t: t(admin_texts.USE_BAN),
    "unban": lambda t: t(admin_texts.USE_UNBAN),
    "freeze": lambda t: t(fraud_texts.USE_FREEZE),
    "unfreeze": lambda t: t(fraud_texts.USE_UNFREEZE),
    "frozen": lambda t: fraud_texts.frozen_now(t, PERSON, lifted=False),
    "not frozen": lambda t: fraud_texts.frozen_now(t, PERSON, lifted=True),
    "sure of a freeze": lambda t: fraud_texts.sure_of_freeze(t, state(), PERSON, "ring"),
    "nothing to take back": lambda t: fraud_texts.ask_to_take_back(
        t, PERSON, fraud_texts.Earned(0, 0, 0)
    ),
    "take back": lambda t: fraud_texts.ask_to_take_back(
        t, PERSON, fraud_texts.Earned(HUGE, 0, HUGE - 1)
    ),
    "take back below zero": lambda t: fraud_texts.ask_to_take_back(
        t, PERSON, fraud_texts.Earned(HUGE, HUGE, 0)
    ),
    "no signs": lambda t: fraud_texts.signs(t, []),
    "signs": lambda t: fraud_texts.signs(t, SIGNS),
    **{f"sign {one.code}": lambda t, one=one: fraud_texts.sign(t, state(), one) for one in SIGNS},
    "channel": lambda t: channel_texts.channel_required(t, "@" + "X" * 32, can_check=True),
    "channel unchecked": lambda t: channel_texts.channel_required(
        t, "@" + "X" * 32, can_check=False
    ),
    "cannot check": lambda t: channel_texts.cannot_check(t, "@" + "X" * 32, "<X>" * 500),
    "no channel": lambda t: t(channel_texts.NOT_A_CHANNEL),
    "channel off": lambda t: t(channel_texts.REQUIRED_NOBODY),
    "no match": lambda t: admin_texts.no_single_match(t, []),
    "two matches": lambda t: admin_texts.no_single_match(t, [HUGE] * 2),
    "many matches": lambda t: admin_texts.no_single_match(t, [HUGE] * 1000),
    "people": lambda t: admin_texts.users_page(t, state(), HUGE, HUGE),
    "card": lambda t: admin_texts.user_card(t, state(), PERSON),
    "adjusted": lambda t: admin_texts.adjusted(t, PERSON, -HUGE),
    "banned": lambda t: admin_texts.banned(t, PERSON),
    "not banned": lambda t: admin_texts.banned(t, state().users[7]),
    "from a user": lambda t: answer_texts.from_user(t, User(user_id=7, first_name=NAME)),
    "answer": lambda t: answer_texts.ask_for_answer(t, PERSON),
    "delivered": lambda t: answer_texts.delivered(t, PERSON),
    "blocked": lambda t: answer_texts.not_delivered(t, PERSON, "blocked", ""),
    "deactivated": lambda t: answer_texts.not_delivered(t, PERSON, "deactivated", ""),
    "not delivered": lambda t: answer_texts.not_delivered(t, PERSON, "", "<" * 5000),
    "from a banned user": lambda t: answer_texts.from_user(t, PERSON),
    "refused copy": lambda t: answer_texts.cannot_pass_on(t, PERSON, "story"),
    "refused answer": lambda t: answer_texts.not_copied(t, PERSON, "xxx", "<" * 5000),
    "a part": lambda t: answer_texts.delivered_in_part(t, PERSON),
    "whose album": lambda t: t(answer_texts.WHOSE_ALBUM),
    "late part": lambda t: t(answer_texts.PART_LEFT_OUT),
    "unknown command": lambda t: admin_texts.unknown_command(t, "/" + "X" * 4000, is_begun=True),
    "sure of a ban": lambda t: admin_texts.sure_of_ban(t, state(), PERSON),
    "no ban of admins": lambda t: admin_texts.no_ban_of_admins(t, PERSON),
    "found": lambda t: admin_texts.found_users(t, 7, 10),
    "found many": lambda t: admin_texts.found_users(t, 11, 10),
    "failure": lambda t: admin_texts.failure(t, "<Xrr>"),
    "refund": lambda t: t(order_texts.USE_REFUND),
    **{
        f"card {which}": lambda t, which=which: order_texts.card(t, facts(which))
        for which in (None, *Pile)
    },
    "card with evidence": lambda t: order_texts.card(t, facts(Pile.UNCLEAR, EVIDENCE)),
    "no evidence": lambda t: evidence_texts.evidence(
        t, e.OrderEvidenceFound(user_id=1, order_id="f")
    ),
    **{
        f"question {name}": lambda t, act=act: question(t, act, Pile.UNCLEAR)
        for name, act in ACTS.items()
    },
    "question without a number": lambda t: settling_texts.arrived(t, facts(Pile.UNCLEAR), ""),
    "question of a waiting order": lambda t: settling_texts.refund(
        t, facts(Pile.WAITING, status=OrderStatus.PLACED)
    ),
    "question of an ended order": lambda t: settling_texts.delivered(
        t, facts(Pile.REVIEW, status=OrderStatus.COMPLETED)
    ),
    "number": lambda t: t(settling_texts.ASK_FOR_NUMBER),
    "no provider number": lambda t: t(settling_texts.NO_PROVIDER_NUMBER),
    "number taken": lambda t: settling_texts.number_taken(t, "9" * 4000, "f" * 12),
    "remains": lambda t: settling_texts.ask_for_remains(t, facts(Pile.STUCK)),
    "not remains": lambda t: settling_texts.not_remains(t, facts(Pile.STUCK)),
    "when": lambda t: t(settling_texts.ASK_WHEN),
    "put off": lambda t: settling_texts.put_off(t, "f" * 12, 24),
    "empty desk": lambda t: order_texts.desk(t, {Pile.REFUSED: HUGE}),
    "desk": lambda t: order_texts.desk(t, dict.fromkeys(Pile, HUGE)),
    **{
        f"pile {which}": lambda t, which=which: order_texts.pile(
            t, which, FOR_MANY_REASONS, HUGE, HUGE
        )
        for which in Pile
    },
    "empty pile": lambda t: order_texts.pile(t, Pile.STUCK, [], 0, 1),
    **{
        f"settled {status}": lambda t, status=status: order_texts.order_settled(
            t, replace(ORDER, status=status)
        )
        for status in OrderStatus
    },
    "settled, followed": lambda t: order_texts.order_settled(
        t, replace(ORDER, status=OrderStatus.ACCEPTED, followed=True)
    ),
    "many orders": lambda t: order_texts.many_wait(t, HUGE),
    "corrected": lambda t: order_texts.corrected(
        t,
        e.OrderCorrected(
            user_id=1, order_id="f" * 12, status=OrderStatus.PARTIAL, excess_points=HUGE
        ),
    ),
    "no services": lambda t: services_texts.services(t, [], NO_MONEY, NEVER_READ, (0, 1)),
    "services": lambda t: services_texts.services(
        t, [PAUSED] * OFFERS_A_PAGE, MONEY, READING, (HUGE, HUGE)
    ),
    "services without a value": lambda t: services_texts.services(
        t, [OFFER] * OFFERS_A_PAGE, NO_MONEY, READING, (0, 1)
    ),
    "offer": lambda t: services_texts.offer_card(t, PAUSED, SERVICE, MONEY),
    "offer that is off": lambda t: services_texts.offer_card(
        t, replace(OFFER, is_on=False), None, NO_MONEY
    ),
    "service": lambda t: catalogue_texts.service_card(t, SERVICE, HUGE, MONEY),
    "service of another type": lambda t: catalogue_texts.service_card(
        t, replace(SERVICE, kind=REASON), HUGE, MONEY
    ),
    "categories": lambda t: catalogue_texts.categories(t, 1, READING),
    "no categories": lambda t: catalogue_texts.categories(t, 0, NEVER_READ),
    "found services": lambda t: catalogue_texts.found(
        t, REASON, [replace(SERVICE, kind=REASON)] * SERVICES_A_PAGE, HUGE, (HUGE, HUGE)
    ),
    "no such service": lambda t: catalogue_texts.found(t, REASON, [], 0, (0, 1)),
    "price": lambda t: services_texts.not_a_price(t, HUGE, HUGE),
    "quantity": lambda t: services_texts.not_a_quantity(t, HUGE, HUGE),
    "name": lambda t: services_texts.not_a_name(t, 200),
    "reading": lambda t: t(services_texts.READING),
    "words": lambda t: t(catalogue_texts.ASK_FOR_WORDS),
    "no catalogue": lambda t: t(services_texts.NO_CATALOGUE),
    **{f"asked {name}": lambda t, words=words: t(words) for name, words in ASKED.items()},
    **{
        f"pause {reason}": lambda t, reason=reason: services_texts.pause_changed(
            t, offer_event(reason)
        )
        for reason in (None, *PauseReason)
    },
    "provider": lambda t: provider_texts.provider(t, ACCOUNT, BUSINESS, MONEY),
    "provider, unread": lambda t: provider_texts.provider(
        t, Account(None, 0, None, None), Business({}, {}, None), NO_MONEY
    ),
    "provider, agreeing": lambda t: provider_texts.provider(
        t,
        ACCOUNT._replace(days_left=None),
        BUSINESS._replace(compared=replace(RECONCILED, mismatches_count=0)),
        NO_MONEY,
    ),
    "no account": lambda t: t(provider_texts.NO_ACCOUNT),
    "differences": lambda t: provider_texts.differences(t, RECONCILED, 0, HUGE, MONEY),
    "differences found": lambda t: provider_texts.differences_found(t, RECONCILED),
    "settings": lambda t: settings_texts.settings(t, Economy(ad_reward_points=HUGE)),
    "set": lambda t: t(settings_texts.USE_SET),
    "setting": lambda t: settings_texts.setting_changed(t, "ad_cooldown_s", HUGE),
    "no number": lambda t: settings_texts.not_a_number(t, "X" * 4000, "<" * 4000),
    "broadcast": lambda t: t(broadcast_texts.ASK_FOR_BROADCAST),
    "confirm": lambda t: broadcast_texts.confirm_broadcast(t, HUGE),
    "not for everybody": lambda t: broadcast_texts.cannot_send_to_all(t, "story"),
    "given up": lambda t: t(broadcast_texts.BROADCAST_GIVEN_UP),
    "sending": lambda t: broadcast_texts.broadcast_progress(t, broadcast()),
    "sent": lambda t: broadcast_texts.broadcast_progress(t, broadcast(finished=True)),
    "statistics": lambda t: stats_texts.statistics(t, state()),
    "no statistics": lambda t: stats_texts.statistics(t, empty_state()),
    "digest": lambda t: digest(t, "2026-01-01", take_figures(state(), HUGE), HASH),
    "history": lambda t: history_texts.title(t, PERSON),
    "history at a line": lambda t: history_texts.title_at(t, PERSON, HUGE, HUGE),
    "nothing by a line": lambda t: history_texts.nothing_until(t, PERSON, HUGE),
    "nothing by then": lambda t: history_texts.nothing_until(t, PERSON, NOON),
    "no history": lambda t: t(history_texts.NO_HISTORY),
    "how to ask": lambda t: t(history_texts.USE_HISTORY),
    "no time": lambda t: t(history_texts.NO_TIME),
    "set aside": lambda t: set_aside_texts.set_aside(
        t, PERSON, "message", "<" * 5000, sent_at=NOON, at=NOON, deaths=3
    ),
    "set aside, of a stranger": lambda t: set_aside_texts.set_aside(
        t, None, "callback_query", "", sent_at="", at=NOON, deaths=1
    ),
    "tried again": set_aside_texts.tried_again,
    "long reasons": lambda t: history_page(t, ADJUSTED),
    "long links": lambda t: history_page(t, IMPORTED),
}
TOASTS = (
    services_texts.UNKNOWN_SERVICE,
    services_texts.NOT_CHANGED,
    settling_texts.NOT_SETTLED_SO,
    admin_texts.NOT_FOUND,
    broadcast_texts.BROADCAST_STARTS,
    set_aside_texts.TRIED_BEFORE,
    broadcast_texts.BROADCAST_ON_ITS_WAY,
)
KEYBOARDS = (
    lambda t: admin_keyboards.panel(t, HUGE, has_services=True, has_account=True),
    lambda t: admin_keyboards.panel(t, 0),
    admin_keyboards.to_panel,
    admin_keyboards.statistics,
    lambda t: admin_keyboards.users_page(t, [PERSON] * PEOPLE_A_PAGE, HUGE, has_older=True),
    lambda t: admin_keyboards.user_card(t, PERSON),
    lambda t: admin_keyboards.user_card(t, User(user_id=1)),
    lambda t: admin_keyboards.user_card(t, PERSON, is_admin=True, is_frozen=True),
    lambda t: fraud_keyboards.signs(t, state(), SIGNS),
    *[lambda t, one=one: fraud_keyboards.sign(t, state(), one) for one in SIGNS],
    lambda t: fraud_keyboards.sure_of_freeze(t, HUGE, "together"),
    lambda t: fraud_keyboards.take_back(t, PERSON, HUGE, HUGE),
    lambda t: fraud_keyboards.take_back(t, User(user_id=HUGE, balance=5), HUGE, HUGE),
    lambda t: admin_keyboards.found_users(t, [PERSON] * PEOPLE_A_PAGE),
    lambda t: admin_keyboards.sure_of_ban(t, HUGE),
    lambda t: admin_keyboards.history(
        t, HUGE, Cursor(HUGE, -HUGE), is_newest=False, newer=Cursor(HUGE, -HUGE)
    ),
    lambda t: admin_keyboards.answer_user(t, HUGE),
    lambda t: admin_keyboards.set_aside(t, f"{2**31 - 1}.{NOON}"),
    lambda t: admin_keyboards.confirm_broadcast(t, "9" * DATA_CHARS_MAX),
    lambda t: order_keyboards.desk(t, dict.fromkeys(Pile, HUGE)),
    lambda t: order_keyboards.pile(t, Pile.STUCK, {"f" * 12: "X · X"}, 2, has_more=True),
    *[
        lambda t, which=which: order_keyboards.card(t, "f" * 12, which, HUGE)
        for which in (None, *Pile)
    ],
    *[lambda t, act=act: order_keyboards.sure(t, act, "f" * 12, "9" * 32) for act in ACTS],
    lambda t: order_keyboards.ask_for_number(t, "f" * 12),
    lambda t: order_keyboards.ask_for_remains(t, "f" * 12),
    lambda t: order_keyboards.ask_when(t, "f" * 12),
    order_keyboards.settled,
    lambda t: services_keyboards.services(t, [PAUSED] * OFFERS_A_PAGE, 1, has_more=True),
    services_keyboards.to_services,
    lambda t: services_keyboards.offer(t, replace(OFFER, service_id="9" * 32)),
    lambda t: services_keyboards.offer(t, replace(OFFER, is_on=False)),
    lambda t: services_keyboards.ask(t, "9" * 32, is_offered=False),
    lambda t: services_keyboards.to_offer(t, "9" * 32),
    lambda t: services_keyboards.categories(
        t, [Category("f" * 12, "X", HUGE)] * CATEGORIES_A_PAGE, HUGE, has_more=True
    ),
    lambda t: services_keyboards.found(
        t,
        Found([replace(SERVICE, name="X")], f"category:{'f' * 12}", HUGE, has_more=True),
        NO_MONEY,
    ),
    lambda t: services_keyboards.service(t, SERVICE, 10**9),
    lambda t: provider_keyboards.provider(t, HUGE),
    lambda t: provider_keyboards.differences(t, HUGE, has_more=True),
    provider_keyboards.to_provider,
)


def empty_state() -> State:
    state = State()
    state.books.at = NOON
    return state


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def untranslated(text: str) -> str:
    """Letters of a text in the pseudo language that its dictionary would have changed."""
    from_cldr = re.sub(r"\b\d+ Jan 2026\b|(?<=⟧) and (?=⟦)|/[a-z]+", "", text)
    return "".join(re.findall("[aceinouyACEINOUY]", from_cldr))


@pytest.mark.parametrize("t", READERS.values(), ids=READERS)
@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_well_formed_and_short_enough(name, t):
    html = MESSAGES[name](t)
    assert isinstance(html, Html)
    shown = "".join(ET.fromstring(f"<p>{html}</p>").itertext())
    assert 0 < units(shown) <= MESSAGE_UNITS_MAX
    assert "&amp;lt;" not in html, "escaped twice"


# These have names of our own, or the provider's word for a type, in them.
@pytest.mark.parametrize("name", sorted(MESSAGES.keys() - {"settings", "setting", "service"}))
def test_every_message_is_translated_as_a_whole(name):
    assert untranslated(MESSAGES[name](READERS["pseudo"]).text) == ""


@pytest.mark.parametrize("t", READERS.values(), ids=READERS)
def test_toasts_commands_and_buttons_keep_telegrams_limits(t):
    assert all(0 < units(t(toast).text) <= TOAST_UNITS_MAX for toast in TOASTS)
    for _, description in admin_texts.ADMIN_COMMANDS:
        assert 0 < units(t.message(description).text) <= COMMAND_UNITS_MAX
    for keyboard in KEYBOARDS:
        rows = keyboard(t)["inline_keyboard"]
        assert rows
        for row in rows:
            for button in row:
                assert set(button) == {"text", "callback_data"}
                assert len(button["callback_data"].encode()) <= BUTTON_DATA_BYTES_MAX
                assert len(row) == 1 or units(button["text"]) <= LABEL_UNITS_MAX


def test_every_button_is_translated():
    for keyboard in KEYBOARDS:
        for row in keyboard(READERS["pseudo"])["inline_keyboard"]:
            assert [untranslated(button["text"]) for button in row] == [""] * len(row)


@pytest.mark.parametrize(
    "folder", ["format-1", "format-1-with-reason-codes", "format-1-with-appeals"]
)
def test_every_event_of_a_log_is_described_in_every_language(folder):
    """In English nothing gets lost of what an admin or the provider wrote."""
    events = list(LogReader(FileLog(GOLDEN / folder / "events.jsonl")).events())
    assert len(events) > 30
    for event in events:
        for t in READERS.values():
            assert describe(t, event).text.strip()
            assert actor(t, event.by).text.strip()
        reason = getattr(event, "reason", "")
        if not isinstance(event, e.UserUnreachable):
            assert reason in describe(EN, event).text
    kinds = {type(event) for event in events}
    assert {e.OrderPlaced, e.BalanceAdjusted, e.UserBanned, e.SettingChanged} <= kinds


def test_every_alert_is_a_message_of_its_own():
    alerts = [Alert(code, "f" * 12) for code in (*ReasonCode, *AlertCode)]
    for t in READERS.values():
        words = {admin_texts.alert(t, alert) for alert in alerts}
        assert len(words) == len(alerts)
        assert all(word.startswith("⚠️ ") for word in words)


def test_every_setting_has_a_meaning():
    assert list(settings_texts.MEANINGS) == list(Economy.__struct_fields__)


def test_every_status_and_every_source_of_points_has_a_name():
    assert list(stats_texts.ORDER_COUNTS) == list(OrderStatus)
    accounts = recover(GOLDEN / "format-1-with-freezes").state.accounts
    assert set(accounts) == {*stats_texts.SOURCES, stats_texts.SPENT}


def test_the_settings_show_how_to_change_one():
    said = settings_texts.settings(EN, Economy())
    assert "<code>ad_cooldown_s</code> = <b>30</b>\n   seconds between two ads" in said
    assert said.endswith("To change one: <code>/set ad_reward_points 2</code>")


def test_statistics_count_what_there_is():
    said = stats_texts.statistics(EN, empty_state())
    assert "Orders: <b>0</b>\n\n" in said
    assert "<b>Where the points came from</b>\nThere are none yet." in said
    world = empty_state()
    world.orders_by_status.update({OrderStatus.ACCEPTED: 1, OrderStatus.PLACED: 1_000})
    world.accounts.update({"house:adjustments": 30, "house:ads": -1_200})
    said = stats_texts.statistics(EN, world)
    assert "By status: 1,000 waiting and 1 accepted\n" in said
    assert "\nFor watched ads: +1,200\nChanged by admins: −30\n" in said


def test_points_that_do_not_add_up_are_said_aloud():
    world = empty_state()
    world.accounts["house:ads"] = -5
    expected = "<b>THE POINTS DON'T ADD UP</b>: there is a difference of −5."
    assert expected in stats_texts.statistics(EN, world)
    assert expected in digest(EN, "2026-01-01", take_figures(world, 0), HASH)


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "<b>1 person</b>", "<b>1 пользователю</b>"),
        (2, "<b>2 people</b>", "<b>2 пользователям</b>"),
        (21, "<b>21 people</b>", "<b>21 пользователю</b>"),
    ],
)
def test_people_are_counted_in_the_language_of_the_admin(count, english, russian):
    assert english in broadcast_texts.confirm_broadcast(EN, count)
    assert russian in broadcast_texts.confirm_broadcast(READERS["ru"], count)


def test_a_broadcast_says_what_is_unknown():
    done = broadcast_texts.broadcast_progress(EN, broadcast(audience=HUGE, finished=True))
    assert "\n2 messages failed.\n3 are unknown: " in done
    done = broadcast_texts.broadcast_progress(
        EN, broadcast(audience=7, unreachable=1, failed=1, finished=True)
    )
    assert done == "📣 Done: 5 delivered, 1 not reachable.\n1 message failed."
