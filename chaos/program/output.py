"""What the program leaves beside its books: the inbox, and its own log."""

import re
from collections import Counter

import msgspec

from bot.receive.inbox import INBOX_NAME
from chaos.program.program_process import ProgramProcess

_LOGGED = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) (\S+): (.*)", re.MULTILINE)


class ProgramOutput:
    """The files of one program."""

    def __init__(self, program: ProgramProcess, tally: Counter[str]) -> None:
        """Nothing is read yet."""
        self._program = program
        self._tally = tally
        self._read_bytes = 0

    def left_in_inbox(self) -> int:
        """How many updates were confirmed to Telegram and must be handled by the next life."""
        left: set[int] = set()
        path = self._program.data / INBOX_NAME
        for line in path.read_bytes().splitlines() if path.exists() else []:
            try:
                entry = msgspec.json.decode(line)
            except msgspec.DecodeError:
                continue  # what the kill left of a write
            if "keep" in entry:
                left.add(entry["keep"]["update_id"])
            left.difference_update(entry.get("done", ()))
        return len(left)

    def read_log(self) -> list[str]:
        """Read what was logged since the last time: counts warnings, returns errors."""
        with self._program.log.open("rb") as file:
            file.seek(self._read_bytes)
            new = file.read()
        self._read_bytes += len(new)
        text = new.decode(errors="replace")
        found = []
        for level, logger, words in _LOGGED.findall(text):
            if level == "WARNING":
                self._tally[f"warnings of {logger}"] += 1
            else:
                found.append(f"the program says: {level} {logger} {words}")
        if "Traceback" in text and not found:
            found.append(f"the program failed; {self._program.log} says where")
        return found
