"""Sizes: of the full bench, the quick one, and the tests' tiny one."""

import msgspec


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """How much of each. `times` is how often a short measurement is repeated.

    Attributes:
        callers: how many wait at once in the append row.
        commands: of ours, in one repetition of the append row.
        transactions: of the others, in one repetition of it.
        alone: commands of one caller, in one repetition.
        predecessor_users: the two sizes of the predecessor's file.
        events: of the log that is replayed; `users` are in it.
        rival_events: of the library's notification log, which is slow to make.
        big_users: of the log of the rows on restart, snapshot, memory and history.
        big_events: of the same log.
        tail: how many events lie behind user_data.json at a restart.
        histories: how many people's first pages are read.
        drive_s: how long commands flow without a snapshot, to compare with.
        growth_users: the sizes below `big_users` in the plot, at ten events a person.
        people: how many write to a bot at once.
        updates: of theirs, in one repetition; of slow bots `updates_of_slow`.
        open_loop_s: how long updates come at a given rate, in one repetition.
        neighbours: how many people have trouble, or make it.
        postbacks: of an ad network, in one repetition.
        newcomers: how many are served beside them.
        orders: how many are placed at a rate of 500 a second.
        order_answer_s: how long the provider takes for each.
        order_requests: how many requests it may get at once.
        quiet_s: how long people tap before the orders, to compare with.
    """

    name: str
    times: int
    callers: int
    commands: int
    transactions: int
    alone: int
    predecessor_users: tuple[int, int]
    events: int
    users: int
    rival_events: int
    big_users: int
    big_events: int
    tail: int
    histories: int
    drive_s: float
    growth_users: tuple[int, ...]
    people: int
    updates: int
    updates_of_slow: int
    open_loop_s: float
    neighbours: int
    newcomers: int
    postbacks: int
    orders: int
    order_answer_s: float
    order_requests: int
    quiet_s: float


FULL = Sizes(
    name="full",
    times=5,
    callers=256,
    commands=51_200,
    transactions=2_500,
    alone=300,
    predecessor_users=(1_000, 100_000),
    events=1_000_000,
    users=100_000,
    rival_events=100_000,
    big_users=1_000_000,
    big_events=10_000_000,
    tail=10_000,
    histories=1_000,
    drive_s=5.0,
    growth_users=(10_000, 100_000),
    people=64,
    updates=3_000,
    updates_of_slow=800,
    open_loop_s=3.0,
    neighbours=16,
    newcomers=100,
    postbacks=8000,
    orders=500,
    order_answer_s=2.0,
    order_requests=32,
    quiet_s=15.0,
)
QUICK = Sizes(
    name="quick",
    times=3,
    callers=256,
    commands=10_240,
    transactions=500,
    alone=100,
    predecessor_users=(1_000, 10_000),
    events=100_000,
    users=10_000,
    rival_events=10_000,
    big_users=30_000,
    big_events=300_000,
    tail=1_000,
    histories=200,
    drive_s=1.0,
    growth_users=(3_000, 10_000),
    people=64,
    updates=1_000,
    updates_of_slow=200,
    open_loop_s=1.0,
    neighbours=16,
    newcomers=25,
    postbacks=2000,
    orders=60,
    order_answer_s=0.5,
    order_requests=16,
    quiet_s=3.0,
)
TINY = Sizes(
    name="tiny",
    times=1,
    callers=8,
    commands=64,
    transactions=8,
    alone=8,
    predecessor_users=(10, 20),
    events=600,
    users=60,
    rival_events=60,
    big_users=100,
    big_events=1_000,
    tail=40,
    histories=20,
    drive_s=0.05,
    growth_users=(30, 60),
    people=8,
    updates=100,
    updates_of_slow=24,
    open_loop_s=0.2,
    neighbours=4,
    newcomers=3,
    postbacks=64,
    orders=12,
    order_answer_s=0.1,
    order_requests=4,
    quiet_s=0.3,
)
BY_NAME = {sizes.name: sizes for sizes in (FULL, QUICK, TINY)}
