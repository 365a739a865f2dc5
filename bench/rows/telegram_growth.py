"""Owns the row on growth: the whole bot with few people in the ledger, and with very many."""

from bench.figures import Figure, at_least
from bench.logs import EVENTS_A_USER, Bench
from bench.measure import in_turns
from bench.telegram.contestants import ours
from bench.telegram.drive import AtOnce
from bench.telegram.folder import shop
from bench.telegram.pair import running
from bench.telegram.series import Series


def run(bench: Bench) -> list[Figure]:
    """Both in turns, each when no snapshot is being written: those have a row of their own."""
    sizes = bench.sizes
    few, many = bench.log(sizes.few_users * EVENTS_A_USER, sizes.few_users), bench.big()
    with (
        shop(few) as few_folder,
        shop(many) as many_folder,
        running(ours(few_folder, few.users), ours(many_folder, many.users)) as pairs,
    ):

        def quiet() -> None:
            for pair in pairs:
                pair.until_quiet()

        plan = AtOnce(sizes.people, sizes.people, sizes.updates)
        series = [Series(pair, plan, quiet) for pair in pairs]
        for pair in pairs:
            pair.measure(AtOnce(sizes.people, 0, sizes.updates_of_slow))
        found = in_turns(sizes.times, {"few": series[0].rate, "many": series[1].rate})
    return [
        Figure(
            key="telegram.growth",
            what=f"The whole bot, {many.users:,} users, {sizes.people} writing at once",
            unit="updates/s",
            ours=found["many"].median,
            spread=found["many"].spread,
            other=found["few"].median,
            other_name=f"{few.users:,} users",
            aim=at_least(0.9),
            limit=(
                f"An update takes {series[1].cpu_us:.0f} µs of CPU there, and "
                f"{series[0].cpu_us:.0f} µs with {few.users:,} users."
            ),
        )
    ]
