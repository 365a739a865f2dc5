"""Export formats: hledger and Beancount journals, CSV, and JSON Lines.

In both journals the accounts of people and orders have positive balances, and the house's accounts
negative ones; the commodity is POINTS. Both contain balance assertions, so the tools find every sum
that is wrong.
"""

import csv
import io
import re
from datetime import date, timedelta

import msgspec

from ledger.postings import account_name
from ledger.transfer.export import Account, Entry, FinalBalances, Move, Writer

COLUMNS = ("seq", "at", "type", "by", "account", "amount_points", "balance_points", "what")

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z-]")


def _safe(part: int | str) -> str:
    """A part of a name with only letters, digits and dashes. Different parts stay different."""
    return _NOT_IN_NAMES.sub(lambda found: f"-x{ord(found[0]):x}-", str(part))


class _Opened:
    """Which accounts have been declared. For orders nothing needs to be remembered."""

    def __init__(self) -> None:
        self._known: set[Account] = set()

    def is_new(self, move: Move) -> bool:
        account = move.account
        if account.kind == "order":
            # It is filled once, from zero, and emptied once.
            return move.points == move.balance_points
        if account in self._known:
            return False
        self._known.add(account)
        return True


class HledgerWriter:
    """A journal for hledger. Each posting asserts the balance behind it."""

    def __init__(self) -> None:
        """Nothing is declared yet."""
        self._opened = _Opened()

    def begin(self) -> str:
        """The commodity, which has no decimals."""
        return (
            "; Points of Viewbank. Check it with: hledger check --strict\ncommodity 1000. POINTS\n"
        )

    def entry(self, entry: Entry) -> str:
        """A transaction, with the line's number as its code."""
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

    def end(self, final: FinalBalances) -> str:
        """Nothing: every posting has asserted its balance."""
        del final
        return ""

    def _name(self, account: Account) -> str:
        if account.kind == "order":
            return f"order:{_safe(account.owner)}"
        return account_name(*account)


def _hledger_amount(move: Move) -> str:
    asserted = "" if move.balance_points is None else f" = {move.balance_points} POINTS"
    return f"{move.points} POINTS{asserted}"


class BeancountWriter:
    """A journal for Beancount, whose assertions are about the beginning of a day.

    So each day ends with the balances of all accounts that changed on it, and the last day with
    those of all accounts.
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
        """A transaction; before it, if a day has ended, that day's balances."""
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

    def end(self, final: FinalBalances) -> str:
        """The balances of all accounts."""
        for account, points in final.balances:
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
    """A row for each posting, under a row of column names. No text can act as a formula."""

    def begin(self) -> str:
        """The names of the columns."""
        return _row(COLUMNS)

    def entry(self, entry: Entry) -> str:
        """A row for each account that changed."""
        return "".join(
            _row([_harmless(cell) if isinstance(cell, str) else cell for cell in cells])
            for cells in _cells(entry)
        )

    def end(self, final: FinalBalances) -> str:
        """Nothing: each row has its balance."""
        del final
        return ""


class JsonLinesWriter:
    """An object for each posting, with the columns of the CSV; a balance may be null.

    (The events themselves, hashes and all, are lines of JSON already: `events.jsonl`.)
    """

    def begin(self) -> str:
        """Nothing."""
        return ""

    def entry(self, entry: Entry) -> str:
        """An object for each account that changed."""
        rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in _cells(entry)]
        return "".join(f"{msgspec.json.encode(row).decode()}\n" for row in rows)

    def end(self, final: FinalBalances) -> str:
        """Nothing, as in the CSV."""
        del final
        return ""


def _cells(entry: Entry) -> list[list[int | str | None]]:
    start: list[int | str | None] = [entry.seq, entry.at, entry.kind, entry.by]
    return [
        [*start, account_name(*move.account), move.points, move.balance_points, entry.what]
        for move in entry.moves
    ]


def _harmless(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet would take it for a formula."""
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
