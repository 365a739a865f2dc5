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
OneOrTwoSecrets: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{16,}(,[A-Za-z0-9_-]{16,})?)?$")
]
Port: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
# Telegram's ids have at most 52 significant bits.
AdminId: TypeAlias = Annotated[int, msgspec.Meta(gt=0, lt=2**52)]
AdminIds: TypeAlias = Annotated[frozenset[AdminId], msgspec.Meta(min_length=1)]
RequestsMax: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=64)]
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
    web_app_script_url: Url = "https://telegram.org/js/telegram-web-app.js"
    data_dir: Path = Path("data")
    host: Annotated[str, msgspec.Meta(pattern=r"^\S+$")] = "127.0.0.1"
    port: Port = 8080
    public_url: BaseUrlOrNone = ""
    telegram_updates: Literal["auto", "polling", "webhook"] = "auto"
    webhook_ips: tuple[Network, ...] = ()
    trusted_proxy: tuple[Network, ...] = ()
    ad_mode: Literal["link", "miniapp"] = "link"
    ad_url: UrlOrNone = ""
    ad_networks: tuple[str, ...] = ()
    ad_zone_id: Digits = ""
    ad_sdk_url: Url = "https://libtl.com/sdk.js"
    adsgram_block_id: Digits = ""
    adsgram_sdk_url: Url = "https://sad.adsgram.ai/js/sad.min.js"
    ad_postback_secret: OneOrTwoSecrets = ""
    order_api_url: Url = "https://testuser2.onrender.com/order"
    order_api_kind: Literal["simple", "panel"] = "simple"
    order_api_key: Word = ""
    order_service_id: Word = ""
    order_requests_max: RequestsMax = 4
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
        return [part for value in values for part in value.split(",") if part]

    def postback_secrets(self) -> tuple[str, ...]:
        """The secrets that the ad networks' postbacks may carry: none, one or two."""
        return tuple(filter(None, self.ad_postback_secret.split(",")))

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
    Setting(
        "TELEGRAM_WEB_APP_JS_URL",
        "web_app_script_url",
        "an http:// or https:// address",
        "Telegram's script for Mini Apps, which the ad page loads",
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
    Setting(
        "AD_MODE",
        "ad_mode",
        "link or miniapp",
        "how ads are shown: `link` opens `AD_URL` and believes the person; `miniapp` shows them in "
        "a page inside Telegram and pays when the ad network confirms (needs `PUBLIC_URL`, "
        "`AD_POSTBACK_SECRET` and a network)",
    ),
    Setting(
        "AD_URL",
        "ad_url",
        "the http:// or https:// address of the ad page, which the ad button opens, or nothing",
        "the page that the ad button opens, for `link`; without it there are no ads; the demo "
        "brings its own",
    ),
    Setting(
        "AD_NETWORKS",
        "ad_networks",
        "monetag, adsgram, or both, separated by commas, or nothing",
        "which ad networks are asked for an ad, and in which order, for `miniapp`; empty: all "
        "that have an id below",
    ),
    Setting("AD_ZONE_ID", "ad_zone_id", "digits only", "Monetag: the main zone's id"),
    Setting(
        "AD_SDK_URL",
        "ad_sdk_url",
        "an http:// or https:// address",
        "Monetag: the address of its script, from the tag in the dashboard",
    ),
    Setting("ADSGRAM_BLOCK_ID", "adsgram_block_id", "digits only", "AdsGram: the rewarded block"),
    Setting(
        "ADSGRAM_SDK_URL",
        "adsgram_sdk_url",
        "an http:// or https:// address",
        "AdsGram: the address of its script",
    ),
    Setting(
        "AD_POSTBACK_SECRET",
        "ad_postback_secret",
        "16 or more characters of A-Z, a-z, 0-9, - and _; two of that kind, separated by a comma, "
        "while it is being changed",
        "the secret in the address that the ad networks call, for `miniapp`: at least 16 of "
        "`A-Za-z0-9_-`; two, separated by a comma, while it is being changed",
        secret=True,
    ),
    Setting(
        "ORDER_API_URL",
        "order_api_url",
        "an http:// or https:// address",
        "where orders are sent; of a panel, its API address, often ending in `/api/v2`",
    ),
    Setting(
        "ORDER_API_KIND",
        "order_api_kind",
        "simple or panel",
        "the language the order provider speaks: `simple` (one GET request for an order of views, "
        "and no news afterwards) or `panel` (the usual API of SMM panels: any service, followed to "
        "its end)",
    ),
    Setting(
        "ORDER_API_KEY",
        "order_api_key",
        "text without spaces",
        "the key of your account at the panel; needed for `panel`",
        secret=True,
    ),
    Setting(
        "ORDER_SERVICE_ID",
        "order_service_id",
        "text without spaces",
        "the number of the panel's service that is ordered when people buy views and you have "
        "chosen no services in the bot (/admin → Services), for `panel`",
    ),
    Setting(
        "ORDER_REQUESTS_MAX",
        "order_requests_max",
        "a whole number from 1 to 64",
        "how many orders are sent to the provider at the same time",
    ),
    Setting(
        "LOG_LEVEL",
        "log_level",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL",
        "how much the program says of what it does",
    ),
)


_WITHOUT = (
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
