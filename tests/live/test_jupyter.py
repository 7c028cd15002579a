"""A widget's life without a browser: the conversation of Session and view, and what a notebook stores."""

import asyncio
import base64
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from demo import Wave

from dlcourse.live.pace import SILENCE_SECONDS, WINDOW
from dlcourse.live.questions import Asking
from dlcourse.live.session import SETTLE_SECONDS, Session
from dlcourse.live.widget import Predict


class Audience:
    """Stands for the view: keeps what was sent."""

    def __init__(self, widget=None, **options):
        self.messages = []
        self.session = Session(widget or Wave(), self.take, **options)

    def take(self, message, buffers):
        self.messages.append(message | {"png": buffers})

    def hello(self, **look):
        self.session.handle({"do": "hello", "ratio": 1, "width": 720, "dark": False} | look)

    @property
    def frames(self):
        return [message for message in self.messages if "frame" in message]

    def acknowledge(self):
        self.session.handle({"do": "ack", "frame": self.frames[-1]["frame"]})


def alive(scenario):
    """Run an asynchronous test."""
    asyncio.run(asyncio.wait_for(scenario, 30))


async def until(happened):
    """Let the loop go on until something has happened, however busy the machine is."""
    while not happened():
        await asyncio.sleep(0.005)


def test_nothing_is_drawn_before_somebody_looks():
    audience = Audience()
    audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 2.0}})
    assert audience.messages == [] and audience.session.state.frequency == 2.0


def test_hello_is_answered_with_a_portrait_and_a_picture():
    audience = Audience()
    audience.hello()
    portrait, frame = audience.messages
    assert portrait["title"] == "Wave" and [c["name"] for c in portrait["controls"]][:2] == ["frequency", "damping"]
    assert portrait["actions"] == {"clear": "Clear points"} and portrait["evolves"] and portrait["touch"]
    assert frame["png"][0][:4] == b"\x89PNG" and frame["sentence"].startswith("A sine wave")
    assert frame["caption"] == frame["sentence"]


def test_only_the_newest_value_of_a_control_is_drawn():
    async def scenario():
        audience = Audience()
        audience.hello()
        for n in range(1, 31):
            audience.session.handle({"do": "set", "n": n, "values": {"frequency": n / 10}})
        await until(lambda: audience.frames[-1]["heard"] == 30)
        assert len(audience.frames) <= 3
        assert audience.frames[-1]["values"]["frequency"] == 3.0 and audience.frames[-1]["heard"] == 30

    alive(scenario())


def test_what_comes_to_rest_is_not_drawn_a_second_time(monkeypatch):
    painted = []
    paint = Wave.paint
    monkeypatch.setattr(Wave, "paint", lambda wave, *rest: (painted.append(wave), paint(wave, *rest)))
    audience = Audience()
    audience.hello()
    audience.session.handle({"do": "pause", "n": 1})
    first, second = audience.frames
    assert first["png"] == second["png"] and len(painted) == 1
    audience.session.handle({"do": "step", "n": 2})
    audience.session.handle({"do": "look", "ratio": 2, "width": 720, "dark": False})
    assert len(painted) == 3 and audience.frames[-1]["png"] != audience.frames[-2]["png"]


def test_what_takes_long_is_left_out_while_something_moves_and_there_when_it_rests():
    class Trained(Wave):
        def takes_long(self):
            return self.frequency > 2

        def describe(self, result):
            return f"{'in training' if self.hurried else 'trained'} at {self.frequency}"

    async def scenario():
        audience = Audience(Trained())
        audience.hello()
        for n, frequency in enumerate((1.5, 3.0, 4.0), start=1):
            audience.session.handle({"do": "set", "n": n, "values": {"frequency": frequency}})
            await until(lambda n=n: audience.frames[-1]["heard"] == n)
            audience.acknowledge()
        await until(lambda: audience.frames[-1]["still"])
        assert [frame["sentence"] for frame in audience.frames] == [
            "trained at 1.0", "trained at 1.5", "in training at 3.0", "in training at 4.0", "trained at 4.0"
        ]  # fmt: skip
        assert not audience.session.state.hurried

    alive(scenario())


def test_every_numbered_message_is_heard_of():
    audience = Audience(Wave(), predict=Predict("?", ("up", "down")))
    audience.hello()
    for n, what in enumerate(("set", "events", "action", "step", "back", "play", "code"), start=1):
        audience.session.handle(
            {"do": what, "n": n, "values": {"frequency": 2.0}, "events": [], "name": "nothing", "open": False}
        )
        assert audience.messages[-1]["heard"] == n, what


def test_at_most_four_frames_are_on_the_way():
    async def scenario():
        audience = Audience()
        audience.hello()
        audience.session.handle({"do": "play"})
        for frames in (WINDOW, 2 * WINDOW):
            await until(lambda frames=frames: len(audience.frames) >= frames)
            await asyncio.sleep(0.1)
            assert len(audience.frames) == frames
            audience.acknowledge()
        audience.session.close()

    alive(scenario())


def test_a_second_view_does_not_let_the_first_one_fall_behind():
    async def scenario():
        audience = Audience()
        audience.hello(view="first")
        audience.session.handle({"do": "play"})
        await until(lambda: len(audience.frames) >= WINDOW)
        for late in range(5):
            audience.hello(view=f"late {late}")
            for view in range(late + 1):  # the newcomers keep up, and beyond
                for frame in range(len(audience.frames), len(audience.frames) + 60):
                    audience.session.handle({"do": "ack", "view": f"late {view}", "frame": frame})
            await asyncio.sleep(0.06)
        assert len(audience.frames) == WINDOW + 5  # each newcomer gets its first picture, and nothing else moves
        audience.session.handle({"do": "ack", "view": "first", "frame": len(audience.frames)})
        await until(lambda: len(audience.frames) >= WINDOW + 5 + WINDOW)
        audience.session.close()

    alive(scenario())


def test_what_comes_to_rest_is_drawn_sharply_only_when_the_view_keeps_up():
    async def scenario():
        audience = Audience()
        audience.hello()
        for n in range(1, WINDOW + 3):
            audience.session.handle({"do": "set", "n": n, "values": {"frequency": 1 + n / 10}})
            await asyncio.sleep(0.04)
        await asyncio.sleep(SETTLE_SECONDS + 0.2)
        assert len(audience.frames) == WINDOW and not audience.frames[-1]["still"]
        audience.acknowledge()
        await until(lambda: audience.frames[-1]["still"])
        assert audience.frames[-1]["values"]["frequency"] == 1 + (WINDOW + 2) / 10

    alive(scenario())


def test_a_page_that_was_left_holds_up_the_new_one_for_a_moment_only():
    async def scenario():
        audience = Audience()
        audience.hello(view="left")
        audience.hello(view="here")
        audience.session.handle({"do": "play"})
        started = time.monotonic()
        while len(audience.frames) < 20:
            audience.session.handle({"do": "ack", "view": "here", "frame": len(audience.frames)})
            await asyncio.sleep(0.005)
        assert SILENCE_SECONDS * 0.9 < time.monotonic() - started < SILENCE_SECONDS + 3
        audience.session.handle({"do": "pause"})
        drawn = len(audience.frames)
        audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 2.0}})
        await until(lambda: len(audience.frames) > drawn)
        audience.session.close()

    alive(scenario())


def test_at_most_forty_frames_a_second():
    async def scenario():
        audience = Audience()
        audience.hello()
        audience.session.handle({"do": "play"})
        started = time.monotonic()
        while time.monotonic() - started < 1.0:
            audience.acknowledge()
            await asyncio.sleep(0.002)
        audience.session.handle({"do": "pause"})
        assert 5 < len(audience.frames) <= 44

    alive(scenario())


def test_pause_ends_the_task_and_draws_where_it_stands():
    async def scenario():
        audience = Audience()
        audience.hello()
        audience.session.handle({"do": "play"})
        await asyncio.sleep(0.1)
        task = audience.session.playing
        audience.session.handle({"do": "pause"})
        await asyncio.wait([task], timeout=5)
        await asyncio.sleep(0.01)
        assert task.cancelled() and not audience.frames[-1]["playing"]

    alive(scenario())


def test_a_pause_that_comes_together_with_an_acknowledgement_ends_playing():
    async def scenario():
        audience = Audience()
        audience.hello()
        session = audience.session
        session.handle({"do": "play"})
        while session.pace.has_room():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # it waits for the view now
        session.handle({"do": "ack", "frame": session.pace.sent})
        session.handle({"do": "pause"})
        drawn = session.frames
        await asyncio.sleep(0.3)
        assert session.frames == drawn and session.playing is None

    alive(scenario())


def test_stepping_back_is_exact():
    audience = Audience()
    audience.hello()
    states = [audience.session.state]
    for _ in range(5):
        audience.session.handle({"do": "step"})
        states.append(audience.session.state)
    for expected in reversed(states[:-1]):
        audience.session.handle({"do": "back"})
        assert audience.session.state is expected
    audience.session.handle({"do": "back"})
    assert audience.session.state is states[0]


def test_reset_returns_to_the_first_state():
    audience = Audience(Wave(frequency=2.0))
    audience.hello()
    audience.session.handle({"do": "step"})
    audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 3.3, "shape": "square", "grid": False}})
    audience.session.handle({"do": "reset"})
    assert audience.session.state is audience.session.history.first and not len(audience.session.history)


def test_nothing_moves_before_the_prediction():
    audience = Audience(predict=Predict("Where?", ("left", "right")))
    audience.hello()
    for message in (
        {"do": "set", "n": 1, "values": {"frequency": 3.0}}, {"do": "step"}, {"do": "action", "name": "clear"},
        {"do": "events", "n": 2, "events": [{"key": "ArrowRight"}]}, {"do": "predict", "choice": "elsewhere"},
    ):  # fmt: skip
        audience.session.handle(message)
        assert audience.session.state.frequency == 1.0 and audience.session.state.prediction == ""
    audience.session.handle({"do": "predict", "choice": "right"})
    assert audience.session.state.prediction == "right"
    audience.session.handle({"do": "reset"})
    assert audience.session.state.prediction == "right"


def test_a_choice_brings_controls_and_picture_to_what_the_question_shows():
    audience = Audience(predict=Predict("Where?", ("left", "right"), shows={"frequency": 3.0, "cycles": 5}))
    audience.hello()
    audience.session.handle({"do": "predict", "choice": "right"})
    assert not audience.session.history.is_locked
    values = [message["values"] for message in audience.messages if "values" in message][-1]
    assert (values["frequency"], values["cycles"]) == (3.0, 5)
    assert audience.messages[-1]["png"]


def test_a_choice_is_heard_with_its_picture_and_not_before():
    async def scenario():
        audience = Audience(predict=Predict("Where?", ("left", "right"), shows={"frequency": 3.0}))
        audience.hello()
        audience.session.handle({"do": "predict", "n": 1, "choice": "right"})
        await until(lambda: "frame" in audience.messages[-1] and len(audience.frames) > 1)
        assert [message for message in audience.messages if message.get("heard") == 1] == [audience.frames[1]]
        assert audience.frames[1]["sentence"] != audience.frames[0]["sentence"]

    alive(scenario())


def test_a_widget_that_is_shown_with_a_question_hides_the_answer_until_one_is_chosen():
    question = Predict("Where?", ("left", "right"))
    assert not Wave().show().state.hides
    shell = Wave().show(predict=question)
    assert shell.state.hides
    shell.session.handle({"do": "predict", "choice": "right"})
    assert shell.state.covered and not shell.state.hides
    shell.session.handle({"do": "reset"})
    assert not shell.state.hides


def test_the_view_hears_which_controls_are_idle_and_where_sliders_end():
    class Short(Wave):
        def slider_ends(self):
            return {"cycles": (1, 2), "frequency": (1.0, 1.0)}

        def idle_controls(self):
            return ["grid"]

    audience = Audience(Short())
    audience.hello()
    status = audience.messages[-1]
    assert status["limits"] == {"cycles": [1, 2], "frequency": [1.0, 1.0]}
    assert status["values"]["cycles"] == 2 and audience.session.state.cycles == 3
    assert status["idle"] == ["frequency", "grid"]  # a slider with one place is idle, too


def test_pointer_and_keys_arrive_in_order_and_in_data_coordinates():
    audience = Audience()
    audience.hello()
    centre = {"x": 0.53, "y": 0.46}
    events = [{"kind": "down"} | centre, {"kind": "drag"} | centre, {"kind": "up"} | centre, {"key": "ArrowRight"}]
    audience.session.handle({"do": "events", "n": 1, "events": events})
    ((x, y),) = audience.session.state.points
    assert abs(x - 1.5) < 1e-6 and abs(y) < 1e-6 and audience.session.state.frequency == 1.1


def test_an_event_that_changes_nothing_is_answered_too():
    audience = Audience()
    audience.hello()
    drawn = len(audience.frames)
    for n in (1, 2, 3):  # the view sends a third message only when it has heard of one of the first two
        audience.session.handle({"do": "events", "n": n, "events": [{"kind": "hover", "x": 0.5, "y": 0.5}]})
        assert audience.messages[-1]["heard"] == n
    assert len(audience.frames) == drawn


def numbered(number, **message):
    return {"view": "a", "number": number, **message}


def test_a_message_that_was_overtaken_is_still_taken_first():
    audience = Audience()
    audience.hello()
    handle = audience.session.handle
    handle(numbered(1, do="set", n=1, values={"frequency": 2.0}))
    handle(numbered(3, do="set", n=3, values={"frequency": 4.0}))
    assert audience.session.state.frequency == 2.0
    handle({"view": "b", "number": 1, "do": "set", "n": 1, "values": {"cycles": 5}})  # another view counts for itself
    handle(numbered(2, do="set", n=2, values={"frequency": 3.0}))
    assert audience.session.state.frequency == 4.0 and audience.session.state.cycles == 5
    assert audience.session._heard == 3


def test_a_lost_message_holds_up_the_others_for_a_moment_only():
    async def scenario():
        audience = Audience()
        audience.hello()
        audience.session.handle(numbered(1, do="set", n=1, values={"frequency": 2.0}))
        audience.session.handle(numbered(3, do="set", n=3, values={"frequency": 4.0}))
        await asyncio.sleep(0.2)
        assert audience.session.state.frequency == 2.0
        await asyncio.sleep(0.6)
        assert audience.session.state.frequency == 4.0
        audience.session.handle(numbered(4, do="set", n=4, values={"frequency": 1.5}))
        assert audience.session.state.frequency == 1.5
        audience.session.close()

    alive(scenario())


def test_behind_one_lost_message_another_one_is_waited_for_too():
    async def scenario():
        audience = Audience()
        audience.hello()
        for number in (2, 4):
            audience.session.handle(numbered(number, do="set", n=number, values={"frequency": float(number)}))
        await until(lambda: audience.session.state.frequency == 2.0)
        await until(lambda: audience.session.state.frequency == 4.0)  # though no further message comes
        audience.session.close()

    alive(scenario())


def test_an_exception_is_shown_and_the_next_good_state_takes_it_away():
    audience = Audience()
    audience.hello()
    audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 5.0}})
    assert audience.messages[-1]["error"]["message"] == "ZeroDivisionError: planted: the frequency is too high"
    assert "demo.py" in audience.messages[-1]["error"]["details"]
    audience.session.handle({"do": "set", "n": 2, "values": {"frequency": 1.0}})
    assert audience.messages[-1]["error"] is None


def test_nonsense_from_the_view_is_answered_with_an_error_not_a_traceback():
    audience = Audience()
    audience.hello()
    for message in ({"do": "set", "values": {"frequency": "abc"}}, {"do": "ack"}, {"do": "dance"}, {},
                    {"do": "set", "values": {"shape": "round"}}):  # fmt: skip
        audience.session.handle(message)
    assert "is not one of sine, square" in audience.messages[-1]["error"]["message"]
    assert audience.session.state.shape == "sine"


def test_an_exception_while_playing_stops_playing_and_is_shown():
    async def scenario():
        audience = Audience(Wave(frequency=4.9))
        audience.hello()
        audience.session.handle({"do": "play"})
        await asyncio.sleep(0.05)
        audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 5.0}})
        await until(lambda: audience.acknowledge() or audience.session.playing is None)
        assert "planted" in audience.messages[-1]["error"]["message"]

    alive(scenario())


def test_a_still_picture_is_drawn_at_the_pixel_ratio_of_the_screen():
    import io

    from PIL import Image

    async def scenario():
        audience = Audience()
        audience.hello(ratio=2)
        assert Image.open(io.BytesIO(audience.frames[-1]["png"][0])).width == 1440
        audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 2.0}})
        await until(lambda: len(audience.frames) == 3)
        moving, still = audience.frames[1:]
        assert Image.open(io.BytesIO(moving["png"][0])).width == 720 and not moving["still"]
        assert Image.open(io.BytesIO(still["png"][0])).width == 1440 and still["still"]

    alive(scenario())


def test_a_message_on_another_thread_is_handled_on_the_loop():
    async def scenario():
        from dlcourse.live.jupyter import Shell

        shell = Shell(Wave())
        threads = []
        shell.session.handle = lambda message: threads.append(threading.current_thread())
        thread = threading.Thread(target=shell._receive, args=(None, {"do": "step"}, []))
        thread.start()
        thread.join()
        await asyncio.sleep(0.05)
        assert threads == [threading.main_thread()]

    alive(scenario())


def test_running_a_cell_again_ends_what_it_made_before(monkeypatch):
    from dlcourse.live import jupyter as module

    def cell(run):
        monkeypatch.setattr(module, "running_cell", lambda: ("cell-1", run))
        return Wave().show()

    first, beside = cell("run 1"), cell("run 1")
    assert not first.session.closed and not beside.session.closed
    again = cell("run 2")
    assert first.session.closed and beside.session.closed and not again.session.closed


def test_a_notebook_stores_picture_sentence_and_view():
    data, metadata = Wave()._repr_mimebundle_()
    assert data["text/plain"] == Wave()._repr_mimebundle_()[0]["text/plain"]
    assert data["text/plain"].startswith("Wave: A sine wave of frequency 1.0") and "\n" not in data["text/plain"]
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert "model_id" in data["application/vnd.jupyter.widget-view+json"]
    assert metadata["image/png"]["alt"].startswith("A sine wave")


def test_colab_is_told_in_the_output_which_widget_manager_shows_it(monkeypatch):
    """Colab adds that to what is displayed, but not to the last line of a cell: there the output itself must say it."""
    address = "https://elsewhere/manager.min.js"
    here = SimpleNamespace(enable_custom_widget_manager=list, _widgets=SimpleNamespace(_installed_url=address))
    monkeypatch.setitem(sys.modules, "google.colab.output", here)
    asking = Asking([], title="", farewell="", given=print)
    for data, about in (Wave()._repr_mimebundle_(), asking.bundle()):
        (view,) = data.keys() - {"image/png", "text/plain"}
        assert about[view] == {"colab": {"custom_widget_manager": {"url": address}}}
    asking.close()


def test_there_is_no_widget_of_that_name():
    from dlcourse import widgets

    with pytest.raises(AttributeError, match=r"dlcourse.widgets has no 'Nonsense'. There are: "):
        widgets.Nonsense  # noqa: B018


def test_the_view_hears_whether_a_step_would_change_anything():
    class Done(Wave):
        def can_step(self):
            return self.frequency < 2

    audience = Audience(Done(frequency=1.0))
    audience.hello()
    assert audience.messages[-1]["ahead"]
    audience.session.handle({"do": "set", "n": 1, "values": {"frequency": 3.0}})
    assert not audience.messages[-1]["ahead"]


def test_a_state_that_cannot_say_whether_it_steps_still_shows_its_error():
    class Broken(Wave):
        def can_step(self):
            raise ValueError("planted")

    audience = Audience(Broken())
    audience.hello()
    assert audience.messages[-1]["ahead"]


def test_a_view_that_joins_late_does_not_turn_the_numbering_back():
    audience = Audience()
    audience.hello()
    audience.session.handle({"do": "set", "n": 7, "values": {"frequency": 2.0}})
    audience.hello()
    audience.session.handle({"do": "look", "n": 1, "ratio": 1, "width": 500, "dark": False})
    assert audience.messages[-1]["heard"] == 7


def test_when_one_of_two_views_is_closed_the_other_lives_on():
    async def scenario():
        audience = Audience()
        for view in ("first", "second"):
            audience.hello(view=view)
        audience.session.handle({"do": "play", "n": 1, "view": "first"})
        audience.session.handle({"do": "bye", "view": "second"})
        assert audience.session.playing is not None
        audience.session.handle({"do": "set", "n": 2, "view": "first", "values": {"frequency": 2.0}})
        await until(lambda: audience.frames[-1]["values"]["frequency"] == 2.0)
        audience.session.handle({"do": "bye", "view": "first"})
        assert audience.session.playing is None
        drawn = len(audience.frames)
        audience.session.handle({"do": "step", "n": 3, "view": "first"})
        await asyncio.sleep(0.1)
        assert len(audience.frames) == drawn

    alive(scenario())
