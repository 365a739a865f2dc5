"""The past as admins can check it: the digest's hash, and a history at an earlier time."""

import asyncio
import re
import shutil
import sys

from support.books import write_books


async def test_the_digest_of_days_gone_by_reaches_the_admin_and_its_hash_proves_the_log(shop):
    assert await shop.close() == 0
    shutil.rmtree(shop.folder)
    await asyncio.to_thread(write_books, shop.folder)
    await shop.open()
    seen = str(
        await shop.admin.wait_for("Daily digest", "People: 4", "Every point is accounted for")
    )
    told = re.search(r"--head ([0-9a-f]{64})", seen)
    assert told, seen
    person = await shop.person("Newcomer", points=7)
    await shop.restart()
    await shop.admin.say(f"/history {person.id}")
    await shop.admin.wait_for("Balance now: 7 points")
    digests = [one for one in await shop.admin.messages() if "Daily digest" in str(one)]
    assert len(digests) == 1, "a restart tells nobody twice"
    noted = shop.ledger.state.books.digest
    assert (noted.head_hash, noted.people) == (told[1], 4)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "viewbank", "verify", "--head", told[1], "--data", str(shop.folder),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said
    assert f"is that of line {noted.head_seq}, " in said.decode()


async def test_an_admin_sees_a_history_as_of_then_and_leafs_on_from_there(shop):
    anna = await shop.person("Anna")
    for number in range(12):
        await shop.admin.say(f"/adjust {anna.id} +1 number {number}")
        await shop.admin.wait_for(f"The balance is {number + 1} point")
    then = shop.ledger.state.users[anna.id].last_seq - 1
    await shop.admin.say(f"/history {anna.id} at {then}")
    seen = await shop.admin.wait_for(f"Balance at line {then}: 11 points")
    assert f"#{then} " in seen
    assert "number 11" not in seen
    await shop.admin.press("Older ›")
    await shop.admin.wait_for("joined")
    await shop.admin.say(f"/history @anna {shop.ledger.state.books.at[:10]}")
    await shop.admin.wait_for("Balance so far today: 12 points", "number 11")
    await shop.admin.say(f"/history {anna.id} at 2999-01-01")
    await shop.admin.wait_for("1 Jan 2999, 23:59 UTC is still to come. Balance now: 12 points")
    await shop.admin.say(f"/history {anna.id} at 99999")
    await shop.admin.wait_for("There is no line 99,999 yet", "Balance now: 12 points", "number 11")
    await shop.admin.say(f"/history {anna.id} at 2020-01-01 10:00")
    await shop.admin.wait_for("Nothing had happened by 1 Jan 2020, 10:00 UTC")
    await shop.admin.say(f"/history {anna.id} soon")
    await shop.admin.wait_for("I can't read this as a time")
