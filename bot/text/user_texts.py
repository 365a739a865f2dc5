"""General texts for users: welcome, help, hints."""

from collections.abc import Sequence

from bot.text import economy_texts, menu
from bot.text.earning_texts import WATCHED
from bot.text.formats import name_of, points
from bot.text.orders import service_texts
from i18n import N_, Html, Message, Translator
from ledger.economy import Economy, Offer
from ledger.state import User

CANCELLED = N_("OK, stopped. Choose what you would like to do.")
NOTHING_TO_CANCEL = N_("There is nothing to stop. Choose what you would like to do.")
TOO_FAST = N_("That was too much at once. Please wait a moment, then send the last one again.")
NOT_UNDERSTOOD = N_(
    "I don't know what to do with that. Please use the buttons below, or send me the link of a "
    "video to buy views for it."
)
TRY_A_LINK = N_(
    "I don't know what to do with that. Please use the buttons below, or send me a link to see "
    "what you can buy for it."
)
"""`NOT_UNDERSTOOD`, where more than views is sold."""
SOMETHING_WRONG = N_(
    "Sorry, something went wrong on our side. Your points are safe. Please try again in a moment."
)
BUTTON_TOO_OLD = N_("This button no longer works. Please use the menu below.")
CHOOSE_LANGUAGE = N_("🌐 Choose your language:")


def welcome(
    t: Translator, user: User, economy: Economy, offers: Sequence[Offer], *, joined: bool
) -> Html:
    """The answer to /start; `joined`: the person is new."""
    if not joined:
        return t(
            "👋 Welcome back, {name}!\n\nYou have <b>{points}</b>. What would you like to do?",
            name=name_of(t, user),
            points=points(t, user.balance),
        )
    ways = [
        _offer(t, menu.REFER, economy_texts.friend_pays(t, economy)),
        _offer(t, menu.BUY_VIEWS, service_texts.prices(t, economy, offers)),
        _offer(t, menu.CONTACT, t("A human answers.")),
    ]
    if economy.ads_per_day_max:
        ways.insert(0, _offer(t, menu.WATCH_ADS, economy_texts.ad_pays(t, economy)))
    if service_texts.sells_only_views(offers):
        return t(
            "👋 Welcome, {name}!\n\n"
            "Here you get <b>views for your videos</b>, and you pay with points.\n\n"
            "{offers}\n\n"
            "Choose a button to begin 👇",
            name=name_of(t, user),
            offers=Html("\n").join(ways),
        )
    return t(
        "👋 Welcome, {name}!\n\n"
        "What you can get here, and pay with points: <b>{metrics}</b>\n\n"
        "{offers}\n\n"
        "Choose a button to begin 👇",
        name=name_of(t, user),
        metrics=service_texts.metrics_on_sale(t, offers),
        offers=Html("\n").join(ways),
    )


def _offer(t: Translator, label: Message, what: Html) -> Html:
    # Translators: {label} is a button of the menu, {what} a sentence about it.
    return t("<b>{label}.</b> {what}", label=t.message(label), what=what)


def language_chosen(t: Translator) -> Html:
    """After a choice, in the language chosen."""
    return t("✅ Your language: {language}", language=t.language.name)


def help_text(
    t: Translator, economy: Economy, offers: Sequence[Offer], *, on_page: bool = False
) -> Html:
    """The answer to /help. `on_page`: whether ads are on the ad page, and not behind a link."""
    if on_page:
        how = t("Open the page with the ads and watch one to the end.")
    else:
        how = t("Open an ad, look at it, come back and tap “{watched}”.", watched=t(WATCHED))
    ads = t(
        "<b>{watch_ads}</b>\n{how} {ad_pays} {ads_a_day}",
        watch_ads=t(menu.WATCH_ADS),
        how=how,
        ad_pays=economy_texts.ad_pays(t, economy),
        ads_a_day=economy_texts.ads_a_day(t, economy),
    )
    return Html("\n\n").join(
        [
            t("<b>How it works</b>"),
            *([ads] if economy.ads_per_day_max else []),
            t(
                "<b>{refer}</b>\nShare your link. {friend_pays}",
                refer=t(menu.REFER),
                friend_pays=economy_texts.friend_pays(t, economy),
            ),
            _buying(t, economy, offers),
            t(
                "<b>{balance}</b>\nYour points. /history shows what changed them, /orders your "
                "orders.",
                balance=t(menu.BALANCE),
            ),
            t("<b>{contact}</b>\nWrite to a human.", contact=t(menu.CONTACT)),
            t("/language changes the language, /cancel stops what you are doing."),
        ]
    )


def _buying(t: Translator, economy: Economy, offers: Sequence[Offer]) -> Html:
    prices = service_texts.prices(t, economy, offers)
    if service_texts.sells_only_views(offers):
        return t(
            "<b>{buy_views}</b>\nSend the link of your video and say how many views. "
            "{view_costs} If an order can't be carried out, you get your points back.",
            buy_views=t(menu.BUY_VIEWS),
            view_costs=prices,
        )
    return t(
        "<b>{buy_views}</b>\nSend a link, choose what you would like to have for it, and say how "
        "many. {prices} If an order can't be carried out, you get your points back.",
        buy_views=t(menu.BUY_VIEWS),
        prices=prices,
    )


def not_understood(t: Translator, offers: Sequence[Offer]) -> Html:
    """Whatever was sent fits nowhere."""
    return t(NOT_UNDERSTOOD) if service_texts.sells_only_views(offers) else t(TRY_A_LINK)
