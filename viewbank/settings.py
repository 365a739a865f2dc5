"""The settings: names, types, defaults and meanings.

The README's table and the error texts are made from `SETTINGS`. `viewbank.settings_reader` reads
the values.
"""

from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec

from viewbank.networks import Network

_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\]+)(:\d{1,5})?"
Url: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^https?://{_HOST}([/?#]\S*)?$")]
UrlOrNone: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^(https?://{_HOST}([/?#]\S*)?)?$")]
BaseUrl: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^https?://{_HOST}(/[^\s?#]*)?$")]
BaseUrlOrNone: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=rf"^(https?://{_HOST}(/[^\s?#]*)?)?$")
]
Word: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\S*$")]
Token: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9]+:[A-Za-z0-9_-]{10,})?$")]
Digits: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]*$")]
Port: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
# Telegram's ids have at most 52 significant bits.
AdminId: TypeAlias = Annotated[int, msgspec.Meta(gt=0, lt=2**52)]
AdminIds: TypeAlias = Annotated[frozenset[AdminId], msgspec.Meta(min_length=1)]
LogLevel: TypeAlias = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

WEBHOOK_PATH = "/telegram/webhook"


class WrongSetting(Exception):  # noqa: N818 - what is wrong, not the raising, is the name
    """A setting has an invalid value. The text is one line: its name, its value, what is valid."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Each field is the variable of the same name, `ADMIN_ID` being `admin_ids`.

    The meanings stand in `SETTINGS`. Empty text means: not set.
    """

    bot_token: Token = ""
    admin_ids: AdminIds = frozenset({7981712298})
    telegram_api_url: BaseUrl = "https://api.telegram.org"
    data_dir: Path = Path("data")
    host: Annotated[str, msgspec.Meta(pattern=r"^\S+$")] = "127.0.0.1"
    port: Port = 8080
    public_url: BaseUrlOrNone = ""
    telegram_updates: Literal["auto", "polling", "webhook"] = "auto"
    webhook_ips: tuple[Network, ...] = ()
    trusted_proxy: tuple[Network, ...] = ()
    ad_mode: Literal["link", "miniapp"] = "link"
    ad_url: UrlOrNone = ""
    ad_zone_id: Digits = ""
    ad_sdk_url: Url = "https://libtl.com/sdk.js"
    ad_postback_secret: Word = ""
    order_api_url: Url = "https://testuser2.onrender.com/order"
    order_api_kind: Literal["simple", "panel"] = "simple"
    order_api_key: Word = ""
    order_service_id: Word = ""
    log_level: LogLevel = "INFO"

    def __repr__(self) -> str:
        """All fields; of secret ones only the length."""
        secret_fields = {setting.field for setting in SETTINGS if setting.secret}
        fields = [
            f"{name}={hidden(value) if name in secret_fields else repr(value)}"
            for name, value in msgspec.structs.asdict(self).items()
        ]
        return f"Settings({', '.join(fields)})"

    def secrets(self) -> list[str]:
        """The values that must not appear in logs or anywhere else; only those that are set."""
        values = [getattr(self, setting.field) for setting in SETTINGS if setting.secret]
        return [value for value in values if value]

    def require_token(self) -> str:
        """The bot's token. Raises WrongSetting if it is not set."""
        return self._required("bot_token")

    def not_offered(self) -> list[str]:
        """What people are not offered because its setting is empty; one line each."""
        return [f"{name} is not set: {what}." for name, what in _WITHOUT if not self._of(name)]

    def _of(self, name: str) -> object:
        field = next(setting.field for setting in SETTINGS if setting.name == name)
        return getattr(self, field)

    def webhook_url(self) -> str:
        """The address that Telegram delivers updates to; empty with polling."""
        if self.telegram_updates == "polling" or not self.public_url:
            return ""
        return self.public_url + WEBHOOK_PATH

    def _required(self, field: str) -> str:
        value: str = getattr(self, field)
        if not value:
            setting = next(setting for setting in SETTINGS if setting.field == field)
            raise WrongSetting(f"{setting.name} is not set; it takes {setting.takes}")
        return value


class Setting(NamedTuple):
    """One variable: its name, its field in `Settings`, the valid values, and its purpose."""

    name: str
    field: str
    takes: str
    meaning: str
    secret: bool = False

    @property
    def default(self) -> str:
        """The default value as text; empty if there is none."""
        value = getattr(Settings(), self.field)
        return ",".join(map(str, value)) if isinstance(value, frozenset | tuple) else str(value)


SETTINGS = (
    Setting(
        "BOT_TOKEN",
        "bot_token",
        "the token that @BotFather gives, like 123456789:AAE...",
        "the bot's token; required to run, not for the demo",
        secret=True,
    ),
    Setting(
        "ADMIN_ID",
        "admin_ids",
        "Telegram ids: whole numbers above 0, separated by commas",
        "Telegram ids of the admins, separated by commas",
    ),
    Setting(
        "TELEGRAM_API_URL",
        "telegram_api_url",
        "an http:// or https:// address without ? and #",
        "the Bot API server: Telegram's own, or one you host",
    ),
    Setting("DATA_DIR", "data_dir", "a folder", "the folder with the log"),
    Setting("HOST", "host", "a host name or IP address", "where the status page listens"),
    Setting(
        "PORT",
        "port",
        "a whole number from 0 to 65535 (0: any free port)",
        "the port of the status page; 0 for any free one",
    ),
    Setting(
        "PUBLIC_URL",
        "public_url",
        "an https:// address without ? and #, or nothing",
        "where the world reaches the status page; empty: no Mini App, no webhook",
    ),
    Setting(
        "TELEGRAM_UPDATES",
        "telegram_updates",
        "auto, polling or webhook",
        "how messages come in: `polling` asks Telegram for them, `webhook` has Telegram send them "
        "to `PUBLIC_URL`; `auto`: webhook if there is a `PUBLIC_URL`",
    ),
    Setting(
        "WEBHOOK_IPS",
        "webhook_ips",
        "telegram (its own networks), or IP addresses and networks like 10.0.0.0/8, separated by "
        "commas, or nothing",
        "who may send to the webhook: `telegram` (its own networks), or addresses and networks "
        "like `10.0.0.0/8`, separated by commas; empty: anybody who knows its secret",
    ),
    Setting(
        "TRUSTED_PROXY",
        "trusted_proxy",
        "IP addresses and networks like 10.0.0.0/8, but not the whole internet, separated by "
        "commas, or nothing",
        "your reverse proxies, by address or network, like `127.0.0.1`, separated by commas: what "
        "they say in `X-Forwarded-For` is believed; empty: nobody is",
    ),
    Setting("AD_MODE", "ad_mode", "link or miniapp", "how ads are shown: `link` for now"),
    Setting(
        "AD_URL",
        "ad_url",
        "the http:// or https:// address of the ad page, which the ad button opens, or nothing",
        "the page that the ad button opens; empty: there are no ads, the demo brings its own",
    ),
    Setting("AD_ZONE_ID", "ad_zone_id", "digits only", "the ad network's zone, for `miniapp`"),
    Setting(
        "AD_SDK_URL",
        "ad_sdk_url",
        "an http:// or https:// address",
        "the ad network's script, for `miniapp`",
    ),
    Setting(
        "AD_POSTBACK_SECRET",
        "ad_postback_secret",
        "text without spaces",
        "what the ad network's postbacks must carry, for `miniapp`",
        secret=True,
    ),
    Setting(
        "ORDER_API_URL",
        "order_api_url",
        "an http:// or https:// address",
        "where orders are sent",
    ),
    Setting(
        "ORDER_API_KIND",
        "order_api_kind",
        "simple or panel",
        "the language the order provider speaks: `simple` for now",
    ),
    Setting(
        "ORDER_API_KEY",
        "order_api_key",
        "text without spaces",
        "the order provider's key, for `panel`",
        secret=True,
    ),
    Setting(
        "ORDER_SERVICE_ID",
        "order_service_id",
        "text without spaces",
        "which of the provider's services to order, for `panel`",
    ),
    Setting(
        "LOG_LEVEL",
        "log_level",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL",
        "how much the program says of what it does",
    ),
)


_WITHOUT = (
    ("AD_URL", "there are no ads, and the menu has no button for them"),
    ("PUBLIC_URL", "messages are fetched from Telegram (polling), and there is no webhook"),
)
"""What it means that a setting is empty, for those that leave something out."""


class Described(NamedTuple):
    """One row of the README's table of settings."""

    name: str
    default: str
    meaning: str


def describe() -> list[Described]:
    """Every setting, in order, for the README."""
    return [Described(one.name, one.default, one.meaning) for one in SETTINGS]


def hidden(text: str) -> str:
    """A secret value for error texts: its length only."""
    return f"a value of {len(text)} characters"
