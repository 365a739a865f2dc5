"""Importing the old bot's file: atomic, idempotent, and never more than the file says."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.books import events_of, forge
from support.given import Scenario
from typer.testing import CliRunner

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.projections import apply
from ledger.rules.admin import BALANCE_MAX_POINTS
from ledger.rules.decide import decide
from ledger.rules.imports import ADS_MAX
from ledger.state import State
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.transfer.import_plan import make_plan
from ledger.transfer.predecessor_file import BadOldFile, read_old_file
from viewbank.cli import import_old
from viewbank.cli.main import app

ANNA, BEN, CLEO = 101, 102, 103
VIEWS = "expected a whole number of views, 0 or more"


def user(user_id, **fields):
    return {
        "user_id": user_id,
        "username": f"name{user_id}",
        "first_name": f"First {user_id}",
        "balance": 0,
        "ads_watched": 0,
        "referral_code": f"code{user_id:04}",
        "referred_by": None,
        "referrals_count": 0,
        "join_date": "2025-05-01T12:30:00.123456",
        "last_activity": "2025-06-01T12:00:00",
    } | fields


def order(order_id, user_id=BEN, **fields):
    return {
        "order_id": order_id,
        "user_id": user_id,
        "video_link": "https://youtu.be/AbCdEfGhI_k",
        "quantity": 20,
        "total_cost": 20,
        "status": "pending",
        "created_at": "2025-05-03T10:00:00",
    } | fields


def old_file(*users, referrals=None, orders=()):
    return {
        "users": {str(one["user_id"]): one for one in users},
        "referrals": referrals or {},
        "orders": list(orders),
    }


# Ben stands before Anna, who invited him; the file is in nobody's favourite order.
OLD = old_file(
    user(BEN, balance=12, ads_watched=37, referred_by=ANNA),
    user(ANNA, balance=105, ads_watched=50, username=None),
    user(CLEO, balance=0, ads_watched=9),
    referrals={str(ANNA): [{"user_id": BEN, "date": "2025-05-01T12:30:00", "reward": 100}]},
    orders=[order("0123456789ab")],
)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A data folder, and the command line on it."""
    monkeypatch.chdir(tmp_path)

    class Shop:
        data = tmp_path / "data"
        log = data / "events.jsonl"
        runs = 0

        def run(self, old, *options):
            self.runs += 1
            path = tmp_path / f"old{self.runs}.json"
            path.write_bytes(old if isinstance(old, bytes) else json.dumps(old).encode())
            arguments = ["import", str(path), "--data", str(self.data), *options]
            return CliRunner().invoke(app, arguments)

        def state(self):
            return recover(self.data).state

        def live(self, *commands):
            """Let people do things in the new bot."""

            async def play():
                ledger = await Ledger.open_folder(self.data)
                for command in commands:
                    assert isinstance(await ledger.execute(command), tuple)
                await ledger.close()

            asyncio.run(play())

    return Shop()


def join(user_id, code, invited_by_code=""):
    return c.Join(
        by=f"user:{user_id}", user_id=user_id, referral_code=code, invited_by_code=invited_by_code
    )


def test_everybody_brings_along_their_views_as_points_and_the_ads_of_an_unfinished_ten(shop):
    result = shop.run(OLD)
    assert result.exit_code == 0, result.output
    users = shop.state().users
    assert {one: users[one].balance for one in users} == {ANNA: 1050, BEN: 127, CLEO: 9}
    assert users[BEN].ads_watched == 37
    assert shop.state().accounts == {"house:opening": -1186}
    assert verify(shop.data).holds
    assert "3 people, with 1,186 points and 96 ads watched" in result.output


def test_who_invited_whom_and_every_code_stay_valid(shop):
    shop.run(OLD)
    state = shop.state()
    assert list(state.users) == [ANNA, BEN, CLEO], "inviters come first"
    assert state.users[BEN].referred_by == ANNA
    assert state.user_by_code["code0101"] == ANNA
    assert state.users[ANNA].referrals_count == 1
    (friend,) = state.referrals[ANNA]
    assert (friend.user_id, friend.reward, friend.date) == (BEN, 1000, "2025-05-01T12:30:00.123Z")
    assert state.users[BEN].referral_paid
    shop.live(join(5, "new00005", "code0101"))
    assert shop.state().users[5].referred_by == ANNA


def test_a_friend_who_was_paid_for_there_is_not_paid_for_again(shop):
    shop.run(OLD)
    opened_at_ms = 10**12
    ad = c.RewardAd(by="x", user_id=BEN, ad_number=38, opened_at_ms=opened_at_ms)
    kinds = [type(event) for event in decide(shop.state(), ad, opened_at_ms + 10**6)]
    assert kinds == [e.AdRewarded]


def test_a_friend_who_was_not_paid_for_there_is_paid_for_here(shop):
    result = shop.run({**OLD, "referrals": {}})
    assert "no bonus for inviting user 102" in result.stderr
    opened_at_ms = 10**12
    ad = c.RewardAd(by="x", user_id=BEN, ad_number=38, opened_at_ms=opened_at_ms)
    kinds = [type(event) for event in decide(shop.state(), ad, opened_at_ms + 10**6)]
    assert kinds == [e.AdRewarded, e.ReferralBonusPaid]


def test_orders_are_history_and_move_no_points(shop):
    shop.run(OLD)
    state = shop.state()
    (one,) = state.orders.values()
    assert (one.status, one.total_cost, one.reserve_points) == ("imported", 200, 0)
    assert (one.quantity, one.note, one.created_at) == (20, "pending", "2025-05-03T10:00:00.000Z")
    assert (state.orders_points, state.orders_of[BEN]) == (0, ["0123456789ab"])
    assert decide(state, c.SendOrder(by="system", order_id=one.order_id), 0) == (
        r.WrongOrderStatus("imported")
    )


def test_names_go_beside_the_log_and_never_into_it(shop):
    shop.run(OLD)
    users = shop.state().users
    assert (users[BEN].username, users[BEN].first_name) == ("name102", "First 102")
    assert (users[ANNA].username, users[ANNA].first_name) == ("", "First 101")
    assert b"First" not in shop.log.read_bytes()


def test_the_same_file_twice_changes_nothing_the_second_time(shop):
    shop.run(OLD)
    before = shop.log.read_bytes()
    result = shop.run(OLD)
    assert result.exit_code == 0
    assert shop.log.read_bytes() == before
    assert "imported before and left unchanged: 3 people, 1 order" in result.output


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(shop):
    result = shop.run(OLD, "--dry-run")
    assert result.exit_code == 0
    assert not shop.data.exists()
    dry = result.stdout.partition("Would record: ")[2].partition(".\n")[0]
    wet = shop.run(OLD).stdout.partition("Recorded: ")[2].partition(".\n")[0]
    assert (
        dry
        == wet
        == (
            "3 people, with 1,186 points and 96 ads watched; 1 invited by somebody; "
            "1 order as history"
        )
    )
    before = shop.log.read_bytes()
    assert "Would record: 0 people" in shop.run(OLD, "--dry-run").stdout
    assert shop.log.read_bytes() == before


def test_an_import_that_was_cut_off_anywhere_is_completed_by_the_next_one(shop):
    shop.run(OLD)
    whole = shop.state()
    lines = shop.log.read_bytes().splitlines(keepends=True)
    assert len(lines) == 8
    (shop.data / "profiles.jsonl").unlink()
    for kept in range(len(lines) + 1):
        shop.log.write_bytes(b"".join(lines[:kept]))
        assert shop.run(OLD).exit_code == 0
        again = shop.state()
        assert {one.user_id: one.balance for one in again.users.values()} == {
            one.user_id: one.balance for one in whole.users.values()
        }
        assert again.referrals == whole.referrals
        assert len(again.orders) == 1
        assert verify(shop.data).holds


def test_a_long_file_is_taken_over_piece_by_piece(shop, monkeypatch):
    monkeypatch.setattr(import_old, "AT_ONCE", 7)
    people = [user(1000 - n, balance=n, referred_by=1001 - n if n else None) for n in range(50)]
    result = shop.run(old_file(*people, orders=[order(f"{n:012}", 990) for n in range(20)]))
    assert result.exit_code == 0, result.output
    assert (len(shop.state().users), len(shop.state().orders)) == (50, 20)
    assert verify(shop.data).holds


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"balance": 1.5}, f"user 102, balance: {VIEWS}, found 1.5"),
        ({"balance": -3}, f"user 102, balance: {VIEWS}, found -3"),
        ({"balance": "12"}, f'user 102, balance: {VIEWS}, found "12"'),
        ({"balance": None}, "found null"),
        ({"balance": True}, "found true"),
        ({"balance": 10**20}, f"found {10**20}"),
        ({"ads_watched": -1}, "user 102, ads_watched: expected a whole number, 0 or more"),
        ({"user_id": 77}, "user 102, user_id: expected 102, found 77"),
        ({"referred_by": "x"}, "user 102, referred_by: expected a Telegram id or null"),
        ({"join_date": "yesterday"}, "user 102, join_date: expected a time like "),
        ({"join_date": "0001-01-01"}, "user 102, join_date: expected a time like "),
        ({"username": 5}, "user 102, username: expected a short text, found 5"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named_with_its_person_and_nothing_is_recorded(
    shop, change, said
):
    broken = json.loads(json.dumps(OLD))
    broken["users"]["102"] |= change
    result = shop.run(broken)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Nothing was recorded" in result.stderr
    assert not shop.data.exists()


def test_all_problems_are_said_at_once(shop):
    broken = old_file(
        user(1, balance=-1),
        user(2, balance="x"),
        {"user_id": 3},
        orders=[order("a"), order("a"), order("b c"), {}, order("d", created_at="?")],
    )
    result = shop.run({**broken, "referrals": {"x": [], "1": [{"reward": 1}]}})
    assert result.stderr.count("old1.json: ") == 9
    for place in ("user 1,", "user 2,", "user 3,", "'x'", "user 1, number 1", "number 2", "b c"):
        assert place in result.stderr


def test_a_file_cut_short_at_any_byte_records_nothing():
    whole = json.dumps(OLD).encode()
    with pytest.raises(BadOldFile, match="it is empty"):
        read_old_file(b"")
    for length in range(1, len(whole)):
        with pytest.raises(BadOldFile, match="only half of it"):
            read_old_file(whole[:length])
    assert len(read_old_file(whole).users) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b'"balance": 12', b'"balance":1, "balance":2'), '"balance" is there twice, in users.102'),
        ((b'{"users"', b'{"users": {}, "users"'), 'the key "users" is there twice.'),
        ((b'{"users": {', b'{"users": {"101": {}, '), '"101" is there twice, in users'),
        ((b'"reward": 100', b'"reward": 1, "reward": 100'), "in referrals.101.number 1"),
        ((b'"quantity": 20', b'"quantity": 20, "quantity": 20'), "in orders.number 1"),
        ((b'"ads_watched": 37', b'"ads_watched": ' + b"9" * 5000), "with 5,000 digits at line 1"),
        ((b'"ads_watched": 37', b'"ads_watched": 1e400'), "a number that is too large"),
        ((b'"ads_watched": 37', b'"ads_watched": NaN'), "NaN instead of a number at line 1"),
        ((b'{"users"', b'{"more": ' + b"[" * 100_000), "nested too deeply"),
        ((b'"First 102"', b'"\\ud83d"'), "half a character (a lone surrogate) at"),
        ((b'"First 102"', b'"\xff"'), "not UTF-8 text: byte"),
        ((b'"First 102"', b'"\x00"'), "invalid control character"),
        ((b'{"users"', b'\xff\xfe{"users"'), "UTF-16 text; save it as UTF-8"),
    ],
)  # fmt: skip
def test_a_file_with_two_meanings_or_none_is_refused_with_the_place(shop, change, said):
    whole = json.dumps(OLD).encode()
    broken = whole.replace(*change, 1)
    assert broken != whole
    result = shop.run(broken)
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert "old1.json: " in result.stderr
    assert said in result.stderr
    assert "Nothing was recorded" in result.stderr
    assert not shop.data.exists()


@pytest.mark.parametrize("part", ["users", "referrals"])
def test_a_key_of_5000_digits_is_named_in_short(shop, part):
    key = "9" * 5000
    result = shop.run({**OLD, part: {**OLD[part], key: OLD[part].get(key, [])}})
    assert result.exit_code == 1
    assert "Nothing was recorded" in result.stderr
    assert len(result.stderr) < 500


def test_a_byte_order_mark_changes_nothing(shop):
    assert shop.run(b"\xef\xbb\xbf" + json.dumps(OLD).encode()).exit_code == 0
    assert len(shop.state().users) == 3


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_bytes_it_is_a_list_of_problems_or_a_plan_that_the_ledger_takes(data):
    whole = bytearray(json.dumps(OLD).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        old = read_old_file(bytes(whole))
    except BadOldFile as error:
        problems = error.problems
        assert all(isinstance(problem, str) and problem for problem in problems)
        return
    state = State()
    plan = make_plan(old, state, iter(f"fresh{n}" for n in range(10)).__next__)
    for command in [c.StartLog(by="system"), *plan.people, *plan.orders]:
        decision = decide(state, command, 10**12)
        assert isinstance(decision, tuple), decision
        for event in decision:
            apply(state, event)
    assert state.posted_points == 0
    assert set(state.users) == set(old.users)


@pytest.mark.parametrize(
    ("users", "inviters", "said"),
    [
        ([user(1, referred_by=99)], {1: None}, "nobody knows user 99"),
        ([user(1, referred_by=1)], {1: None}, "by themselves"),
        ([user(1, referred_by=2), user(2, referred_by=1)], {1: None, 2: 1}, "in a circle"),
        (
            [user(4, referred_by=1), user(1, referred_by=3), user(2, referred_by=1),
             user(3, referred_by=2)],
            {4: 1, 1: None, 2: 1, 3: 2},
            "users 1, 2, 3 are said",
        ),
    ],
)  # fmt: skip
def test_an_inviter_who_cannot_be_becomes_nobody_and_is_said(shop, users, inviters, said):
    result = shop.run(old_file(*users))
    assert result.exit_code == 0
    assert said in result.stderr
    assert {one.user_id: one.referred_by for one in shop.state().users.values()} == inviters
    assert verify(shop.data).holds


def test_a_code_that_belongs_to_somebody_here_is_not_taken_from_them(shop):
    shop.live(join(5, "code0102"))
    result = shop.run(OLD)
    assert "the referral code 'code0102' of user 102 belongs to somebody else" in result.stderr
    state = shop.state()
    assert state.user_by_code["code0102"] == 5
    fresh = state.users[BEN].referral_code
    assert fresh != "code0102"
    assert state.user_by_code[fresh] == BEN


@pytest.mark.parametrize("code", ["", None, "has blanks", "x" * 65])
def test_who_has_no_code_that_a_link_can_carry_gets_one(shop, code):
    result = shop.run(old_file(user(1, referral_code=code), user(2, referral_code=code)))
    assert result.exit_code == 0
    codes = {one.referral_code for one in shop.state().users.values()}
    assert len(codes) == 2
    assert all(len(one) == 8 for one in codes)


def test_two_people_with_one_code_do_not_share_it(shop):
    shop.run(old_file(user(1, referral_code="same"), user(2, referral_code="same")))
    state = shop.state()
    assert state.user_by_code["same"] == 1
    assert state.users[2].referral_code != "same"


def test_who_has_joined_here_already_keeps_it_and_gets_what_they_had_there_on_top(shop):
    give = c.AdjustBalance(by="admin:7", user_id=BEN, amount_points=5, reason="x", key="1:1")
    shop.live(join(BEN, "new00102"), give)
    result = shop.run(OLD)
    assert result.exit_code == 0, result.output
    assert "3 people, 1 of them already users here" in result.output
    assert "user 102 has joined here already" in result.stderr
    state = shop.state()
    ben = state.users[BEN]
    assert (ben.balance, ben.referral_code, ben.referred_by) == (132, "new00102", None)
    assert (ben.ads_watched, ben.join_date) == (37, "2025-05-01T12:30:00.123Z")
    assert state.user_by_code["code0102"] == state.user_by_code["new00102"] == BEN
    assert verify(shop.data).holds
    # The old link leads to them from user_data.json too.
    refresh(shop.data)
    assert shop.state().user_by_code["code0102"] == BEN
    before = shop.log.read_bytes()
    shop.run(OLD)
    assert shop.log.read_bytes() == before


def test_an_order_that_nobody_placed_or_whose_id_is_in_use_is_left_out_and_said(shop):
    shop.live(
        join(BEN, "b"),
        c.AdjustBalance(by="admin:7", user_id=BEN, amount_points=900, reason="x", key="1:1"),
        c.PlaceOrder(
            by="user:102",
            user_id=BEN,
            order_id="aa",
            video_link="l",
            video_key="k",
            quantity=10,
            price_points=100,
        ),
    )
    result = shop.run({**OLD, "orders": [order("aa"), order("bb", 999), order("cc")]})
    assert result.exit_code == 0
    assert "order aa is left out: one here has the same id" in result.stderr
    assert "order bb is left out: nobody knows its user 999" in result.stderr
    assert [one.status for one in shop.state().orders.values()] == ["placed", "imported"]


def test_a_running_bot_is_not_written_into(shop):
    async def play():
        ledger = await Ledger.open_folder(shop.data)
        result = await asyncio.to_thread(shop.run, OLD)
        dry = await asyncio.to_thread(shop.run, OLD, "--dry-run")
        await ledger.close()
        return result, dry

    result, dry = asyncio.run(play())
    assert result.exit_code == 1
    assert "another Viewbank works on this folder" in result.stderr
    assert dry.exit_code == 0
    assert len(events_of(shop.log)) == 1


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    arguments = ["import", str(tmp_path / "none.json"), "--data", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2


# What decides, and the auditor, on their own


def imported(**fields):
    values = {"referral_code": "c1", "referred_by": None, "amount_points": 1, "ads_watched": 0}
    return c.ImportUser(**({"by": "system", "user_id": 1} | values | fields))


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (imported(amount_points=-1), r.ImpossibleOpening()),
        (imported(amount_points=10**16), r.ImpossibleOpening()),
        (imported(ads_watched=-1), r.ImpossibleOpening()),
        (imported(referred_by=9), r.UnknownUser(9)),
        (
            c.ImportOrder(
                by="x", user_id=9, order_id="a", video_link="", quantity=1, price_points=1
            ),
            r.UnknownUser(9),
        ),
    ],
)
def test_what_cannot_be_brought_along_is_refused(command, refusal):
    assert decide(State(), command, 0) == refusal


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        (e.OpeningBalanceRecorded, {"user_id": ANNA}, "was recorded before"),
        (e.OpeningBalanceRecorded, {"ads_watched": -1}, "0 points or more"),
        (e.OpeningBalanceRecorded, {"joined_at": "long ago"}, "a moment of joining"),
        (e.OpeningBalanceRecorded, {"referral_code": "code0101"}, "belongs to somebody"),
        (e.OrderImported, {"order_id": "0123456789ab", "price_points": -1}, "0 points or more"),
    ],
)
def test_the_auditor_finds_an_import_that_cannot_be(shop, kind, change, said):
    shop.run(OLD)
    events = events_of(shop.log)
    place = max(n for n, event in enumerate(events) if type(event) is kind)
    if kind is e.OpeningBalanceRecorded and "user_id" not in change:
        assert events[place].user_id == CLEO
    events[place] = replace(events[place], **change)
    if "user_id" in change:
        anna = max(event.seq for event in events[:place] if getattr(event, "user_id", 0) == ANNA)
        events[place] = replace(events[place], prev=anna)
    forge(shop.log, events)
    report = verify(shop.data)
    assert not report.holds
    assert said in str(report.problems[0])


def test_the_auditor_finds_a_bonus_that_was_paid_for_nobody(shop):
    shop.run(OLD)
    events = events_of(shop.log)
    place = max(n for n, event in enumerate(events) if isinstance(event, e.OpeningBalanceRecorded))
    events[place] = replace(events[place], referral_paid=True, referral_reward_points=5)
    forge(shop.log, events)
    assert "can have been paid before" in str(verify(shop.data).problems[0])


# The rules themselves, at their limits.


def brought(user_id=BEN, **fields):
    """What a person had in the previous bot."""
    return c.ImportUser(
        **{
            "by": "system",
            "user_id": user_id,
            "referral_code": "old",
            "referred_by": None,
            "amount_points": 0,
            "ads_watched": 0,
        }
        | fields
    )


@pytest.fixture
def world():
    world = Scenario()
    world.join(ANNA)
    world.join(BEN, f"code{ANNA:04}")
    world.give(BEN, 40)
    return world


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_points": BALANCE_MAX_POINTS - 40},
        {"ads_watched": ADS_MAX},
        {"referral_reward_points": BALANCE_MAX_POINTS},
    ],
)
def test_what_is_brought_along_may_be_at_its_limit_with_what_is_here(world, fields):
    ((name, value),) = fields.items()
    assert world.when(brought(**{name: value + 1})) == r.ImpossibleOpening()
    assert world.when(brought(**{name: -1})) == r.ImpossibleOpening()
    assert isinstance(world.when(brought(**fields)), tuple)


def test_a_newcomer_may_bring_along_as_much_as_a_balance_can_be(world):
    assert isinstance(world.when(brought(CLEO, amount_points=BALANCE_MAX_POINTS)), tuple)
    assert world.balance(CLEO) == BALANCE_MAX_POINTS


@pytest.mark.parametrize(
    ("paid_there", "inviter_there", "paid"),
    [(True, ANNA, True), (True, CLEO, False), (True, None, False), (False, ANNA, False)],
)
def test_a_bonus_paid_there_counts_if_the_inviter_is_the_same(
    world, paid_there, inviter_there, paid
):
    command = brought(
        referred_by=inviter_there, referral_paid=paid_there, referral_reward_points=1000
    )
    (opening,) = world.when(command)
    expected = (paid, 1000 if paid else 0)
    assert (opening.referral_paid, opening.referral_reward_points) == expected


def test_a_bonus_paid_here_is_not_paid_there_too(world):
    world.set("referral_after_ads", 1)
    world.ads(BEN, 1)
    command = brought(referred_by=ANNA, referral_paid=True, referral_reward_points=1000)
    (opening,) = world.when(command)
    assert (opening.referral_paid, opening.referral_reward_points) == (False, 0)


@pytest.mark.parametrize(("code", "kept"), [("old", "old"), (f"code{ANNA:04}", "")])
def test_an_old_code_that_somebody_has_here_is_not_kept(world, code, kept):
    (opening,) = world.when(brought(referral_code=code))
    assert opening.referral_code == kept
