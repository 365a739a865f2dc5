"""The ledger's acknowledgements to its users, and whether the log has all of them."""

from pathlib import Path

from chaos.invariants import Finding
from chaos.natural_keys import KeyReader
from ledger.postings import postings
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader


class Acknowledgements:
    """What was acknowledged in all rounds in a folder.

    Attributes:
        granted: where in the log each granted command stands, first and last line, by its key.
        known: keys of commands that were refused because they had been granted before.
    """

    def __init__(self) -> None:
        """Nothing yet."""
        self.granted: dict[str, tuple[int, int]] = {}
        self.known: set[str] = set()

    def note(self, line: str) -> bool:
        """Note a line of the worker's; whether it acknowledges something.

        Raises:
            Finding: the same thing was granted twice.
        """
        word, _, rest = line.partition(" ")
        if word == "ok":
            key, first, last = rest.split(" ")
            if key in self.granted:
                raise Finding(f"{key} was granted twice, as {self.granted[key]} and {first}")
            self.granted[key] = (int(first), int(last))
            return True
        if word == "known":
            self.known.add(rest)
            return True
        return False

    def check(self, log: Path) -> None:
        """Check that everything is in the log: once, whole, and in its place.

        Raises:
            Finding: it isn't.
        """
        reader, keys = LogReader(FileLog(log)), KeyReader()
        places: dict[str, tuple[int, int]] = {}
        for command in reader.commands():
            span = (command[0].seq, command[-1].seq)
            for event in command:
                key = keys.key(event)
                if key in places:
                    raise Finding(f"{key} is in the log twice, in {places[key]} and {span}")
                places[key] = span
                if sum(points for _, _, points in postings(event)):
                    raise Finding(f"the postings of line {event.seq} don't sum to zero")
        for key, span in self.granted.items():
            if places.get(key) != span:
                raise Finding(f"{key} was granted as {span}, and the log has {places.get(key)}")
        for key in self.known - places.keys():
            raise Finding(f"{key} was said to be done already, and the log doesn't have it")
