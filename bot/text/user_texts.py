"""Owns every text that users read: plain, everyday words, as Telegram's HTML.

Whatever people can choose themselves (names, links, reasons) is escaped here. The texts for
admins stand in `bot.text.admin_texts`, the words for a refusal in `bot.text.refusal_texts`.
"""

from html import escape

from bot.context import name_of
from bot.text import reason_texts
from ledger.economy import Economy, points_to_next_view, price_points, views_for
from ledger.order_status import OrderStatus
from ledger.projections import Order, Referral, State, User
from orders.links.video_links import PLATFORM_NAMES, Video

WATCH_ADS = "🪧 Watch Ads"
REFER = "👥 Refer & Earn"
BUY_VIEWS = "📦 Buy Views"
BALANCE = "💳 Balance"
CONTACT = "📞 Contact Admin"
MENU = ((WATCH_ADS, REFER), (BUY_VIEWS, BALANCE), (CONTACT,))

USER_COMMANDS = (
    ("start", "Show the menu"),
    ("balance", "Your points"),
    ("history", "What changed your points"),
    ("orders", "Your orders"),
    ("help", "How it works"),
    ("cancel", "Stop what you are doing"),
)

STATUS_WORDS = {
    OrderStatus.PLACED: "⏳ waiting to be sent",
    OrderStatus.SENDING: "⏳ being sent",
    OrderStatus.ACCEPTED: "🚀 accepted",
    OrderStatus.REJECTED: "↩️ not possible, points returned",
    OrderStatus.UNCLEAR: "🔎 being checked by a person",
    OrderStatus.IMPORTED: "🗂 from the bot before this one",
}

OPEN_AD = "▶️ Open the ad"
WATCHED = "✅ I watched it"
NEXT_AD = "🪧 Watch another ad"
CONFIRM = "✅ Confirm"
CANCEL = "✖️ Cancel"
SHARE = "📨 Share my link"
MY_HISTORY = "🧾 History"
MY_ORDERS = "📦 Orders"
OLDER = "Older ›"
NEWEST = "‹ Newest"
WRITE_MORE = "✍️ Write again"
ANSWER = "✍️ Answer"

CANCELLED = "OK, stopped. Choose what you would like to do."
NOTHING_TO_CANCEL = "There is nothing to stop. Choose what you would like to do."
TOO_FAST = "That was too much at once. Please wait a moment, then send the last one again."
NOT_UNDERSTOOD = (
    "I don't know what to do with that. Please use the buttons below, or send me the link of a "
    "video to buy views for it."
)
SOMETHING_WRONG = (
    "Sorry, something went wrong on our side. Your points are safe. Please try again in a moment."
)
BUTTON_TOO_OLD = "This button no longer works. Please use the menu below."
NO_ORDERS = f"You have no orders yet. Tap {BUY_VIEWS} to place the first one."
NO_HISTORY = f"Nothing has changed your points yet. Tap {WATCH_ADS} to earn the first ones."
NO_OLDER_HISTORY = "There is nothing older to show here."
HISTORY_TITLE = "🧾 <b>What changed your points</b> (times in UTC)"
AD_TOO_OLD = "This ad is too old to be paid. Please open a new one."
ORDER_GIVEN_UP = "OK, nothing was ordered and nothing was taken from your points."
ORDERED_ALREADY = "This order is placed already. Nothing more was taken."
ASK_FOR_MESSAGE = (
    "📞 Write your message now: text, a photo, a file or a voice message. A human will read it "
    "and answer here.\n\n/cancel to stop."
)
MESSAGE_SENT = "✅ Your message is with the admin. The answer will come here."
MESSAGE_NOT_SENT = "Sorry, your message could not be passed on just now. Please try again later."
ANSWER_FROM_ADMIN = "💬 <b>Answer from the admin:</b>"


_MINUTE_S = 60
_HOUR_S = 3600


def points(amount: int) -> str:
    """`1 point`, `1,234 points`."""
    return f"{amount:,} point{'' if abs(amount) == 1 else 's'}"


def views(amount: int) -> str:
    """`1 view`, `1,234 views`."""
    return f"{amount:,} view{'' if amount == 1 else 's'}"


def linked(link: str) -> str:
    """A link as an explicit one: Telegram's own detection cuts off some last characters."""
    return f'<a href="{escape(link)}">{escape(link)}</a>'


def seconds(amount: int) -> str:
    """`45 seconds`, `2 minutes and 1 second`, `3 hours and 5 minutes` (never less than it is)."""
    if amount < 2 * _MINUTE_S:
        return _count(amount, "second")
    if amount < _HOUR_S:
        large, small = (amount // _MINUTE_S, "minute"), (amount % _MINUTE_S, "second")
    else:
        minutes = -(-amount // _MINUTE_S)
        large, small = (minutes // 60, "hour"), (minutes % 60, "minute")
    return _count(*large) + (f" and {_count(*small)}" if small[0] else "")


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def shortened(text: str, limit_chars: int) -> str:
    """A text cut to this length, with a sign that there is more."""
    return text if len(text) <= limit_chars else f"{text[: limit_chars - 1].rstrip()}…"


def day_and_time(moment: str) -> str:
    """`22 Nov 2026, 16:20` (UTC) from a moment of the log."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{int(moment[8:10])} {months[int(moment[5:7]) - 1]} {moment[:4]}, {moment[11:16]}"


def bar(done: int, total: int) -> str:
    """Ten squares that show how far something is."""
    full = 10 if total <= 0 else min(10, 10 * done // total)
    return "▓" * full + "░" * (10 - full)


def welcome(user: User, economy: Economy, *, joined: bool) -> str:
    """What /start answers."""
    hello = f"👋 Welcome{'' if joined else ' back'}, {escape(name_of(user))}!"
    if not joined:
        return f"{hello}\n\nYou have <b>{points(user.balance)}</b>. What would you like to do?"
    return (
        f"{hello}\n\n"
        "Here you get <b>views for your videos</b>, and you pay with points.\n\n"
        f"{WATCH_ADS}: every ad gives you {points(economy.ad_reward_points)}.\n"
        f"{REFER}: {points(economy.referral_bonus_points)} {_after_ads(economy)}.\n"
        f"{BUY_VIEWS}: {_price(economy)}.\n"
        f"{CONTACT}: a human answers.\n\n"
        "Choose a button to begin 👇"
    )


def help_text(economy: Economy) -> str:
    """What /help answers."""
    friend = _after_ads(economy)
    pause = f", {seconds(economy.ad_cooldown_s)} apart" if economy.ad_cooldown_s else ""
    return (
        "<b>How it works</b>\n\n"
        f"<b>{WATCH_ADS}</b>\nOpen an ad, look at it, come back and tap “I watched it”. You get "
        f"{points(economy.ad_reward_points)}. Up to {economy.ads_per_day_max:,} ads a day"
        f"{pause}.\n\n"
        f"<b>{REFER}</b>\nShare your link. You get {points(economy.referral_bonus_points)} "
        f"{friend}.\n\n"
        f"<b>{BUY_VIEWS}</b>\nSend the link of your video and say how many views. "
        f"{_price(economy).capitalize()}. If an order can't be carried out, your points come "
        "back by themselves.\n\n"
        f"<b>{BALANCE}</b>\nYour points. /history shows what changed them, /orders your orders.\n\n"
        f"<b>{CONTACT}</b>\nWrite to a human.\n\n"
        "/cancel stops what you are doing."
    )


def _price(economy: Economy) -> str:
    ten = price_points(economy, 10)
    if economy.points_per_1000_views % 1000 == 0:
        return f"a view costs {points(economy.points_per_1000_views // 1000)}"
    return f"10 views cost {points(ten)}"


def _after_ads(economy: Economy) -> str:
    count = economy.referral_after_ads
    if count == 0:
        return "for every friend who joins"
    return f"for every friend who joins and watches {count:,} ad{'' if count == 1 else 's'}"


def next_view(user: User, economy: Economy) -> str:
    """How far it is to the next whole view."""
    missing = points_to_next_view(economy, user.balance)
    owned = views_for(economy, user.balance)
    step = price_points(economy, owned + 1) - price_points(economy, owned)
    return f"{bar(step - missing, step)} {points(missing)} to your next view"


def ad_offer(economy: Economy) -> str:
    """The message with an ad's button."""
    stay = f"Stay on it for {seconds(economy.ad_watch_s)}" if economy.ad_watch_s else "Look at it"
    return (
        f"🪧 Open the ad below. {stay}, then come back here and tap “I watched it”.\n\n"
        f"It pays <b>{points(economy.ad_reward_points)}</b>."
    )


def ad_paid(user: User, economy: Economy, amount: int) -> str:
    """What the ad's message becomes when it is paid."""
    return (
        f"✅ Thank you! <b>+{points(amount)}</b>\n\n"
        f"You have <b>{points(user.balance)}</b>.\n{next_view(user, economy)}"
    )


def refer(state: State, user: User, link: str) -> str:
    """Link, friends, earnings."""
    economy = state.economy
    friends = state.referrals.get(user.user_id, [])
    paid = [friend for friend in friends if friend.reward]
    lines = [
        f"👥 You get <b>{points(economy.referral_bonus_points)}</b> {_after_ads(economy)}.",
        f"Your link (tap to copy):\n<code>{escape(link)}</code>",
        (
            f"Friends who joined: <b>{len(friends):,}</b>\n"
            f"Friends you got points for: <b>{len(paid):,}</b>\n"
            f"Earned with friends: <b>{points(sum(friend.reward for friend in paid))}</b>"
        ),
    ]
    if friends:
        shown = [_friend(state, friend) for friend in reversed(friends[-10:])]
        title = "Your friends" if len(friends) <= len(shown) else "Your newest friends"
        lines.append(f"<b>{title}</b>\n" + "\n".join(shown))
    return "\n\n".join(lines)


def _friend(state: State, referral: Referral) -> str:
    friend = state.users[referral.user_id]
    name = escape(name_of(friend))
    if referral.reward:
        return f"✅ {name}: +{points(referral.reward)}"
    if friend.referral_paid:
        return f"✅ {name}"
    return f"⏳ {name}: {friend.ads_watched} of {state.economy.referral_after_ads} ads watched"


def share_text(economy: Economy) -> str:
    """What goes with a shared link."""
    gift = economy.referral_welcome_points
    return "Get views for your videos: watch ads, earn points, spend them on views." + (
        f" You start with {points(gift)} as a gift." if gift else ""
    )


def ask_for_link() -> str:
    """Buying, first question."""
    names = ", ".join(PLATFORM_NAMES[:-1]) + f" or {PLATFORM_NAMES[-1]}"
    return f"📦 Send me the link of your video ({names}).\n\n/cancel to stop."


def too_few_points(user: User, economy: Economy) -> str:
    """Buying, when even the smallest order is too much."""
    price = price_points(economy, economy.order_views_min)
    return (
        f"📦 The smallest order is {views(economy.order_views_min)} for {points(price)}, and you "
        f"have {points(user.balance)}. You need {points(price - user.balance)} more.\n\n"
        f"Earn them with {WATCH_ADS} or {REFER}."
    )


def ask_for_quantity(video: Video, user: User, economy: Economy) -> str:
    """Buying, second question."""
    low, most = economy.order_views_min, most_views(user, economy)
    choice = f"a number from {low:,} to {most:,}" if low < most else f"{low:,}"
    return (
        f"✅ {escape(video.platform)}: {linked(video.link)}\n\n"
        f"<b>How many views?</b> Send {choice}, or tap below.\n\n"
        f"You have {points(user.balance)}; {_price(economy)}."
    )


def most_views(user: User, economy: Economy) -> int:
    """The largest order this person can pay for now."""
    return min(economy.order_views_max, views_for(economy, user.balance))


def not_a_quantity(user: User, economy: Economy) -> str:
    """Buying, when the answer is no number that we can take."""
    most = max(economy.order_views_min, most_views(user, economy))
    return (
        f"Please send just a whole number from {economy.order_views_min:,} to {most:,}, "
        f"for example {economy.order_views_min}."
    )


def confirm_order(video: Video, quantity: int, price: int, balance: int) -> str:
    """Buying, last question. The message itself holds the order until it is confirmed."""
    return (
        "📦 <b>Please check your order</b>\n\n"
        f"Video: {linked(video.link)}\n"
        f"Views: <b>{quantity:,}</b>\n"
        f"Price: <b>{points(price)}</b>\n\n"
        f"You have {points(balance)}; {points(balance - price)} will be left."
    )


def order_placed(order_id: str, quantity: int, video_link: str, user: User) -> str:
    """What the confirmation becomes."""
    return (
        f"✅ Order <code>{escape(order_id)}</code> is placed: {views(quantity)} for "
        f"{escape(video_link)}\n\nYou have {points(user.balance)} left. I will tell you when "
        "the order is accepted."
    )


def balance(state: State, user: User) -> str:
    """The balance, and what it is worth."""
    economy = state.economy
    reserved = sum(
        state.orders[order_id].reserve_points
        for order_id in state.orders_of.get(user.user_id, ())
        if state.orders[order_id].status.is_open
    )
    worth = views(views_for(economy, user.balance))
    lines = [
        f"💳 You have <b>{points(user.balance)}</b>, enough for <b>{worth}</b>.",
        next_view(user, economy),
        f"Ads watched: {user.ads_watched:,}\nFriends who joined: {user.referrals_count:,}",
    ]
    if reserved:
        lines.insert(1, f"In orders that are still open: {points(reserved)}.")
    return "\n\n".join(lines)


def orders(state: State, user: User, shown: int = 10) -> str:
    """A person's newest orders."""
    ids = state.orders_of.get(user.user_id, [])
    if not ids:
        return NO_ORDERS
    newest = [_order(state.orders[order_id]) for order_id in reversed(ids[-shown:])]
    more = f"\n\nThese are the newest {shown} of {len(ids):,}." if len(ids) > shown else ""
    return "📦 <b>Your orders</b>\n\n" + "\n\n".join(newest) + more


def _order(order: Order) -> str:
    reason = reason_texts.of_order(order) if order.status is OrderStatus.REJECTED else ""
    note = f"\n{escape(shortened(reason, 200))}" if reason else ""
    return (
        f"<code>{escape(order.order_id)}</code> · {day_and_time(order.created_at)} UTC\n"
        f"{views(order.quantity)}, {points(order.total_cost)} · {escape(order.video_link)}\n"
        f"{STATUS_WORDS[order.status]}{note}"
    )
