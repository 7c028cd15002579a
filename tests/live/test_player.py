"""Play, with no widget: what it does with room, an end, an error."""

import asyncio

from dlcourse.live.pace import WINDOW, Pace
from dlcourse.live.player import Player


class Stage:
    """Counts the steps that are played, and sends a frame for each."""

    def __init__(self, steps=10**6, view=True):
        self.pace, self.steps, self.last = Pace(), steps, steps
        self.rests, self.errors = 0, []
        self.player = Player(self.pace, self.step, self.rest, self.errors.append)
        if view:
            self.pace.join("a")

    @property
    def taken(self):
        return self.last - self.steps

    def step(self):
        if self.steps == 0:
            return False
        self.steps -= 1
        self.pace.count()
        return True

    def rest(self):
        self.rests += 1

    def acknowledge(self):
        self.pace.acknowledge("a", self.pace.sent)
        self.player.go_on()


def play(scenario):
    asyncio.run(asyncio.wait_for(scenario, 20))


def test_it_waits_for_the_view():
    async def scenario():
        stage = Stage()
        stage.player.play(40)
        for frames in (WINDOW, 2 * WINDOW):
            while stage.taken < frames:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            assert stage.taken == frames
            stage.acknowledge()
        stage.player.pause()

    play(scenario())


def test_where_nothing_changes_any_more_it_rests():
    async def scenario():
        stage = Stage(steps=3)
        stage.player.play(40)
        while stage.player.task is not None:
            await asyncio.sleep(0.01)
        assert stage.taken == 3 and stage.rests == 1 and not stage.errors

    play(scenario())


def test_pause_ends_it_at_once_and_play_begins_only_once():
    async def scenario():
        stage = Stage(view=False)
        stage.player.play(1000)
        task = stage.player.task
        stage.player.play(1000)
        assert stage.player.task is task
        await asyncio.sleep(0.05)
        stage.player.pause()
        taken = stage.taken
        await asyncio.sleep(0.1)
        assert stage.taken == taken and stage.player.task is None and task.cancelled() and stage.rests == 0

    play(scenario())


def test_an_error_ends_it_and_is_handed_on():
    async def scenario():
        stage = Stage()
        stage.player._step = lambda: 1 / 0
        stage.player.play(40)
        while not stage.errors:
            await asyncio.sleep(0.01)
        assert isinstance(stage.errors[0], ZeroDivisionError) and stage.player.task is None and stage.rests == 0

    play(scenario())


def test_it_goes_no_faster_than_it_is_told():
    async def scenario():
        stage = Stage(view=False)
        stage.player.play(10)
        await asyncio.sleep(0.55)
        stage.player.pause()
        assert 2 <= stage.taken <= 7

    play(scenario())
