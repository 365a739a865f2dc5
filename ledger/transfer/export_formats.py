"""The formats of an export: hledger and Beancount journals, CSV, and JSON Lines.

In both journals the accounts of people and orders are positive, and those of the house negative;
the commodity is POINTS. Both contain balance assertions, so an independent tool finds every wrong
sum.
"""

import csv
import io
import re
from datetime import date, timedelta

import msgspec

from ledger.postings import account_name
from ledger.transfer.export import Account, ClosingBalances, Entry, Move, Writer

COLUMNS = ("seq", "at", "type", "by", "account", "amount_points", "balance_points", "what")

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z-]")


def _safe(part: int | str) -> str:
    """Escape part of an account name to letters, digits and dashes, without collisions."""
    return _NOT_IN_NAMES.sub(lambda found: f"-x{ord(found[0]):x}-", str(part))


class _Opened:
    """Which accounts have been declared. Orders need not be remembered."""

    def __init__(self) -> None:
        self._known: set[Account] = set()

    def is_new(self, move: Move) -> bool:
        account = move.account
        if account.kind == "order":
            # An order reserves points once, from zero, and its account is emptied once.
            return move.points == move.balance_points
        if account in self._known:
            return False
        self._known.add(account)
        return True


class HledgerWriter:
    """A journal for hledger. Each posting asserts the balance after it."""

    def __init__(self) -> None:
        """Nothing is declared yet."""
        self._opened = _Opened()

    def begin(self) -> str:
        """The declaration of the commodity: whole numbers only."""
        return (
            "; Points of Viewbank. Check it with: hledger check --strict\ncommodity 1000. POINTS\n"
        )

    def entry(self, entry: Entry) -> str:
        """A transaction; its code is the line number."""
        lines = [
            f"account {self._name(move.account)}"
            for move in entry.moves
            if self._opened.is_new(move)
        ]
        by = entry.by.replace(",", " ")
        what = entry.what.replace(";", ",")
        lines += ["", f"{entry.day} ({entry.seq}) {what}"]
        lines.append(f"    ; type:{entry.kind}, at:{entry.at}, by:{by}")
        lines += [
            f"    {self._name(move.account)}  {_hledger_amount(move)}" for move in entry.moves
        ]
        return "\n".join(lines) + "\n"

    def end(self, closing: ClosingBalances) -> str:
        """Nothing: every posting asserts its balance."""
        del closing
        return ""

    def _name(self, account: Account) -> str:
        if account.kind == "order":
            return f"order:{_safe(account.owner)}"
        return account_name(*account)


def _hledger_amount(move: Move) -> str:
    asserted = "" if move.balance_points is None else f" = {move.balance_points} POINTS"
    return f"{move.points} POINTS{asserted}"


class BeancountWriter:
    """A journal for Beancount, whose assertions are about the balance when a day begins.

    Each day is therefore followed by assertions for the accounts that it changed, and the last
    day by assertions for all accounts.
    """

    def __init__(self) -> None:
        """Nothing is declared yet."""
        self._opened = _Opened()
        self._day = ""
        self._moved: dict[Account, int] = {}

    def begin(self) -> str:
        """The title."""
        return (
            "; Points of Viewbank. Check it with: bean-check FILE\n"
            'option "title" "Viewbank"\noption "operating_currency" "POINTS"\n'
        )

    def entry(self, entry: Entry) -> str:
        """A transaction, preceded by the assertions of the day before if the day is new."""
        lines: list[str] = []
        if entry.day != self._day:
            lines += self._assertions()
            self._moved.clear()
            self._day = entry.day
        for move in entry.moves:
            if self._opened.is_new(move):
                lines.append(f"{entry.day} open {self._name(move.account)} POINTS")
            if move.balance_points is not None:
                self._moved[move.account] = move.balance_points
        lines += ["", f"{entry.day} * {_quoted(entry.kind)} {_quoted(entry.what)}"]
        lines += [f"  seq: {entry.seq}", f"  at: {_quoted(entry.at)}", f"  by: {_quoted(entry.by)}"]
        lines += [f"  {self._name(move.account)}  {move.points} POINTS" for move in entry.moves]
        return "\n".join(lines) + "\n"

    def end(self, closing: ClosingBalances) -> str:
        """The balances of all accounts."""
        for account, points in closing.balances:
            if self._day:
                self._moved[account] = points
        return "".join(f"{line}\n" for line in self._assertions())

    def _assertions(self) -> list[str]:
        if not self._moved:
            return []
        day = date.fromisoformat(self._day) + timedelta(days=1)
        return ["", *[f"{day} balance {self._name(a)} {n} POINTS" for a, n in self._moved.items()]]

    def _name(self, account: Account) -> str:
        if account.kind == "user":
            return f"Assets:User:{account.owner}"
        if account.kind == "order":
            return f"Assets:Order:O-{_safe(account.owner)}"
        parts = str(account.owner).split(":")
        return ":".join(["Equity", *[_safe(part.capitalize()) for part in parts]])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class CsvWriter:
    """A row for each posting, after a header row. No text in it can act as a formula."""

    def begin(self) -> str:
        """The header row."""
        return _row(COLUMNS)

    def entry(self, entry: Entry) -> str:
        """A row for each posting."""
        return "".join(
            _row([_harmless(cell) if isinstance(cell, str) else cell for cell in cells])
            for cells in _cells(entry)
        )

    def end(self, closing: ClosingBalances) -> str:
        """Nothing: each row has the balance after it."""
        del closing
        return ""


class JsonLinesWriter:
    """An object for each posting, with the columns of the CSV; a balance may be null.

    (The events themselves, with their hashes, are JSON Lines already: `events.jsonl`.)
    """

    def begin(self) -> str:
        """Nothing."""
        return ""

    def entry(self, entry: Entry) -> str:
        """An object for each posting."""
        rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in _cells(entry)]
        return "".join(f"{msgspec.json.encode(row).decode()}\n" for row in rows)

    def end(self, closing: ClosingBalances) -> str:
        """Nothing, as in the CSV."""
        del closing
        return ""


def _cells(entry: Entry) -> list[list[int | str | None]]:
    start: list[int | str | None] = [entry.seq, entry.at, entry.kind, entry.by]
    return [
        [*start, account_name(*move.account), move.points, move.balance_points, entry.what]
        for move in entry.moves
    ]


def _harmless(text: str) -> str:
    """Prefix a text that a spreadsheet would run as a formula with an apostrophe."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _row(cells: "tuple[str, ...] | list[int | str | None]") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


FORMATS: dict[str, type[Writer]] = {
    "hledger": HledgerWriter,
    "beancount": BeancountWriter,
    "csv": CsvWriter,
    "jsonl": JsonLinesWriter,
}
