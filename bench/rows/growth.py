"""The growth rows: what an event and a user cost, from a small shop to a very big one."""

from bench.figures import Figure
from bench.logs import EVENTS_A_USER, Bench, Made


def run(bench: Bench) -> list[Figure]:
    """The logs are made anyway, and each was measured when it was checked."""
    logs = [bench.log(users * EVENTS_A_USER, users) for users in bench.sizes.growth_users]
    logs.append(bench.big())
    first = logs[0]
    return [figure for log in logs for figure in _figures(log, first)]


def _figures(log: Made, first: Made) -> list[Figure]:
    what = f"Growth, {log.users:,} users, {log.events:,} events"
    other_name = f"{first.users:,} users"
    return [
        Figure(
            key=f"growth.time.{log.users}",
            what=f"{what}: replaying one",
            unit="µs an event",
            ours=_event_us(log),
            other=_event_us(first),
            other_name=other_name,
        ),
        Figure(
            key=f"growth.memory.{log.users}",
            what=f"{what}: memory",
            unit="bytes a user",
            ours=log.state_bytes / log.users,
            other=first.state_bytes / first.users,
            other_name=other_name,
        ),
    ]


def _event_us(log: Made) -> float:
    return log.replay_s / log.events * 1e6
