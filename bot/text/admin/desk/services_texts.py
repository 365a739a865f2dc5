"""What admins read about the services that the shop offers, and those that the provider has."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.text import reason_texts
from bot.text.admin.desk.evidence_texts import CURRENCY_CHARS_MAX
from bot.text.formats import day_and_time, points, shortened
from i18n import N_, Html, Message, Translator
from ledger import events as e
from ledger.clocks.timestamps import to_text
from ledger.economy import Economy, Offer
from ledger.reason_codes import PauseReason
from orders.providers.base import CallFailed, Service
from orders.shop.offer_terms import income_micro, loses

NAME_CHARS_MAX = 80
TYPED_CHARS_MAX = 40

NO_CATALOGUE = N_("This provider has no list of services, so there is nothing to choose from.")
UNKNOWN_SERVICE = N_("This service isn't in the provider's list any more.")
READING = N_("⏳ Reading the provider's list …")
NOT_CHANGED = N_("Nothing changed.")

_PAUSES: dict[PauseReason, Message] = {
    PauseReason.PRICE_ROSE: N_("the provider takes more for it than it brings in"),
    PauseReason.SERVICE_GONE: N_("the provider doesn't have it any more"),
    PauseReason.LIMITS_CHANGED: N_("the provider has other limits now"),
}
ASKED: dict[str, Message] = {
    "price": N_("💰 Send me the price of 1,000, in points."),
    "name": N_("✏️ Send me the name that people read."),
    "min": N_("⬇️ Send me the smallest quantity of an order."),
    "max": N_("⬆️ Send me the largest quantity of an order."),
}
"""What is asked for before a value is typed, by the field."""


class Reading(NamedTuple):
    """The last reading of the provider's list: how many services, when, and what went wrong.

    `read_at_ms` is 0 if it was never read; `unreadable` is how many further services were not.
    """

    services: int
    unreadable: int
    read_at_ms: int
    problem: CallFailed | None


class Money(NamedTuple):
    """What amounts are shown in."""

    economy: Economy
    currency: str

    def shown(self, t: Translator, micro: int) -> Html:
        """An amount in the provider's currency."""
        return t.money(micro, shortened(self.currency, CURRENCY_CHARS_MAX))


def mark(offer: Offer) -> str:
    """A sign for on, paused, off."""
    if not offer.is_on:
        return "⚪️"
    return "🟢" if offer.paused_because is None else "⏸"


def status(t: Translator, offer: Offer) -> Html:
    """Whether it is sold now, and why not."""
    if not offer.is_on:
        return t("⚪️ Off: nobody can buy it.")
    if offer.paused_because is None:
        return t("🟢 On: people can buy it.")
    return t("⏸ Paused: {reason}.", reason=t(_PAUSES[offer.paused_because]))


def services(
    t: Translator, offers: Sequence[Offer], money: Money, reading: Reading, pages: tuple[int, int]
) -> Html:
    """A page of what is offered, in the order of the list. `pages`: which of how many, from 0."""
    parts = [t("🛍 <b>Services</b>")]
    if not offers:
        parts.append(t("Nothing is on offer yet. Add a service that people can buy."))
    parts += [_line(t, offer, money) for offer in offers]
    if pages[1] > 1:
        parts.append(t("Page {page} of {pages}.", page=pages[0] + 1, pages=pages[1]))
    parts.append(last_reading(t, reading))
    return Html("\n\n").join(parts)


def _line(t: Translator, offer: Offer, money: Money) -> Html:
    price = points(t, offer.points_per_1000)
    title = t(
        "{mark} <b>{name}</b>\n{price} for 1,000",
        mark=mark(offer),
        name=shortened(offer.name, NAME_CHARS_MAX),
        price=price,
    )
    lines = [title, *margin(t, offer.points_per_1000, offer.rate_micro, money)]
    if offer.is_on and offer.paused_because is not None:
        lines.append(status(t, offer))
    return Html("\n").join(lines)


def margin(t: Translator, points_per_1000: int, rate_micro: int, money: Money) -> list[Html]:
    """What 1,000 bring in, cost and leave."""
    if not money.economy.point_value_micro:
        return [
            t(
                "It costs {cost} for 1,000. What it leaves can't be said: "
                "<code>/set point_value_micro</code> says what a point is worth.",
                cost=money.shown(t, rate_micro),
            )
        ]
    income = income_micro(points_per_1000, money.economy)
    lines = [
        t(
            "Brings in {income}, costs {cost}, leaves <b>{left}</b>.",
            income=money.shown(t, income),
            cost=money.shown(t, rate_micro),
            left=money.shown(t, income - rate_micro),
        )
    ]
    if loses(points_per_1000, rate_micro, money.economy.point_value_micro):
        lines.append(t("⚠️ It earns less than it costs."))
    return lines


def last_reading(t: Translator, reading: Reading) -> Html:
    """When the provider's list was read, and what went wrong since."""
    if not reading.read_at_ms:
        said = t("The provider's list was not read yet.")
    else:
        time = day_and_time(t, to_text(reading.read_at_ms))
        said = t.plural(
            "The provider has {n} service (read {time} UTC).",
            "The provider has {n} services (read {time} UTC).",
            reading.services,
            time=time,
        )
    parts = [said]
    if reading.unreadable:
        parts.append(
            t.plural(
                "{n} more could not be read.", "{n} more could not be read.", reading.unreadable
            )
        )
    if reading.problem is not None:
        parts.append(reading_failed(t, reading.problem))
    return Html("\n").join(parts)


def reading_failed(t: Translator, problem: CallFailed) -> Html:
    """Why something could not be read from the provider."""
    reason = reason_texts.of_code(t, problem.reason_code, problem.http_status)
    return t("⚠️ The last reading failed: {reason}", reason=reason)


def offer_card(t: Translator, offer: Offer, service: Service | None, money: Money) -> Html:
    """All about one offer."""
    numbers = t("Quantities: from {low} to {high}", low=offer.quantity_min, high=offer.quantity_max)
    lines = [numbers]
    if service is not None:
        lines.append(
            t(
                "At the provider: from {low} to {high}",
                low=service.quantity_min,
                high=service.quantity_max,
            )
        )
    if offer.can_cancel:
        lines.append(t("Orders can be stopped."))
    if offer.can_refill:
        lines.append(t("Orders can be refilled."))
    price = points(t, offer.points_per_1000)
    return Html("\n\n").join(
        [
            t(
                "🛍 <b>{name}</b>\nService <code>{service_id}</code> of the provider",
                name=shortened(offer.name, NAME_CHARS_MAX * 2),
                service_id=shortened(offer.service_id, TYPED_CHARS_MAX),
            ),
            status(t, offer),
            Html("\n").join(
                [
                    t("Our price: <b>{price}</b> for 1,000", price=price),
                    *margin(t, offer.points_per_1000, offer.rate_micro, money),
                ]
            ),
            Html("\n").join(lines),
        ]
    )


def not_a_price(t: Translator, low: int, high: int) -> Html:
    """A price that can't be."""
    return t("The price of 1,000, in points, can be from {low} to {high}.", low=low, high=high)


def not_a_quantity(t: Translator, low: int, high: int) -> Html:
    """A limit that can't be: beyond the provider's, or the wrong way round."""
    return t("This can be a number from {low} to {high}.", low=low, high=high)


def largest_first(t: Translator, low: int, largest: int) -> Html:
    """The provider has raised its least above our most: the smallest can't follow alone."""
    return t(
        "The provider takes {low} or more, and our largest order is {largest}. Please change the "
        "largest one first.",
        low=low,
        largest=largest,
    )


def smallest_first(t: Translator, high: int, smallest: int) -> Html:
    """The provider has lowered its most below our least."""
    return t(
        "The provider takes {high} at most, and our smallest order is {smallest}. Please change "
        "the smallest one first.",
        high=high,
        smallest=smallest,
    )


def not_a_name(t: Translator, most_chars: int) -> Html:
    """A name that can't be."""
    return t("A name has from 1 to {most} characters.", most=most_chars)


def pause_changed(t: Translator, event: e.OfferChanged) -> Html:
    """The program has paused an offer, or ended the pause."""
    name = shortened(event.name, NAME_CHARS_MAX)
    if event.paused_because is None:
        return t("🟢 <b>{name}</b> is on offer again.", name=name)
    return t(
        "⏸ <b>{name}</b> is paused: {reason}. Nobody can buy it until you or the provider change "
        "that.",
        name=name,
        reason=t(_PAUSES[event.paused_because]),
    )
