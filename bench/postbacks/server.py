"""A server for postbacks, as a process: `python -m bench.postbacks.server OPTIONS`."""

import asyncio
import sys
from pathlib import Path

import msgspec

from ads.service import AdService
from bench.postbacks.options import BOT_TOKEN, FIRST_ID, NETWORK, SECRET, Listening, Options
from bench.rivals.sqlite_postbacks import serve_sqlite
from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.rules.decision import Decision
from web.ad_endpoints import AdEndpoints
from web.ad_streams import AdStreams
from web.ad_traces import AdTraces
from web.app import build_web
from web.dependencies import Dependencies
from web.server import WebServer


class _PaysAtOnce(Ledger):
    """Answers as the ledger would, and neither decides nor writes anything."""

    async def execute(self, command: c.AnyCommand) -> Decision:
        if not isinstance(command, c.RewardAd):
            return await super().execute(command)
        return (e.AdRewarded(user_id=command.user_id, ad_number=1, amount_points=1),)


async def _serve(options: Options) -> str:
    if options.kind in ("wal", "plain"):
        return await serve_sqlite(Path(options.folder), options.users, wal=options.kind == "wal")
    kind = Ledger if options.kind == "ours" else _PaysAtOnce
    ledger = await kind.open_folder(Path(options.folder))
    people = range(FIRST_ID, FIRST_ID + options.users)
    joins = [c.Join(by=f"user:{one}", user_id=one, referral_code=f"{one:x}") for one in people]
    await asyncio.gather(*map(ledger.execute, joins))
    for name, value in (("ad_cooldown_s", 0), ("ads_per_day_max", 100_000)):
        command = c.ChangeSetting(by="system", name=name, value=value, key=f"bench:{name}")
        await ledger.execute(command)
    service = AdService(ledger, BOT_TOKEN, [NETWORK])
    dependencies = Dependencies(
        ledger=ledger,
        version="bench",
        started_at_ms=ledger.now_ms(),
        telegram_problem=lambda _: "",
        bot_username=str,
        ads=AdEndpoints(
            service=service,
            streams=AdStreams(service),
            traces=AdTraces(ledger),
            postback_secrets=(SECRET,),
        ),
    )
    return await WebServer(build_web(dependencies), "127.0.0.1", 0).start()


async def main(options: Options) -> None:
    """Serve until killed."""
    address = await _serve(options)
    port = int(address.rpartition(":")[2])
    sys.stdout.buffer.write(msgspec.json.encode(Listening(port)) + b"\n")
    sys.stdout.buffer.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1], type=Options)))
