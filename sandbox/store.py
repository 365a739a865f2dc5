"""The sandbox on disk: one JSON file, so that chats survive a restart of the demo."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct, field

from sandbox.botapi.updates import QueueState
from sandbox.panel.state import PanelState
from sandbox.provider import ProviderState
from sandbox.shapes import Account, Callback, Channel, StoredFile
from sandbox.state import BotSettings, Sandbox

FORMAT = 1
PAUSE_S = 0.5
IDLE_S = 3600.0


class SavedWorld(Struct):
    """What survives a restart: all but planned faults and the journal."""

    format: int
    revision: int
    last_message_id: int
    last_callback_id: int
    settings: BotSettings
    accounts: list[Account]
    callbacks: list[Callback]
    files: list[StoredFile]
    updates: QueueState
    provider: ProviderState
    channels: list[Channel] = []
    panel: PanelState = field(default_factory=PanelState)


def load(sandbox: Sandbox, path: Path) -> bool:
    """Read the file into an empty sandbox; False when there is none."""
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=SavedWorld)
    except FileNotFoundError:
        return False
    if saved.format != FORMAT:
        raise ValueError(f"{path.name} has format {saved.format}, this program reads {FORMAT}")
    sandbox.feed.revision = sandbox.feed.oldest = saved.revision
    sandbox.last_message_id = saved.last_message_id
    sandbox.last_callback_id = saved.last_callback_id
    sandbox.settings = saved.settings
    sandbox.accounts = {account.person.id: account for account in saved.accounts}
    sandbox.callbacks = {callback.id: callback for callback in saved.callbacks}
    sandbox.files.by_id = {stored.file_id: stored for stored in saved.files}
    sandbox.updates.state = saved.updates
    sandbox.provider.state = saved.provider
    sandbox.panel.load(saved.panel)
    sandbox.channels = {channel.name.lower(): channel for channel in saved.channels}
    return True


async def keep_saving(sandbox: Sandbox, path: Path) -> None:
    """Write the file soon after each change, away from the event loop, and once at the end."""
    pulse = sandbox.feed.pulse
    saved_at = -1
    while not pulse.closed:
        await sandbox.feed.wait(saved_at, IDLE_S)
        saved_at = sandbox.feed.revision
        await asyncio.to_thread(_write, path, _encoded(sandbox))
        await pulse.pause(PAUSE_S)
    await asyncio.to_thread(_write, path, _encoded(sandbox))


def _encoded(sandbox: Sandbox) -> bytes:
    return msgspec.json.encode(
        SavedWorld(
            FORMAT,
            sandbox.feed.revision,
            sandbox.last_message_id,
            sandbox.last_callback_id,
            sandbox.settings,
            list(sandbox.accounts.values()),
            list(sandbox.callbacks.values()),
            list(sandbox.files.by_id.values()),
            sandbox.updates.state,
            sandbox.provider.state,
            list(sandbox.channels.values()),
            sandbox.panel.state,
        )
    )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    try:
        # What people wrote is for nobody else on this machine.
        with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
