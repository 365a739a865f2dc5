"""The limit on open files: raised at the start, and shared with the web server."""

import resource

import pytest

from viewbank import open_files


@pytest.fixture
def _limit_is_put_back():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("_limit_is_put_back")
def test_the_limit_is_raised_to_what_the_process_may_have():
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    assert (open_files.limit(), open_files.web_connections(512)) == (200, 66)
    open_files.raise_limit()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)


@pytest.mark.usefixtures("_limit_is_put_back")
def test_a_system_that_refuses_is_no_reason_not_to_start(monkeypatch):
    def refuse(_which, _limits):
        raise ValueError("current limit exceeds maximum limit")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    with monkeypatch.context() as patched:
        patched.setattr(resource, "setrlimit", refuse)
        open_files.raise_limit()
    assert open_files.limit() == 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("files", "connections"), [(None, 512), (1_048_576, 512), (1024, 341), (64, 21), (2, 1)]
)
def test_the_web_server_leaves_files_for_the_others(monkeypatch, files, connections):
    monkeypatch.setattr(open_files, "limit", lambda: files)
    assert open_files.web_connections(512) == connections
