import pytest

from web.app import build_web
from web.responses import SECURITY_HEADERS

PATHS = ["/", "/status", "/health", "/ready", "/metrics"]
AD_PATHS = [
    "/ads",
    *("/ads/api/enter", "/ads/api/start", "/ads/api/done", "/ads/api/events"),
    *("/postback/{network}", "/postback/{network}/{secret}", "/go/{session}"),
]
"""Those have tests of their own."""
FILES = ["/static/style.css", "/static/live.js", "/static/icon.svg"]
SECRET = "5123456:AAsecretToken"


def test_these_tests_know_every_address(world):
    paths = {resource.canonical for resource in build_web(world.dependencies()).router.resources()}

    assert paths == {*PATHS, *AD_PATHS, "/static/{name}", "/telegram/webhook"}


@pytest.mark.parametrize("path", [*PATHS, *FILES, "/nothing", "/static/nothing"])
async def test_every_answer_has_the_security_headers(world, path):
    answer = await world.client.get(path)

    told = {name: answer.headers.get(name) for name in SECURITY_HEADERS}
    cache = "no-cache" if path.startswith("/static/") else "no-store"
    assert told == SECURITY_HEADERS | {"Cache-Control": cache}
    assert answer.headers["Server"] == "Viewbank"


@pytest.mark.parametrize("path", [*PATHS, *FILES])
async def test_head_answers_as_get_does_without_the_body(world, path):
    got = await world.client.get(path)
    headed = await world.client.head(path)

    assert (headed.status, await headed.read()) == (200, b"")
    for name in ("Content-Type", "Content-Length"):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing", "/static/%2e%2e/app.py", "/a/%00"])
async def test_an_unknown_address_gets_a_friendly_page(world, path):
    answer = await world.client.get(path)

    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "There is nothing here" in await answer.text()


@pytest.mark.parametrize("path", PATHS)
async def test_writing_to_an_address_that_only_reads_is_refused(world, path):
    answer = await world.client.post(path)

    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
    if path in {"/status", "/ready", "/metrics"}:
        assert await answer.json() == {"error": "This address can only be read."}
    else:
        assert "This can’t be done here" in await answer.text()


@pytest.mark.parametrize("path", ["/status", "/"])
async def test_a_fault_of_ours_shows_no_trace_outside(world, path, caplog):
    def break_down(_t):
        raise RuntimeError(SECRET)

    client = await world.serve(telegram_problem=break_down)

    answer = await client.get(path, params={"secret": SECRET})
    body = await answer.text()

    assert answer.status == 500
    assert "Your points are safe." in body
    assert SECRET not in body
    assert "Traceback" not in body
    assert [record.getMessage() for record in caplog.records] == [f"GET {path} failed"]


async def test_no_answer_tells_anything_about_a_person(world, person):
    seen = []
    for fault in (None, world.fill_the_disk):
        if fault is not None:
            await fault()
        for path in [*PATHS, f"/{person.user_id}"]:
            for method in ("GET", "POST"):
                answer = await world.client.request(method, path)
                seen.append(f"{answer.headers}\n{await answer.text()}")
    assert len(seen) == 24
    assert any("Accepted" in body for body in seen)

    assert [trace for body in seen for trace in person.traces() if trace in body] == []
