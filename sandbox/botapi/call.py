"""One call of a method: its parameters, and the look-ups that many methods share."""

from msgspec import Struct, convert
from msgspec import ValidationError as ShapeError

from sandbox.botapi.detect import with_detected
from sandbox.botapi.entities import mentioned_user_id, parse_html, trimmed, utf16
from sandbox.botapi.errors import bad_request, forbidden
from sandbox.botapi.params import Params
from sandbox.shapes import Account, Entity, Kept
from sandbox.state import Sandbox


class Call(Struct):
    """The sandbox and the parameters."""

    sandbox: Sandbox
    params: Params

    def known_account(self, name: str = "chat_id") -> Account:
        """The chat that a parameter names, if that person ever wrote to the bot."""
        given = self.params.text(name)
        if not given:
            raise bad_request(f"{name} is empty")
        account = None
        if given.lstrip("-").isdigit():
            account = self.sandbox.accounts.get(int(given))
        if account is None or not account.started:
            raise bad_request("chat not found")
        return account

    def open_account(self, name: str = "chat_id") -> Account:
        """As `known_account`, for a person who lets the bot write."""
        account = self.known_account(name)
        if account.deactivated:
            raise forbidden("user is deactivated")
        if account.blocked:
            raise forbidden("bot was blocked by the user")
        return account

    def message(self, account: Account, purpose: str, name: str = "message_id") -> Kept:
        """The message that a parameter names; `purpose` is Telegram's word for the refusal."""
        message_id = self.params.integer(name)
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        kept = account.messages.get(message_id)
        if kept is None:
            raise bad_request(f"message to {purpose} not found")
        return kept

    def reply_to_id(self, account: Account) -> int:
        """The message that this one answers; 0 for none."""
        reply = self.params.object("reply_parameters")
        message_id = reply.get("message_id") or self.params.integer("reply_to_message_id")
        if not message_id:
            return 0
        if message_id in account.messages:
            return int(message_id)
        if reply.get("allow_sending_without_reply") or self.params.flag(
            "allow_sending_without_reply"
        ):
            return 0
        raise bad_request("message to be replied not found")

    def formatted(self, name: str, entities_name: str) -> tuple[str, list[Entity]]:
        """A text parameter with its formatting, as Telegram stores it."""
        raw = self.params.text(name)
        mode = self.params.text("parse_mode").lower()
        if mode == "html":
            text, entities = parse_html(raw)
        elif mode:
            # Telegram also reads Markdown; this project's bot never uses it.
            raise bad_request("unsupported parse_mode")
        else:
            text, entities = raw, self._given_entities(entities_name)
        text, entities = trimmed(text, entities)
        return text, with_detected(text, [self._with_person(entity) for entity in entities])

    def _given_entities(self, name: str) -> list[Entity]:
        try:
            return convert(self.params.json(name) or [], list[Entity])
        except ShapeError:
            raise bad_request("can't parse MessageEntity") from None

    def _with_person(self, entity: Entity) -> Entity:
        """A link to a person becomes a mention."""
        user_id = mentioned_user_id(entity.url) if entity.url else None
        if user_id is None:
            return entity
        account = self.sandbox.accounts.get(user_id)
        if account is None:
            return entity
        return Entity("text_mention", entity.offset, entity.length, user=account.person)


def checked_length(text: str, limit: int, refusal: str) -> None:
    """Refuse a text that is too long after its formatting was read."""
    if utf16(text) > limit:
        raise bad_request(refusal)
