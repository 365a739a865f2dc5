"""Owns what the program leaves behind beside its books: the inbox, and what it said of itself."""

import re
from collections import Counter

import msgspec

from bot.receive.inbox import INBOX_NAME
from chaos.program.process import Program

_SAID = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) (\S+): (.*)", re.MULTILINE)


class Traces:
    """Of one program."""

    def __init__(self, program: Program, tally: Counter[str]) -> None:
        """Nothing is read yet."""
        self._program = program
        self._tally = tally
        self._read_bytes = 0

    def left_in_inbox(self) -> int:
        """How many updates the next life has to do again that Telegram thinks are done."""
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
        """What it has said since the last time: warnings are counted, errors are findings."""
        with self._program.log.open("rb") as file:
            file.seek(self._read_bytes)
            new = file.read()
        self._read_bytes += len(new)
        said = new.decode(errors="replace")
        found = []
        for level, logger, words in _SAID.findall(said):
            if level == "WARNING":
                self._tally[f"warnings of {logger}"] += 1
            else:
                found.append(f"the program says: {level} {logger} {words}")
        if "Traceback" in said and not found:
            found.append(f"the program failed; {self._program.log} says where")
        return found
