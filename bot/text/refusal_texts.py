"""The words for a refusal: what was wrong, and what would be right."""

from typing import assert_never

from bot.text import menu
from bot.text.account_texts import STATUS_WORDS
from bot.text.economy_texts import NO_ADS, NO_ORDERS
from bot.text.formats import points
from i18n import Html, Translator
from ledger import refusals as r
from ledger.order_status import OrderStatus
from ledger.state import User


def refused(t: Translator, refusal: r.AnyRefusal) -> Html:  # noqa: C901, PLR0912 - one row each
    """Why the ledger refused what this person wanted."""
    match refusal:
        case r.AlreadyDone():
            return t("This was done already. Nothing changed.")
        case r.UnknownUser():
            return t("Nobody with the id {user_id} uses this bot.", user_id=str(refusal.user_id))
        case r.AlreadyJoined() | r.ReferralCodeTaken():
            return t("You have joined already.")
        case r.UserIsBanned():
            return t(
                "You are banned: you can't earn or order at the moment. If that is a mistake, "
                "write to the admin ({contact}).",
                contact=t(menu.CONTACT),
            )
        case r.AdAlreadyPaid():
            return t("This ad has been paid already. Open the next one.")
        case r.UnknownAd():
            return t("This ad isn't known. Please open a new one.")
        case r.AdNotOpened():
            return t("Please open the ad first, with the button above this one.")
        case r.AdNotWatchedLongEnough():
            time = t.duration(refusal.seconds_left)
            return t("Please stay on the ad for {time} more.", time=time)
        case r.CooldownActive():
            time = t.duration(refusal.seconds_left)
            return t("The next ad is ready in {time}.", time=time)
        case r.DailyCapReached():
            return _daily_cap(t, refusal)
        case r.QuantityOutOfRange():
            if refusal.low == refusal.high:
                return t("An order is always {amount}.", amount=refusal.low)
            return t("An order can be from {low} to {most}.", low=refusal.low, most=refusal.high)
        case r.PriceChanged():
            return t(
                "The price is {points} now. Nothing was ordered; please start again if you still "
                "want it.",
                points=points(t, refusal.price_points),
            )
        case r.NotEnoughPoints():
            return t.plural(
                "You need {n} more point (you have {balance}).",
                "You need {n} more points (you have {balance}).",
                refusal.short_by_points,
                balance=refusal.balance_points,
            )
        case r.TooManyOrders():
            return _too_many_orders(t, refusal)
        case r.UnknownOrder():
            return t("I don't know this order.")
        case r.WrongOrderStatus(status=OrderStatus.SENDING):
            return t("This order is being sent right now. Please look again in two minutes.")
        case r.WrongOrderStatus():
            status = t.message(STATUS_WORDS[refusal.status])
            return t("This order is settled already: {status}.", status=status)
        case r.NotOnOffer():
            return t("This is not on offer at the moment. Please choose something else.")
        case r.RemainsUnknown():
            return t("How much was not delivered is needed for that.")
        case r.NotPossibleHere():
            return t("The provider doesn't do this for this order.")
        case r.WrongOffer():
            return t("An offer needs a name, a price and a range of quantities.")
        case r.NothingToAdjust():
            return t("Please give an amount other than 0, and not larger than a balance can be.")
        case r.AlreadyBanned():
            return t("This person is banned already.")
        case r.NotBanned():
            return t("This person isn't banned.")
        case r.EarningIsFrozen():
            return t(
                "You can't earn points at the moment; those that you have stay yours. If that is "
                "a mistake, write to the admin ({contact}).",
                contact=t(menu.CONTACT),
            )
        case r.AlreadyFrozen():
            return t("This person's earning is frozen already.")
        case r.NotFrozen():
            return t("This person's earning isn't frozen.")
        case r.NotAChannelName():
            return t("A public channel has a name like @name.")
        case r.AppealSentToday():
            time = t.duration(refusal.seconds_left)
            return t(
                "You have written to the admin today already. You can write again in {time}.",
                time=time,
            )
        case r.UnknownSetting():
            return t("There is no setting called {name}. /set shows them all.", name=refusal.name)
        case r.SettingOutOfRange():
            return t(
                "{name} can be a whole number from {low} to {high}.",
                name=refusal.name,
                low=refusal.low,
                high=refusal.high,
            )
        case r.NothingChanges():
            return t("Nothing changed: that is how it was already.")
        case r.NobodyToWrite():
            return t("Nobody has joined yet, so there is nobody to write to.")
        case r.UnknownBroadcast():
            return t("This message to everybody has ended already.")
        case r.ImpossibleOpening():
            return t("That is more points or ads than anybody can have had.")
        case _:
            assert_never(refusal)


def _daily_cap(t: Translator, refusal: r.DailyCapReached) -> Html:
    time = t.duration(refusal.seconds_left)
    if not refusal.cap:
        return t(NO_ADS)
    return t.plural(
        "You have watched {n} ad today, and that is all for one day. There are new ones in {time}.",
        "You have watched {n} ads today, and that is all for one day. There are new ones in "
        "{time}.",
        refusal.cap,
        time=time,
    )


def _too_many_orders(t: Translator, refusal: r.TooManyOrders) -> Html:
    if not refusal.limit:
        return t(NO_ORDERS)
    time = t.duration(refusal.seconds_left)
    return t.plural(
        "You can place {n} order in a minute. The next one is possible in {time}.",
        "You can place {n} orders in a minute. The next one is possible in {time}.",
        refusal.limit,
        time=time,
    )


def adjustment_refused(t: Translator, refusal: r.AnyRefusal) -> Html:
    """Why the ledger refused an admin's change of somebody's balance."""
    if isinstance(refusal, r.NotEnoughPoints):
        return t(
            "That is {points} more than the balance ({balance}).",
            points=points(t, refusal.short_by_points),
            balance=points(t, refusal.balance_points),
        )
    return refused(t, refusal)


def ad_not_ready(t: Translator, refusal: r.AnyRefusal) -> Html:
    """Why there is no ad right now, as the answer to the menu's button."""
    return t("{watch_ads}\n\n⏳ {reason}", watch_ads=t(menu.WATCH_ADS), reason=refused(t, refusal))


def ad_spent(t: Translator, refusal: r.AnyRefusal, user: User) -> Html:
    """What the offer of an ad becomes that will never be paid: above the button to the next one."""
    return t(
        "{reason}\n\nYou have <b>{balance}</b>.",
        reason=refused(t, refusal),
        balance=points(t, user.balance),
    )
