"""Texts about invited friends: how far each is, and what the inviter and the friend are told."""

from collections import Counter
from collections.abc import Sequence

from bot.text.economy_texts import friends_pay, gift_points, within_days
from bot.text.formats import day_and_time, gain, name_of, points
from i18n import Html, Translator, escape
from i18n.foreign import foreign_name
from ledger.clocks.timestamps import to_text
from ledger.economy import Economy
from ledger.rules.referrals import FriendState, deadline_ms, friend_state
from ledger.state import Referral, State, User

NAMED_MAX = 5
"""How many friends a notice names; the others are counted."""


def friend_line(t: Translator, state: State, referral: Referral, at_ms: int) -> Html:
    """One friend in the inviter's list: joined, so many ads, paid, too late, or refused."""
    friend, needed = state.users[referral.user_id], state.economy.referral_after_ads
    name = name_of(t, friend)
    match friend_state(state, friend, at_ms):
        case FriendState.PAID if referral.reward:
            return t("✅ {name}: {gain}", name=name, gain=gain(t, referral.reward))
        case FriendState.PAID:
            return t("✅ {name}", name=name)
        case FriendState.WAITING:
            return t("⏳ {name}: counted with one of the next ads they watch", name=name)
        case FriendState.EXPIRED:
            return t("⌛️ {name}: too late, the time for the ads is over", name=name)
        case FriendState.BANNED:
            return t("🚫 {name}: not counted, this account is banned", name=name)
        case FriendState.FROZEN:
            return t("🚫 {name}: not counted, this account can't earn at the moment", name=name)
        case FriendState.WATCHING:
            return t.plural(
                "⏳ {name}: {watched} of {n} ad watched",
                "⏳ {name}: {watched} of {n} ads watched",
                needed,
                name=name,
                watched=friend.ads_watched,
            )


def states_line(t: Translator, state: State, friends: Sequence[Referral], at_ms: int) -> Html:
    """How many friends are still on their way, and how many will not be paid for; maybe empty."""
    counts = Counter(
        friend_state(state, state.users[friend.user_id], at_ms)
        for friend in friends
        if not friend.reward
    )
    on_the_way = counts[FriendState.WATCHING] + counts[FriendState.WAITING]
    refused = counts[FriendState.BANNED] + counts[FriendState.FROZEN]
    lines = []
    if on_the_way:
        lines.append(t("On the way: <b>{count}</b>", count=on_the_way))
    if counts[FriendState.EXPIRED]:
        lines.append(t("Too late: <b>{count}</b>", count=counts[FriendState.EXPIRED]))
    if refused:
        lines.append(t("Not counted: <b>{count}</b>", count=refused))
    return Html("\n").join(lines)


def owed_to_inviter(t: Translator, state: State, economy: Economy, user: User, at_ms: int) -> Html:
    """To a friend: what is missing until their inviter, and they, get points; maybe empty."""
    inviter = state.users.get(user.referred_by) if user.referred_by is not None else None
    if inviter is None or inviter.banned or inviter.user_id in state.books.frozen:
        return Html()
    own = gift_points(economy) if user.user_id not in state.books.early_gifts else 0
    if not friends_pay(economy) and not own:
        return Html()
    how_far = friend_state(state, user, at_ms)
    if how_far is FriendState.WAITING and friends_pay(economy):
        return t(
            "🤝 {name} gets points for inviting you with one of the next ads you watch.",
            name=_first_name(t, inviter),
        )
    if how_far is not FriendState.WATCHING:
        return Html()
    promise = _promise(t, economy, user, inviter, own)
    until_ms = deadline_ms(state, user)
    if until_ms is None:
        return promise
    until = t("That counts until {time} UTC.", time=day_and_time(t, to_text(until_ms)))
    return Html(" ").join([promise, until])


def _promise(t: Translator, economy: Economy, user: User, inviter: User, own_points: int) -> Html:
    left, own = economy.referral_after_ads - user.ads_watched, points(t, own_points)
    name, bonus = _first_name(t, inviter), points(t, economy.referral_bonus_points)
    if not friends_pay(economy):
        return t.plural(
            "🎁 {n} more ad and you get {gift} as a gift.",
            "🎁 {n} more ads and you get {gift} as a gift.",
            left,
            gift=own,
        )
    if own_points:
        return t.plural(
            "🤝 {n} more ad and {name} gets {points} for inviting you, and you get {gift}.",
            "🤝 {n} more ads and {name} gets {points} for inviting you, and you get {gift}.",
            left,
            name=name,
            points=bonus,
            gift=own,
        )
    return t.plural(
        "🤝 {n} more ad and {name} gets {points} for inviting you.",
        "🤝 {n} more ads and {name} gets {points} for inviting you.",
        left,
        name=name,
        points=bonus,
    )


def _first_name(t: Translator, user: User) -> str:
    """Nothing else of a person is for others to see."""
    return foreign_name(user.first_name) or t("your friend").text


def friends_joined(t: Translator, economy: Economy, friends: Sequence[User]) -> Html:
    """To the inviter: these have joined."""
    news = _who_joined(t, friends)
    # Without ads to watch first, the bonus could not be paid at once, or there were other news.
    if not friends_pay(economy) or not economy.referral_after_ads:
        return news
    bonus, within = points(t, economy.referral_bonus_points), within_days(t, economy)
    if within:
        how = t.plural(
            "You get {points} for each who watches {n} ad {within}.",
            "You get {points} for each who watches {n} ads {within}.",
            economy.referral_after_ads,
            points=bonus,
            within=within,
        )
    else:
        how = t.plural(
            "You get {points} for each who watches {n} ad.",
            "You get {points} for each who watches {n} ads.",
            economy.referral_after_ads,
            points=bonus,
        )
    return Html("\n\n").join([news, how])


def _who_joined(t: Translator, friends: Sequence[User]) -> Html:
    if len(friends) == 1:
        return t("👋 {name} has joined with your link.", name=name_of(t, friends[0]))
    count = t.plural(
        "👋 {n} friend has joined with your link:",
        "👋 {n} friends have joined with your link:",
        len(friends),
    )
    lines = [count, *(escape(name_of(t, friend)) for friend in friends[:NAMED_MAX])]
    if len(friends) > NAMED_MAX:
        lines.append(t("and {count} more", count=len(friends) - NAMED_MAX))
    return Html("\n").join(lines)
