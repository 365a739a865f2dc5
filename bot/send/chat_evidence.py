"""Chat evidence: is trouble in some chats everybody's trouble?

Several chats in a row with trouble, and none without in between, speak for a cause that they share.
A chat that had trouble while others had none has trouble of its own: it says nothing about the
others, until it is without trouble once.
"""

from collections import OrderedDict

from bot.send.rate_limits import ChatId

OWN_TROUBLE_MAX = 4096
"""How many chats with trouble of their own are remembered; the oldest are forgotten first."""


class ChatEvidence:
    """Which chats speak for trouble that is everybody's, and which have trouble of their own."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self._speaking: set[ChatId] = set()
        self._own_trouble: OrderedDict[ChatId, None] = OrderedDict()

    def __len__(self) -> int:
        """How many chats in a row had trouble, nobody having been answered in between."""
        return len(self._speaking)

    def __contains__(self, chat_id: ChatId) -> bool:
        """Whether this chat's last message had trouble, of whatever kind."""
        return chat_id in self._speaking or chat_id in self._own_trouble

    def add(self, chat_id: ChatId | None) -> None:
        """This chat has trouble."""
        if chat_id is not None and chat_id not in self._own_trouble:
            self._speaking.add(chat_id)

    def answered(self, chat_id: ChatId) -> None:
        """This chat has none, so the others' trouble is their own."""
        self._own_trouble.pop(chat_id, None)
        self._speaking.discard(chat_id)
        self._own_trouble.update(dict.fromkeys(self._speaking))
        self._speaking.clear()
        while len(self._own_trouble) > OWN_TROUBLE_MAX:
            self._own_trouble.popitem(last=False)

    def clear(self) -> None:
        """Forget who had trouble in a row, without knowing why they had it."""
        self._speaking.clear()
