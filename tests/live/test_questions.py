"""Review questions in a kernel: what a page says of them is noted once, and a cell that runs again leaves nothing."""

import json

import pytest
from kernel import Notebook

from dlcourse.live.questions import Asking, View

QUESTION = {
    "id": "0", "context": "Two and two.", "asks": "That makes", "choices": ["3", "4"], "answer": "4", "why": "Count.",
    "lesson": "01 · Sums", "file": "01_sums.ipynb",
}  # fmt: skip


@pytest.fixture
def asking():
    noted = []
    one = Asking(
        [QUESTION, QUESTION | {"id": "1"}], title="Two", farewell="Bye.", given=lambda *said: noted.append(said)
    )
    yield one, noted
    one.close()


def test_what_a_page_says_is_noted_once(asking):
    one, noted = asking
    for given in ({"0": ""}, {"0": "3"}, {"0": "3", "1": ""}, {"0": "4", "1": ""}, {"0": "4", "1": "4"}):
        one.view.given = given
    assert noted == [("0", ""), ("0", "3"), ("1", ""), ("1", "4")], "the first answer counts"


def test_it_is_closed_without_a_trace(asking):
    one, _ = asking
    model = one.view.model_id
    from ipywidgets.widgets.widget import _instances

    assert one.bundle()[0]["application/vnd.jupyter.widget-view+json"]["model_id"] == model in _instances
    one.close()
    assert model not in _instances and one.bundle() == ({}, {}) and one.view is None
    one.close()


def test_a_view_stands_alone_and_fetches_nothing():
    assert "https://" not in View._esm + View._css and "import " not in View._esm


def test_in_a_kernel_answers_come_over_the_wire_and_a_cell_that_runs_again_closes_its_view(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_PROGRESS", "off")
    notebook = Notebook()
    try:
        notebook.run("import dlcourse as dl")
        models = []
        for _ in range(2):
            (shown,) = [
                one for one in notebook.run('dl.review("05")', "the cell") if one["msg_type"] == "execute_result"
            ]
            data = shown["content"]["data"]
            models.append(data["application/vnd.jupyter.widget-view+json"]["model_id"])
            assert data["text/html"].startswith("<details>") and shown["content"]["metadata"]["dlcourse"]
        assert notebook.is_closed(models[0]) and not notebook.is_closed(models[1])
        state = {"given": {"0": "", "1": "none"}}
        notebook.ask(
            "comm_msg", {"comm_id": models[1], "data": {"method": "update", "state": state, "buffer_paths": []}}
        )
        tell = "import json\nfrom dlcourse.reviews.offer import _session\nprint(json.dumps({n: [r.right, r.wrong] for n, r in _session.reviews['egg_carton'].items()}))"
        assert json.loads(notebook.printed(tell)) == {"60 updates": [0, 0], "balls": [1, 0]}
    finally:
        notebook.close()
