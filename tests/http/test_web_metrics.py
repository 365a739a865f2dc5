"""`/metrics`, as Prometheus and other clients see it."""

from support.scrape import Scrape

from viewbank.telemetry.gauges import ledger_gauges, program_gauges
from viewbank.telemetry.metrics import Metrics


async def test_prometheus_gets_its_own_content_type_and_all_the_figures(world):
    metrics = Metrics("9.8.7")
    client = await world.serve(metrics=metrics.expose)

    answer = await client.get("/metrics")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert Scrape(await answer.read()).value("viewbank_build_info", version="9.8.7") == 1


async def test_each_answer_is_fresh(world):
    metrics = Metrics("9.8.7")
    metrics.ask(lambda: ledger_gauges(world.ledger))
    client = await world.serve(metrics=metrics.expose)

    before = await client.get("/metrics")
    await world.join(5)
    after = await client.get("/metrics")

    users = [Scrape(await one.read()).value("viewbank_users") for one in (before, after)]
    assert users == [0, 1]
    assert after.headers["Cache-Control"] == "no-store"


async def test_it_answers_when_the_disk_has_failed_and_telegram_is_away(world):
    """That is when it is needed most; the status page can't answer then."""
    metrics = Metrics("9.8.7")
    metrics.ask(lambda: program_gauges(world.ledger, lambda: "Telegram does not answer."))
    client = await world.serve(metrics=metrics.expose)
    await world.fill_the_disk()

    status = await client.get("/status")
    answer = await client.get("/metrics")

    assert (status.status, answer.status) == (503, 200)
    shown = Scrape(await answer.read())
    assert shown.value("viewbank_ready") == 0
    assert shown.value("viewbank_telegram_connected") == 0


async def test_nobody_is_named_in_it(world, person):
    metrics = Metrics("9.8.7")
    metrics.ask(lambda: ledger_gauges(world.ledger))
    client = await world.serve(metrics=metrics.expose)

    text = await (await client.get("/metrics")).text()

    assert Scrape(text).value("viewbank_orders", status="accepted") == 1
    for trace in person.traces():
        assert trace not in text


async def test_a_fault_in_it_is_said_to_programs_without_its_cause(world):
    def broken():
        raise RuntimeError("the secret is 42")

    client = await world.serve(metrics=broken)

    answer = await client.get("/metrics")

    assert (answer.status, answer.content_type) == (500, "application/json")
    assert "42" not in await answer.text()
