"""Reading the settings from the environment and `.env`, checked once, before anything starts."""

import json
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import get_type_hints
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values

from ads.networks.table import NETWORKS
from viewbank.networks import read_networks, read_some_networks
from viewbank.settings import SETTINGS, Setting, Settings, WrongSetting, hidden
from viewbank.telegram_networks import NETWORKS as TELEGRAM_NETWORKS
from viewbank.telegram_networks import delivers_to, is_telegrams_own

_WHOLE_NUMBERS = {"port", "admin_ids", "order_requests_max"}
_TYPES = get_type_hints(Settings, include_extras=True)


def read_settings(environ: Mapping[str, str], dotenv: Path) -> Settings:
    """Read the settings from the environment, and from the file `.env` what is not set there.

    Raises:
        WrongSetting: a value is invalid, or the file can't be read.
    """
    try:
        in_file = dotenv_values(dotenv, interpolate=False)
    except (UnicodeDecodeError, OSError) as error:
        raise WrongSetting(f"{dotenv} can't be read as text: {error}") from None
    values = {}
    for setting in SETTINGS:
        text = _text(environ, setting.name) or _text(in_file, setting.name)
        if text:
            values[setting.field] = _read(setting, text)
    settings = Settings(**values)  # type: ignore[arg-type] # each was converted to its field's type
    _check_together(settings)
    return settings


def _text(source: Mapping[str, str | None], name: str) -> str:
    return (source.get(name) or "").strip()


def _read(setting: Setting, text: str) -> object:
    raw: object = text
    match setting.field:
        case "admin_ids":
            raw = [part.strip() for part in text.split(",") if part.strip()]
        case "ad_postback_secret":
            raw = re.sub(r"\s*,\s*", ",", text)
        case "ad_networks":
            raw = [part.strip() for part in text.split(",")]
        case "telegram_api_url" | "public_url":
            raw = text.rstrip("/")
        case "log_level":
            raw = text.upper()
    try:
        if setting.field == "webhook_ips":
            return read_networks(text, {"telegram": TELEGRAM_NETWORKS})
        if setting.field == "trusted_proxy":
            return read_some_networks(text)
        # msgspec would accept 1e3 as a whole number.
        if setting.field not in _WHOLE_NUMBERS or re.fullmatch(r"[0-9, ]+", text):
            return msgspec.convert(raw, _TYPES[setting.field], strict=False, dec_hook=_to_path)
    except ValueError:  # msgspec's errors are ValueErrors too
        pass
    got = hidden(text) if setting.secret else _shown(text)
    raise WrongSetting(f"{setting.name} is {got}; it takes {setting.takes}")


def _check_together(settings: Settings) -> None:
    _check_public_url(settings)
    _check_ad_networks(settings)
    _check_panel(settings)


def _check_panel(settings: Settings) -> None:
    if settings.order_api_kind != "panel":
        return
    missing = [
        name
        for name, is_set in (
            ("ORDER_API_URL", settings.order_api_url != Settings().order_api_url),
            ("ORDER_API_KEY", settings.order_api_key),
        )
        if not is_set
    ]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise WrongSetting(
            f'ORDER_API_KIND is "panel"; it takes an {" and an ".join(missing)} beside it, which '
            f"{verb} not set"
        )
    url = settings.order_api_url
    if url.startswith("http:") and not _is_of_this_machine(url):
        raise WrongSetting(
            f"ORDER_API_URL is {_shown(url)}; with ORDER_API_KIND=panel it takes an https:// "
            "address, because the key is sent to it"
        )


def _check_ad_networks(settings: Settings) -> None:
    names, known = settings.ad_networks, [row.name for row in NETWORKS]
    if len(set(names)) != len(names) or not set(names) <= set(known):
        setting = next(setting for setting in SETTINGS if setting.field == "ad_networks")
        raise WrongSetting(f"AD_NETWORKS is {_shown(','.join(names))}; it takes {setting.takes}")


def _check_public_url(settings: Settings) -> None:
    if settings.telegram_updates == "webhook" and not settings.public_url:
        raise WrongSetting(
            'TELEGRAM_UPDATES is "webhook"; it takes a PUBLIC_URL beside it, which is not set'
        )
    got = f"PUBLIC_URL is {_shown(settings.public_url)}"
    if (
        settings.ad_mode == "miniapp"
        and settings.public_url.startswith("http:")
        and not _is_of_this_machine(settings.public_url)
    ):
        raise WrongSetting(
            f"{got}; with AD_MODE=miniapp it takes an https:// address, because Telegram opens no "
            "other page"
        )
    # A self-hosted Bot API server also delivers by http, and to any port.
    if not is_telegrams_own(settings.telegram_api_url):
        return
    if settings.public_url.startswith("http:"):
        raise WrongSetting(
            f"{got}; it takes an https:// address (http:// only with a Bot API server of your own "
            "in TELEGRAM_API_URL)"
        )
    if settings.webhook_url() and not delivers_to(settings.public_url):
        raise WrongSetting(
            f"{got}; it takes a port that Telegram delivers to (443, 80, 88 or 8443), or "
            "TELEGRAM_UPDATES must be polling"
        )


def _to_path(kind: type, value: object) -> object:
    return kind(value)


def _shown(text: str) -> str:
    """A value as one line that can be printed anywhere."""
    longest = 100
    return json.dumps(text if len(text) <= longest else text[:longest] + "...")


def _is_of_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
