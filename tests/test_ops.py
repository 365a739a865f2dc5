"""`ops/`: its rules and graphs use existing figures, in valid Prometheus syntax."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import aiohttp
import pytest
from support.scrape import Scrape

from sandbox.server import running
from viewbank.run import run
from viewbank.settings import Settings, describe

OPS = Path(__file__).parents[1] / "ops"
ALERTS = (OPS / "alerts.yml").read_text(encoding="utf-8")
DASHBOARD = json.loads((OPS / "grafana-dashboard.json").read_text(encoding="utf-8"))
ROWS = [panel for panel in DASHBOARD["panels"] if panel["type"] == "row"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

NAME = re.compile(r"\b(?:viewbank|process)_[a-z_]+")
MATCHED = re.compile(r'(\w+)\{(\w+)(=|!=|=~)"([^"]*)"\}')
GROUPED = re.compile(r"by \(([^)]*)\) \(.*?(\b(?:viewbank|process)_[a-z_]+)")


def rules():
    """Name and text of each rule, by the one form that our file has."""
    parts = re.split(r"^ {6}- alert: (\w+)\n", ALERTS, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def expression_of(rule):
    """What stands behind `expr:`, in one line or folded over several."""
    found = re.search(r"^ {8}expr: (?:>-\n)?(.*?)\n {8}\w", rule, re.MULTILINE | re.DOTALL)
    assert found, rule
    return " ".join(found[1].split())


DASHBOARD_QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
QUERIES = DASHBOARD_QUERIES + [expression_of(rule) for rule in rules().values()]


async def _run_and_scrape(folder):
    """The whole program, until it is ready and has been asked once."""
    async with running(admin_ids=[7]) as outside:
        settings = Settings(
            bot_token=outside.token,
            admin_ids=frozenset({7}),
            telegram_api_url=outside.telegram_api_url,
            data_dir=folder,
            port=0,
            ad_url=outside.ad_url,
            order_api_url=outside.provider_url,
        )
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        program = asyncio.create_task(run(settings, on_ready=ready.set_result, stop=stop))
        await asyncio.wait([program, ready], return_when=asyncio.FIRST_COMPLETED)
        if program.done():
            program.result()
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{ready.result()}/metrics") as answer,
        ):
            assert answer.status == 200
            told = await answer.text()
        stop.set()
        assert await program == 0
        return told


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What the running program answers to `/metrics`."""
    return Scrape(asyncio.run(_run_and_scrape(tmp_path_factory.mktemp("data"))))


def names_shown(shown):
    """Every name that a query may use: those of samples, and of figures that have none yet."""
    names = set()
    for family in shown.families:
        names |= {family.name, *(sample.name for sample in family.samples)}
        if family.type == "counter":
            names |= {f"{family.name}_total"}
    return names


def test_there_is_something_to_check():
    assert len(DASHBOARD_QUERIES) > 40
    assert len(rules()) == ALERTS.count("- alert:") == 4
    assert all(NAME.search(query) for query in QUERIES)


def test_every_figure_that_is_asked_for_is_there(shown):
    asked = {name for query in QUERIES for name in NAME.findall(query)}

    assert asked - names_shown(shown) == set()


def test_every_figure_of_ours_is_looked_at_somewhere(shown):
    asked = " ".join(QUERIES)

    ours = {family.name for family in shown.families if family.name.startswith("viewbank_")}
    assert len(ours) > 25
    assert {name for name in ours if name not in asked} == set()


def test_every_label_that_is_asked_for_is_there(shown):
    matched = [found for query in QUERIES for found in MATCHED.findall(query)]
    matched = [found for found in matched if found[0] != "up"]
    grouped = [found for query in QUERIES for found in GROUPED.findall(query)]
    assert len(matched) > 5
    assert len(grouped) > 10

    for name, label, operator, value in matched:
        values = shown.labels(name, label)
        if operator == "=":
            assert value in values, f"{name}: {value}"
        else:
            assert any(re.fullmatch(value, one) for one in values), f"{name}: {value}"
    for labels, name in grouped:
        sample = next(shown.samples(name), None)
        assert sample, name
        assert set(labels.split(", ")) <= set(sample.labels), f"{name}: {labels}"


def test_every_figure_says_what_it_is(shown):
    assert [one.name for one in shown.families if not one.documentation.endswith(".")] == []


@pytest.mark.parametrize("name", rules())
def test_a_rule_says_when_how_bad_and_what_to_do(name):
    rule = rules()[name]

    assert re.search(r"^ {8}for: [1-9]\d*m$", rule, re.MULTILINE)
    assert re.search(r"^ {10}severity: (critical|warning)$", rule, re.MULTILINE)
    assert re.search(r"^ {10}summary: .{20,}$", rule, re.MULTILINE)
    description = re.search(r"^ {10}description: >-\n((?: {12}.+\n)+)", rule, re.MULTILINE)
    assert description
    assert len(description[1].splitlines()) >= 3


def test_the_dashboard_asks_whoever_imports_it_for_their_prometheus():
    given = DASHBOARD["__inputs"]

    assert [(one["name"], one["pluginId"]) for one in given] == [("DS_PROMETHEUS", "prometheus")]
    for panel in PANELS:
        for part in (panel, *panel["targets"]):
            assert part["datasource"] == {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}


def test_every_panel_says_what_it_shows_in_which_unit():
    for panel in PANELS:
        assert panel["title"], panel
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]


def test_the_rows_go_from_the_question_to_the_machine():
    assert [row["title"] for row in ROWS] == [
        "Are we fine?",
        "Telegram",
        "Ledger",
        "Orders and money",
        "Ads",
        "Process",
    ]


def test_no_panel_lies_on_another():
    taken = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                other = taken.setdefault((x, y), panel["title"])
                assert other == panel["title"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_the_example_asks_where_the_program_listens():
    defaults = {name: default for name, default, _ in describe()}
    example = (OPS / "prometheus.yml").read_text(encoding="utf-8")

    assert f'targets: ["{defaults["HOST"]}:{defaults["PORT"]}"]' in example
    assert "job_name: viewbank\n" in example
    assert 'job="viewbank"' in ALERTS


@pytest.fixture
def promtool():
    """Prometheus' own checker. Without it a test is skipped, or fails if it must run."""
    path = shutil.which("promtool")
    if path is None:
        missing = "no promtool on this machine (it comes with prometheus): the rules were not run"
        if os.environ.get("VIEWBANK_NEED_PROMTOOL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)

    def ask(*arguments, told=""):
        done = subprocess.run(
            [path, *arguments], input=told, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return ask


def test_prometheus_takes_the_rules(promtool):
    assert "4 rules found" in promtool("check", "rules", str(OPS / "alerts.yml"))


def test_the_rules_fire_when_they_should_and_only_then(promtool):
    assert "SUCCESS" in promtool("test", "rules", str(OPS / "alerts_test.yml"))


def test_prometheus_takes_the_example(promtool):
    assert "1 rule files found" in promtool("check", "config", str(OPS / "prometheus.yml"))


def test_prometheus_understands_every_query_of_the_dashboard(promtool, tmp_path):
    queries = [query.replace("$__rate_interval", "1m") for query in DASHBOARD_QUERIES]
    rules = [{"record": f"query_{number}", "expr": q} for number, q in enumerate(queries)]
    file = tmp_path / "queries.yml"
    # JSON is YAML too.
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))

    assert f"{len(queries)} rules found" in promtool("check", "rules", str(file))


def test_prometheus_has_nothing_to_say_against_the_names(promtool, shown):
    assert promtool("check", "metrics", told=shown.text) == ""
