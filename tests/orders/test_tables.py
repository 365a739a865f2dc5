"""What people paste and what order providers answer, row by row; see tables/README.md."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.links import video_links as v
from orders.providers import answers as a
from orders.providers.echoes import Echo

TABLES = Path(__file__).parent / "tables"
LINK = "https://www.tiktok.com/@some.user/video/7234567890123456789"

OUTCOMES = {a.Rejected: "given back", a.NotSent: "held", a.Unclear: "a human"}
REFUSALS = {
    v.NotALink: "no link",
    v.SeveralVideos: "several",
    v.DisguisedLink: "disguised",
    v.ShortenedLink: "forwards",
    v.UnknownSite: "site",
}


def rows(name: str) -> Iterator[tuple[str, str]]:
    """The heading above each row of a table, and the row."""
    heading = ""
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            heading = line.removeprefix("# ")
        else:
            yield heading, json.loads(line)


@pytest.mark.parametrize(("right", "pasted"), list(rows("pasted_links.txt")))
def test_a_pasted_link_is_read_or_refused_for_the_right_reason(right: str, pasted: str):
    match v.read_video_link(pasted):
        case v.Video(link=link):
            assert link == right
        case v.NotAVideo(page=page):
            assert f"!{page}" == right
        case refusal:
            assert f"!{REFUSALS[type(refusal)]}" == right


@pytest.mark.parametrize(("right", "said"), list(rows("provider_answers.txt")))
def test_an_answer_of_a_provider_has_the_right_outcome(right: str, said: str):
    right, words_alone, _ = right.partition(", for these errors")
    body = json.dumps({"error": said}) if words_alone else said
    outcome, _, status = right.partition(", HTTP ")
    answer = a.judge(int(status or a.OK), body, body, 0, Echo(LINK, "100"))
    if isinstance(answer, a.Accepted):
        assert outcome == f"accepted as {answer.provider_order_id}"
    else:
        assert OUTCOMES[type(answer)] == outcome


def test_the_tables_are_not_empty():
    assert sum(1 for _ in rows("pasted_links.txt")) > 700
    assert sum(1 for _ in rows("provider_answers.txt")) > 1600
