import socket

import aiohttp
import pytest

from web.app import build_web
from web.server import CannotListen, WebServer


async def health(address):
    async with aiohttp.ClientSession() as session, session.get(f"{address}/health") as answer:
        return await answer.text()


async def test_port_0_takes_a_free_port_and_the_address_says_which(world):
    server = WebServer(build_web(world.dependencies()), "127.0.0.1", 0)
    address = await server.start()
    try:
        assert address.startswith("http://127.0.0.1:")
        assert await health(address) == "ok"
    finally:
        await server.stop()


async def test_a_server_for_all_addresses_names_one_that_a_browser_can_open(world):
    server = WebServer(build_web(world.dependencies()), "0.0.0.0", 0)
    address = await server.start()
    try:
        assert address.startswith("http://127.0.0.1:")
        assert await health(address) == "ok"
    finally:
        await server.stop()


async def test_a_stopped_server_gives_its_port_back(world):
    first = WebServer(build_web(world.dependencies()), "127.0.0.1", 0)
    address = await first.start()
    await first.stop()

    second = WebServer(
        build_web(world.dependencies()), "127.0.0.1", int(address.rpartition(":")[2])
    )
    assert await second.start() == address
    await second.stop()


async def test_a_server_that_was_never_started_can_be_stopped(world):
    await WebServer(build_web(world.dependencies()), "127.0.0.1", 0).stop()


async def test_a_port_in_use_is_said_with_the_settings_that_help(world):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListen) as caught:
            await WebServer(build_web(world.dependencies()), "127.0.0.1", port).start()

    assert isinstance(caught.value, OSError)
    assert str(caught.value) == (
        f"The web server can't listen on HOST 127.0.0.1, PORT {port}: address already in use. "
        "Set PORT to a free one, or stop the program that has it."
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 64])
async def test_a_host_that_is_not_this_machine_is_said_with_the_setting_that_helps(world, host):
    with pytest.raises(CannotListen, match="Set HOST to an address of this machine"):
        await WebServer(build_web(world.dependencies()), host, 0).start()
