"""The staged edition: what an audit refused does not outlive the inputs that it was made from."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.alerts.state import _refusals
from pipelines.assets import publish
from pipelines.home import Home
from pipelines.publish.audit import AuditToken, write_token
from pipelines.resources import StateFolder


def test_a_refused_edition__is_cleared_once_the_current_one_is_up_to_date(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the code that was refused was rolled back."""
    home.staged.mkdir()
    write_token(home.staged, AuditToken(edition_id="2", staged_sha256="", expected=("never made",), outcomes=()))
    assert _refusals(home)[0]
    monkeypatch.setattr(publish, "input_fingerprint", lambda _: "inputs")
    monkeypatch.setattr(publish, "is_up_to_date", lambda *_: True)
    monkeypatch.setattr(publish, "refresh_bookkeeping", lambda _: None)
    monkeypatch.setattr(publish, "current_edition", lambda _: home.editions / "1")
    assert dg.materialize([publish.staged], resources={"state": StateFolder(root=str(home.root))}).success
    assert _refusals(home) == ((), None)
