"""Parameters of Bot API calls: as the API names them, as JSON or as a form with files."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from telegram import BotCommandScope

from bot.send.uploads import Form, UploadFile

_NO_PREVIEW = {"is_disabled": True}


def text_params(chat_id: int, text: str, keyboard: Mapping[str, Any] | None) -> dict[str, Any]:
    """A text in HTML for a chat, without previews of its links."""
    params: dict[str, Any] = {
        "chat_id": chat_id,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": _NO_PREVIEW,
    }
    if keyboard is not None:
        params["reply_markup"] = keyboard
    return params


def form(
    chat_id: int, caption: str, keyboard: Mapping[str, Any] | None, files: dict[str, UploadFile]
) -> Form:
    """Files for a chat, with a caption in HTML."""
    fields = {"chat_id": str(chat_id)}
    if caption:
        # Half of a surrogate pair can't be encoded in a form.
        fields["caption"] = caption.encode("utf-8", "replace").decode()
        fields["parse_mode"] = "HTML"
    if keyboard is not None:
        fields["reply_markup"] = encode(keyboard).decode()
    return Form(fields, files)


def for_readers(
    params: Mapping[str, Any], scope: BotCommandScope | None, language_code: str | None
) -> dict[str, Any]:
    """Parameters that concern some chats and readers of one language, if given; else all."""
    return with_optional(
        params,
        scope=scope.to_dict() if scope is not None else None,
        language_code=language_code or None,
    )


def with_optional(params: Mapping[str, Any], **optional: object) -> dict[str, Any]:
    """These parameters, and those of the others that are given."""
    given = {name: value for name, value in optional.items() if value is not None}
    return {**params, **given}


def encode(params: Mapping[str, Any]) -> bytes:
    """Parameters as JSON."""
    try:
        return msgspec.json.encode(params, enc_hook=_plain_text)
    except ValueError:  # half of a surrogate pair, which UTF-8 can't hold
        return json.dumps(params).encode()


def _plain_text(value: object) -> str:
    """Texts are `Html`, a subclass of str, which msgspec doesn't encode by itself."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
