"""Coverage-guided fuzzing of the log reader and of user_data.json, with atheris: `make fuzz`.

atheris mutates the bytes of one of four files; `tests/support/corruption_oracle.py` checks what is
read from them, as the tests do. It starts from the golden logs. A failure stops the run and stores
the input in `.fuzz/`.
"""

import argparse
import json
import logging
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # for `support`
with atheris.instrument_imports(include=["ledger"]):
    from support.corruption_oracle import check_reading

    from ledger.audit.verify import verify
    from ledger.store.rebuild import rebuild
    from ledger.store.recovery import recover
    from ledger.store.user_data import encode

GOLDEN = ROOT / "tests" / "golden" / "format-1"
KEPT = ROOT / ".fuzz"
LOG, FORGED_LOG, USER_DATA, FORGED_USER_DATA = range(4)
"""The first byte of an input selects the file that its other bytes are."""


def seal_log(bodies: bytes) -> bytes:
    """Lines without hashes, as a log with a valid hash chain: what a forger would write."""
    previous, lines = "0" * 64, []
    for body in bodies.splitlines():
        previous = sha256(previous.encode() + body).hexdigest()
        lines.append(body + f',"hash":"{previous}"}}\n'.encode())
    return b"".join(lines)


def seal_user_data(body: bytes) -> bytes:
    """A user_data.json with a valid checksum."""
    return body + b',"checksum":"%b"}' % sha256(body).hexdigest().encode()


def seeds() -> dict[int, bytes]:
    """A valid input of each kind."""
    log = (GOLDEN / "events.jsonl").read_bytes()
    user_data = (GOLDEN / "user_data.json").read_bytes()
    bodies = [line.rpartition(b',"hash":"')[0] for line in log.splitlines()]
    return {
        LOG: log,
        FORGED_LOG: b"\n".join(bodies),
        USER_DATA: user_data,
        FORGED_USER_DATA: user_data.rpartition(b',"checksum":"')[0],
    }


class Fuzzer:
    """Writes each input into a folder, and checks what is read from it."""

    def __init__(self, folder: Path) -> None:
        """With `folder` for the files."""
        self.folder = folder
        self.tried: Counter[str] = Counter()
        self._golden_log = (GOLDEN / "events.jsonl").read_bytes()
        (folder / "events.jsonl").write_bytes(self._golden_log)
        rebuilt = rebuild(folder)
        self._truth = encode(rebuilt.state, rebuilt.head)

    def one(self, data: bytes) -> None:
        """Try one input."""
        kind, content = (data[0] % 4 if data else 0), data[1:]
        if kind in {LOG, FORGED_LOG}:
            self._log(seal_log(content) if kind == FORGED_LOG else content)
        else:
            forged = kind == FORGED_USER_DATA
            self._user_data(seal_user_data(content) if forged else content, believed=forged)

    def _log(self, content: bytes) -> None:
        (self.folder / "user_data.json").unlink(missing_ok=True)
        (self.folder / "events.jsonl").write_bytes(content)
        found, _ = check_reading(self.folder)
        self.tried["logs refused with a place" if found is None else "logs read right"] += 1

    def _user_data(self, content: bytes, *, believed: bool) -> None:
        (self.folder / "events.jsonl").write_bytes(self._golden_log)
        (self.folder / "user_data.json").write_bytes(content)
        verify(self.folder)
        try:
            found = recover(self.folder)
        except Exception as error:
            if believed and type(error).__name__ == "BadLog":
                # The forged balances contradict the next lines of the log.
                self.tried["user_data.json that the log contradicts"] += 1
                return
            raise
        may_differ = believed and not found.warning
        if not may_differ and encode(found.state, found.head) != self._truth:
            raise AssertionError("a changed file was believed")
        self.tried["user_data.json " + ("not believed" if found.warning else "believed")] += 1


def main() -> None:
    """Fuzz for a number of seconds."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    logging.disable()
    KEPT.mkdir(exist_ok=True)
    corpus = KEPT / "corpus"
    corpus.mkdir(exist_ok=True)
    for kind, content in seeds().items():
        (corpus / f"seed-{kind}").write_bytes(bytes([kind]) + content)
    folder = KEPT / "data"
    folder.mkdir(exist_ok=True)
    fuzzer = Fuzzer(folder)
    for kind, content in seeds().items():
        fuzzer.one(bytes([kind]) + content)

    def one(data: bytes) -> None:
        fuzzer.one(data)
        # libFuzzer ends the process itself, so the counts are written on the way.
        if sum(fuzzer.tried.values()) % 500 == 0:
            (KEPT / "tried.json").write_text(json.dumps(fuzzer.tried, indent=2) + "\n")

    flags = ["-max_len=20000", f"-max_total_time={seconds}", "-timeout=20", "-print_final_stats=1"]
    flags.append(f"-artifact_prefix={KEPT}/")
    atheris.Setup([sys.argv[0], *flags, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
