"""Finding a person by an id, a @username, or a part of a name."""

import pytest
from support.given import ANNA, BEN, Scenario

from ledger.state import User
from ledger.user_search import by_id, by_name, by_part_of_name, words_of


@pytest.fixture
def state():
    world = Scenario()
    for user_id, username in ((ANNA, "anna"), (BEN, "Anna"), (3, "carl")):
        world.join(user_id)
        world.state.users[user_id].username = username
    return world.state


def test_an_id_is_one_person_or_nobody(state):
    assert by_id(state, f" {ANNA} ") == [state.users[ANNA]]
    assert by_id(state, "99") == []


@pytest.mark.parametrize("text", ["anna", "@anna", "", "-1", "²", "9" * 5000])
def test_what_is_no_id_is_not_taken_for_one(state, text):
    assert by_id(state, text) is None


def test_a_username_is_found_in_any_case(state):
    assert by_name(state.users.values(), "@CARL") == [state.users[3]]


def test_everybody_who_goes_by_a_username_is_named(state):
    found = by_name(state.users.values(), "anna")
    assert [user.user_id for user in found] == [ANNA, BEN]


@pytest.mark.parametrize("text", ["", "@", " "])
def test_no_name_is_nobodys_name(state, text):
    state.users[ANNA].username = ""
    assert by_name(state.users.values(), text) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("anna", {1, 2}),
        ("ANN", {1, 2}),
        ("@annasmith", {1}),
        ("smith", {1}),
        ("smith anna", {1}),
        ("нна", {2}),
        ("Петров", {2}),
        ("ПЕТР \u200bанна", {2}),
        ("ｓｍｉｔｈ", {1}),
        ("straße", {3}),
        ("STRASSE", {3}),
        ("anna smithers", set()),
        ("zzz", set()),
        ("", set()),
        ("@", set()),
        ("\u200b", set()),
    ],
)
def test_a_part_of_a_name_is_found_in_any_case_and_order(typed, found):
    people = [
        User(user_id=1, first_name="Anna", last_name="Smith", username="AnnaSmith"),
        User(user_id=2, first_name="Анна", last_name="Петрова", username="anna_p"),
        User(user_id=3, first_name="Kurt", last_name="Straße"),
    ]
    assert {user.user_id for user in by_part_of_name(people, words_of(typed))} == found
