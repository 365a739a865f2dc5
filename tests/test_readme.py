"""What the README says is true."""

import re
from pathlib import Path

from viewbank.settings import describe

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    rows = ["| name | default | what it is |", "| --- | --- | --- |"]
    for name, default, meaning in describe():
        rows.append(f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |")
    return "\n".join(rows)


def test_the_settings_table_is_the_one_in_the_code():
    found = re.search(
        r"<!-- settings: begin.*?-->\n(.*?)\n<!-- settings: end -->", README, re.DOTALL
    )
    assert found, "the README has lost its marks"
    assert found[1] == settings_table()


def test_every_make_target_and_file_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test", "run", "check"} <= named <= targets
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link
