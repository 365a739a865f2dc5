"""Nothing leaves for Telegram that is not on the disk."""

import asyncio
import threading

import pytest

from bot.outgoing import OutgoingGate
from ledger import commands as c
from ledger.book import Ledger, LedgerFailed
from ledger.disk import Disk


class GatedDisk(Disk):
    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def sync(self, fd: int) -> None:
        assert self.gate.wait(20)
        if self.broken:
            raise OSError(5, "Input/output error")
        super().sync(fd)


def join(user_id: int) -> c.Join:
    return c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}")


async def send(gate: OutgoingGate, sent: list[str], text: str) -> None:
    async def call() -> bool:
        sent.append(text)
        return True

    await gate.process_request(call, (), {}, "sendMessage", {"chat_id": 1}, None)


async def test_a_message_waits_for_what_was_decided_before_it(tmp_path):
    disk, sent = GatedDisk(), []
    ledger = await Ledger.open(tmp_path, disk=disk)
    gate = OutgoingGate(ledger)
    await gate.initialize()
    disk.gate.clear()
    deciding = asyncio.create_task(ledger.execute(join(1)))
    await asyncio.sleep(0)
    assert 1 in ledger.state.users
    sending = asyncio.create_task(send(gate, sent, "you have joined"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert sent == []
    disk.gate.set()
    await asyncio.gather(deciding, sending)
    assert sent == ["you have joined"]
    await ledger.close()


async def test_when_the_disk_says_no_nobody_is_told_anything(tmp_path):
    disk, sent = GatedDisk(), []
    ledger = await Ledger.open(tmp_path, disk=disk)
    gate = OutgoingGate(ledger)
    await gate.initialize()
    disk.broken = True
    with pytest.raises(LedgerFailed):
        await ledger.execute(join(1))
    with pytest.raises(LedgerFailed):
        await send(gate, sent, "you have joined")
    assert sent == []
    await ledger.close()
