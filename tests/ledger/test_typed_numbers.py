"""Numbers as people write them: what means one whole number, and why the rest does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.untrusted.typed_numbers import (
    NUMBER_MAX,
    NumberProblem,
    Wording,
    read_number,
    read_plain_number,
)

VIEWS = Wording(frozenset({"view", "views", "просмотров"}), others_max=3)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("100", 100),
        (" 0100 ", 100),
        ("\u200e100", 100),
        ("\u202a100\u202c", 100),
        ("\ud83d100", 100),
        ("+20", 20),
        ("＋20", 20),
        ("-5", -5),
        ("\u22125", -5),
        ("\u20135", -5),
        ("\u22120", 0),
        ("1k", 1000),
        ("1K", 1000),
        ("1 к", 1000),
        ("1.5k", 1500),
        ("1,5к", 1500),
        ("2 тыс.", 2000),
        ("3 thousand", 3000),
        ("1m", 1_000_000),
        ("1kk", 1_000_000),
        ("1.5 млн", 1_500_000),
        ("1e3", 1000),
        ("1.5E3", 1500),
        ("50e-1", 5),
        ("1 000", 1000),
        ("1\u00a0000", 1000),
        ("1\u202f000\u202f000", 1_000_000),
        ("1,000", 1000),
        ("1.000", 1000),
        ("1'000", 1000),
        ("1\u2019000", 1000),
        ("1_000", 1000),
        ("12,345,678", 12_345_678),
        ("1,00,000", 100_000),
        ("1.000,00", 1000),
        ("1,000.0", 1000),
        ("10.00", 10),
        ("1,00", 1),
        ("\uff11\uff10\uff10", 100),
        ("\u0661\u0660\u0660", 100),
        ("\u06f1\u06f0\u06f0", 100),
        ("\u0967\u0966\u0966", 100),
        ("\u0661\u066c\u0660\u0660\u0660", 1000),
        ("\U0001d7cf\U0001d7ce", 10),
        ("1\ufe0f\u20e30\ufe0f\u20e3", 10),
        ("100.", 100),
        ("100!", 100),
        ("...100", 100),
        ("(100)", 100),
        ("«100»", 100),
        ("“100”", 100),
        ("**100**", 100),
        ("<100>", 100),
        ("#100", 100),
        ("№ 100", 100),
        ("=100", 100),
        ("100 👍", 100),
        ("x100", 100),
        ("100x", 100),
    ],
)
def test_what_can_mean_one_whole_number_is_that_number(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("10 views", 10),
        ("10views", 10),
        ("Views: 10", 10),
        ("1k views.", 1000),
        ("100 просмотров", 100),
        ("100 please", 100),
        ("хочу 100 просмотров, спасибо", 100),
        ("давай\n100", 100),
    ],
)
def test_units_and_a_few_words_do_no_harm_where_they_may_stand(typed, number):
    assert read_number(typed, VIEWS) == number
    assert read_number(typed) is NumberProblem.OTHER_WORDS


@pytest.mark.parametrize(
    "typed",
    """10O|1OO|1OOO|10о|1ОО|l00|I00|5OO views|2oo|5ти|500ка|1kkk|1b|1bn|1 bn|1g|1kg|1km|k100|id100
    100please|1лям|5 лям|1 тонна|1万|3千|3만|1 мільйон|5 тисяч|15 тыщ|10 mil|1 mille|1 Tsd
    2 bin|5 ribu|3 nghìn|५ हज़ार|1 lakh|1 ألف|5 هزار|100 likes|100 лайков
    100 followers|100 подписчиков|100 comments|100 subs|100th""".replace("\n", "|").split("|"),
)
def test_what_may_be_digits_or_multiply_or_counts_other_things_is_asked_about(typed):
    assert isinstance(read_number(typed.strip(), VIEWS), NumberProblem)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("100次", 100),
        ("看100次", 100),
        ("100회", 100),
        ("Кол-во: 100", 100),
        ("100 views, e-mail me", 100),
        ("1.5k просмотров", 1500),
        ("1 500 просмотров", 1500),
        ("I want 100 views", 100),
        ("100 lượt xem", 100),
        ("١٠٠ مشاهدة", 100),
        ("0.125k", 125),
        ("1_000 views", 1000),
        ("12,34,567", 1_234_567),
        ("100,100", 100_100),
        ("_100_", 100),
        ("~~100~~", 100),
        ("**`100`**", 100),
    ],
)
def test_words_beside_a_number_do_not_hide_it(typed, number):
    assert read_number(typed, VIEWS) == number


@pytest.mark.parametrize("typed", ["1,0000", "1.00000", "10,0000", "100.0000", "0.000", "0,000"])
def test_zeros_like_a_group_of_thousands_in_the_wrong_place_are_ambiguous(typed):
    assert read_number(typed) is NumberProblem.AMBIGUOUS


@pytest.mark.parametrize("sign", "*_`~")
def test_long_runs_of_signs_are_no_number_and_no_work(sign):
    """A search for the last of them from every place would take minutes."""
    assert isinstance(read_number("1" + sign * 200_000 + "1"), NumberProblem)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", NumberProblem.NO_DIGITS),
        ("many", NumberProblem.NO_DIGITS),
        ("ten", NumberProblem.NO_DIGITS),
        ("一百", NumberProblem.NO_DIGITS),
        ("k", NumberProblem.NO_DIGITS),
        ("100-200", NumberProblem.SEVERAL),
        ("100 – 200", NumberProblem.SEVERAL),
        ("100 or 200", NumberProblem.SEVERAL),
        ("10 20", NumberProblem.SEVERAL),
        ("100\n100", NumberProblem.SEVERAL),
        ("10:30", NumberProblem.SEVERAL),
        ("1/2", NumberProblem.SEVERAL),
        ("0x10", NumberProblem.SEVERAL),
        ("1k-2k", NumberProblem.SEVERAL),
        ("½", NumberProblem.NOT_WHOLE),
        ("1½", NumberProblem.NOT_WHOLE),
        ("0.5", NumberProblem.NOT_WHOLE),
        (".5", NumberProblem.NOT_WHOLE),
        ("1,5", NumberProblem.NOT_WHOLE),
        ("10.5", NumberProblem.NOT_WHOLE),
        ("1.0005k", NumberProblem.NOT_WHOLE),
        ("5e-1", NumberProblem.NOT_WHOLE),
        ("100+", NumberProblem.NOT_EXACT),
        ("~100", NumberProblem.NOT_EXACT),
        (">100", NumberProblem.NOT_EXACT),
        ("±100", NumberProblem.NOT_EXACT),
        ("1,500k", NumberProblem.AMBIGUOUS),
        ("1000,000", NumberProblem.AMBIGUOUS),
        ("1.2.3", NumberProblem.AMBIGUOUS),
        ("--5", NumberProblem.AMBIGUOUS),
        ("5-", NumberProblem.AMBIGUOUS),
        ("order-5", NumberProblem.AMBIGUOUS),
        ("$100", NumberProblem.OTHER_WORDS),
        ("100%", NumberProblem.OTHER_WORDS),
        ("10²", NumberProblem.OTHER_WORDS),
        ("100 points", NumberProblem.OTHER_WORDS),
        ("100 руб", NumberProblem.OTHER_WORDS),
        ("not 100", NumberProblem.OTHER_WORDS),
        ("half of 100", NumberProblem.OTHER_WORDS),
        ("больше 100", NumberProblem.OTHER_WORDS),
        ("why was it 100 and when do I get it", NumberProblem.OTHER_WORDS),
        ("9" * 5000, NumberProblem.TOO_LARGE),
        ("-" + "9" * 5000, NumberProblem.TOO_LARGE),
        ("1e400", NumberProblem.TOO_LARGE),
        ("1e" + "9" * 50, NumberProblem.TOO_LARGE),
        (str(NUMBER_MAX + 1), NumberProblem.TOO_LARGE),
    ],
)
def test_everything_else_has_a_reason_why_it_is_no_number(typed, problem):
    assert read_number(typed, VIEWS) is problem


GROUP_SIGNS = st.sampled_from([",", ".", " ", "'", "\u00a0", "\u202f", "\u2009", "_", "\u2019"])
DIGITS_OF_SCRIPTS = st.sampled_from([0x30, 0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
JUNK = st.text("\u200b\u200e\u200f\u202a\u202e\u2060\u2066\ufeff\u00ad\ufe0f \u00a0", max_size=3)


@given(st.integers(-NUMBER_MAX, NUMBER_MAX), GROUP_SIGNS, DIGITS_OF_SCRIPTS, JUNK, JUNK)
def test_a_number_in_groups_and_in_digits_of_any_script_is_that_number(
    number, sign, zero, before, after
):
    typed = f"{number:,}".replace(",", sign)
    typed = "".join(chr(zero + int(one)) if one.isdecimal() else one for one in typed)
    assert read_number(f"{before}{typed}{after}") == number


@given(st.text(st.characters() | st.sampled_from("0123456789.,'+-−½²eEkк ٣\ud800\n"), max_size=40))
def test_no_text_makes_the_parser_fail(text):
    for wording in (VIEWS, Wording()):
        read = read_number(text, wording)
        assert isinstance(read, NumberProblem) or abs(read) <= NUMBER_MAX
    read_plain_number(text)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("42", 42), (" \u200e42", 42), ("1,000", 1000), ("٤٢", 42), ("7 981 712 298", 7981712298)],
)
def test_an_id_is_digits_alone(typed, number):
    assert read_plain_number(typed) == number


@pytest.mark.parametrize("typed", ["", "anna", "1k", "1e3", "-5", "+5", "2026-11-22", "16:00", "½"])
def test_what_may_be_a_name_or_a_time_is_no_id(typed):
    assert read_plain_number(typed) is None
