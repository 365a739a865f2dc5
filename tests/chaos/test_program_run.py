"""The whole program is killed while in use; no action is lost and no effect doubled.

`make chaos` kills it 200 times and more; here it is a few times, and the checks are tested too.
"""

import sys

import pytest

from chaos.program.run import ProgramRun

KILLS = 4


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_no_action_is_lost_and_no_effect_doubled(tmp_path, capsys, mode):
    run = ProgramRun(tmp_path, seed=20261122, modes=[mode])
    await run.run(KILLS)
    tally = run.tally
    with capsys.disabled():
        repeated = tally["replies repeated after a kill"]
        sys.stdout.write(f"\n{tally['actions']} actions, {repeated} replies repeated ")
    assert run.findings == []
    assert tally["kills"] == tally[f"kills, {mode}"] == KILLS
    assert tally["actions answered"] == tally["actions"] > 0
    assert tally["updates left at Telegram"] > 0, "nobody was waiting when it was killed"
    assert tally["ads paid"] > 0
    assert tally["reconciliations"] == 1


async def test_a_program_that_confirms_what_it_may_lose_is_found_out(tmp_path):
    run = ProgramRun(
        tmp_path,
        seed=1,
        users=16,
        modes=["polling"],
        patience_s=1.0,
        worker="tests.support.program_confirming_too_early",
    )
    await run.run(2)
    assert any("never answered" in finding for finding in run.findings)
    assert run.tally["actions answered"] < run.tally["actions"]
