"""`python -m sandbox`: prints its address, and stops on a signal."""

import asyncio
import signal
import sys

from sandbox.client import SandboxClient


async def test_the_sandbox_runs_as_a_process_of_its_own(tmp_path):
    state_file = tmp_path / "world.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", "--port", "0", "--admin", "7981712298", "--person", "Ann"),
        *("--state-file", str(state_file)),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        url = (await process.stdout.readline()).decode().strip()
        async with SandboxClient(url) as world:
            people = {one["first_name"]: one["is_admin"] for one in await world.users()}
        process.send_signal(signal.SIGTERM)
        assert (await process.wait(), people) == (0, {"Ann": False, "Admin": True})
    assert state_file.exists()
