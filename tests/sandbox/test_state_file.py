"""With a state file, a new sandbox continues from the last one."""

import aiohttp
import pytest

from sandbox.client import SandboxClient
from sandbox.control_people import NewPerson
from sandbox.server import running


async def call(served, method, **params):
    async with aiohttp.ClientSession() as session:
        address = f"{served.url}/bot{served.token}/{method}"
        async with session.post(address, json=params) as answer:
            return (await answer.json())["result"]


async def test_chats_files_updates_and_orders_survive(tmp_path):
    state_file = tmp_path / "deep" / "world.json"
    people = [NewPerson("Ann", id=42), NewPerson("Ben")]
    async with (
        running(state_file=state_file, users=people) as served,
        SandboxClient(served.url) as world,
    ):
        ann = world.user(42)
        await ann.start()
        await ann.send_document(b"\x00\xff", "a.bin")
        keyboard = {"keyboard": [["Help"]]}
        sent = await call(served, "sendMessage", chat_id=42, text="hi", reply_markup=keyboard)
        await world.wire.request("GET", "/users")
        updates = await world.updates()
        async with aiohttp.ClientSession() as session:
            await session.get(served.provider_url, params={"video": "v", "qty": "5"})

    async with (
        running(state_file=state_file, users=people) as served,
        SandboxClient(served.url) as world,
    ):
        ann = world.user(42)
        assert [one["first_name"] for one in await world.users()] == ["Ann", "Ben"]
        assert [seen.text for seen in await ann.messages()] == ["/start", "", "hi"]
        assert await ann.keyboard() == [["Help"]]
        assert await ann.download((await ann.messages())[1]) == b"\x00\xff"
        assert [one.qty for one in await world.provider.orders()] == [5]
        waiting = await call(served, "getUpdates")
        assert [one["update_id"] for one in waiting] == [one["update_id"] for one in updates]
        later = await call(served, "sendMessage", chat_id=42, text="again")
        assert later["message_id"] == sent["message_id"] + 1


async def test_a_file_of_another_format_is_not_touched(tmp_path):
    state_file = tmp_path / "world.json"
    async with running(state_file=state_file):
        pass
    newer = state_file.read_text().replace('"format":1', '"format":2')
    state_file.write_text(newer)
    with pytest.raises(ValueError, match="has format 2, this program reads 1"):
        async with running(state_file=state_file):
            pass
    assert state_file.read_text() == newer
