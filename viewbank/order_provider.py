"""The order provider that the settings name."""

from collections.abc import Callable

from orders.metrics_hooks import OrderHooks
from orders.providers.base import Provider
from orders.providers.panel import PanelProvider
from orders.providers.simple import SimpleProvider
from orders.sending.wake_up import WakeUp
from viewbank.settings import Settings, WrongSetting


def make_provider(settings: Settings) -> Provider:
    """The provider.

    Raises:
        WrongSetting: orders can't be sent to the address that is set.
    """
    url = settings.order_api_url
    try:
        if settings.order_api_kind == "simple":
            return SimpleProvider(url)
        return PanelProvider(url, settings.order_api_key, service_id=settings.order_service_id)
    except ValueError as error:
        raise WrongSetting(f"ORDER_API_URL is set, but {error}") from None


def wake_up(provider: Provider, hooks: OrderHooks) -> Callable[[], None]:
    """What wakes the provider before an order; panels don't sleep."""
    if isinstance(provider, SimpleProvider):
        return WakeUp(provider, hooks=hooks)
    return lambda: None


def sells_views(settings: Settings) -> bool:
    """Whether views can be ordered even if no service of the provider is on offer."""
    return settings.order_api_kind == "simple" or bool(settings.order_service_id)
