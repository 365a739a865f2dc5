"""Commands and refusals have unique tags, and can be encoded and decoded."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import commands as c
from ledger import refusals as r
from ledger.event_types.base import POINTS_MAX
from ledger.event_types.catalogue import Mismatch
from ledger.reason_codes import ReasonCode

COMMAND_TAGS = {
    c.AcceptOrder: "accept_order",
    c.AdjustBalance: "adjust_balance",
    c.Ban: "ban",
    c.ChangeOffer: "change_offer",
    c.ChangeSetting: "change_setting",
    c.EndOrder: "end_order",
    c.NoteEvidence: "note_evidence",
    c.NoteProgress: "note_progress",
    c.NoteReconciled: "note_reconciled",
    c.NoteRequestAnswer: "note_request_answer",
    c.NoteReview: "note_review",
    c.RequestForOrder: "request_for_order",
    c.FinishBroadcast: "finish_broadcast",
    c.ImportOrder: "import_order",
    c.ImportUser: "import_user",
    c.Join: "join",
    c.NoteClockStep: "note_clock_step",
    c.NoteAppeal: "note_appeal",
    c.FreezeEarning: "freeze_earning",
    c.UnfreezeEarning: "unfreeze_earning",
    c.TakeBackEarnings: "take_back_earnings",
    c.RequireChannel: "require_channel",
    c.NoteDigest: "note_digest",
    c.NoteNotSent: "note_not_sent",
    c.NoteReachable: "note_reachable",
    c.NoteTailCut: "note_tail_cut",
    c.NoteUnclear: "note_unclear",
    c.NoteUnreachable: "note_unreachable",
    c.OpenAd: "open_ad",
    c.PlaceOrder: "place_order",
    c.ProgressBroadcast: "progress_broadcast",
    c.RejectOrder: "reject_order",
    c.RewardAd: "reward_ad",
    c.SendOrder: "send_order",
    c.StartBroadcast: "start_broadcast",
    c.StartLog: "start_log",
    c.Unban: "unban",
}
REFUSAL_TAGS = {
    r.AdAlreadyPaid: "ad_already_paid",
    r.AdNotOpened: "ad_not_opened",
    r.AdNotWatchedLongEnough: "ad_not_watched_long_enough",
    r.AlreadyBanned: "already_banned",
    r.AlreadyFrozen: "already_frozen",
    r.EarningIsFrozen: "earning_is_frozen",
    r.NotAChannelName: "not_a_channel_name",
    r.NotFrozen: "not_frozen",
    r.AlreadyDone: "already_done",
    r.AlreadyJoined: "already_joined",
    r.AppealSentToday: "appeal_sent_today",
    r.CooldownActive: "cooldown_active",
    r.DailyCapReached: "daily_cap_reached",
    r.ImpossibleOpening: "impossible_opening",
    r.NobodyToWrite: "nobody_to_write",
    r.NotBanned: "not_banned",
    r.NotOnOffer: "not_on_offer",
    r.NotPossibleHere: "not_possible_here",
    r.RemainsUnknown: "remains_unknown",
    r.WrongOffer: "wrong_offer",
    r.NotEnoughPoints: "not_enough_points",
    r.NothingChanges: "nothing_changes",
    r.NothingToAdjust: "nothing_to_adjust",
    r.PriceChanged: "price_changed",
    r.QuantityOutOfRange: "quantity_out_of_range",
    r.ReferralCodeTaken: "referral_code_taken",
    r.SettingOutOfRange: "setting_out_of_range",
    r.TooManyOrders: "too_many_orders",
    r.UnknownAd: "unknown_ad",
    r.UnknownBroadcast: "unknown_broadcast",
    r.UnknownOrder: "unknown_order",
    r.UnknownSetting: "unknown_setting",
    r.UnknownUser: "unknown_user",
    r.UserIsBanned: "user_is_banned",
    r.WrongOrderStatus: "wrong_order_status",
}
st.register_type_strategy(
    Mismatch,
    st.builds(
        Mismatch,
        ours_micro=st.integers(-POINTS_MAX, POINTS_MAX),
        theirs_micro=st.integers(-POINTS_MAX, POINTS_MAX),
    ),
)
PINNED = {c: COMMAND_TAGS, r: REFUSAL_TAGS}
UNIONS = {c: set(get_args(c.AnyCommand)), r: set(get_args(r.AnyRefusal))}
KINDS = [
    pytest.param(module, kind, id=tag)
    for module, tags in PINNED.items()
    for kind, tag in tags.items()
]


def any_of(kind: type) -> st.SearchStrategy:
    """Any value of a struct, as its annotations say; the defaults too, now and then."""
    return st.builds(kind, **{field: st.from_type(of) for field, of in kind_fields(kind).items()})


def kind_fields(kind: type) -> dict[str, type]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


@pytest.mark.parametrize("module", [c, r], ids=["commands", "refusals"])
def test_tags_are_words_and_never_change(module):
    pinned = PINNED[module]
    assert set(pinned) == UNIONS[module]
    assert len(set(pinned.values())) == len(pinned) > 20
    for kind, tag in pinned.items():
        assert kind.__struct_config__.tag == tag
        assert kind.__struct_config__.tag_field == "type"
        assert tag.replace("_", "").isalpha()
        assert tag.islower()


@pytest.mark.parametrize(("module", "kind"), KINDS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_whatever_is_written_is_read_back_as_it_was(module, kind, data):
    value = data.draw(any_of(kind))
    line = module.encode.encode(value)
    again = module.decode.decode(line)
    assert (type(again), again) == (kind, value)
    assert msgspec.json.decode(line)["type"] == PINNED[module][kind]


@pytest.mark.parametrize("module", [c, r], ids=["commands", "refusals"])
@pytest.mark.parametrize("line", [b'{"type":"no_such"}', b'{"by":"system"}', b"{}", b"[]"])
def test_what_is_no_member_of_the_union_is_not_read(module, line):
    with pytest.raises(msgspec.ValidationError):
        module.decode.decode(line)


def test_an_unknown_reason_code_is_not_read():
    command = c.RejectOrder(by="provider", order_id="a", reason_code=ReasonCode.REFUSED)
    line = c.encode.encode(command)
    assert c.decode.decode(line) == command
    with pytest.raises(msgspec.ValidationError, match="later_code"):
        c.decode.decode(line.replace(b"refused", b"later_code"))
