"""Messages in the order in which each view sent them, with no widget."""

import asyncio

import pytest

from dlcourse.live.inbox import GAP_SECONDS, Inbox


@pytest.fixture
def taken():
    return []


@pytest.fixture
def inbox(taken):
    return Inbox(lambda message: taken.append((message.get("view", ""), message["do"])))


def say(inbox, view, *numbers):
    for number in numbers:
        inbox.receive({"view": view, "number": number, "do": number})


def test_what_was_overtaken_still_comes_first(inbox, taken):
    say(inbox, "a", 1, 3, 4)
    assert taken == [("a", 1)]
    say(inbox, "a", 2)
    assert taken == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


def test_each_view_counts_for_itself(inbox, taken):
    say(inbox, "a", 2)
    say(inbox, "b", 1, 2)
    assert taken == [("b", 1), ("b", 2)]


def test_without_a_number_nothing_is_waited_for(inbox, taken):
    say(inbox, "a", 5)
    inbox.receive({"do": "now"})
    assert taken == [("", "now")]


def test_what_comes_after_its_successors_is_taken_at_once(inbox, taken):
    say(inbox, "a", 1, 2, 1)
    assert taken == [("a", 1), ("a", 2), ("a", 1)]


def test_a_lost_message_is_waited_for_a_moment_and_so_is_the_next_one(inbox, taken):
    async def scenario():
        say(inbox, "a", 1, 3, 5)
        await asyncio.sleep(GAP_SECONDS * 0.6)
        assert taken == [("a", 1)]
        while ("a", 3) not in taken:
            await asyncio.sleep(0.01)
        assert ("a", 5) not in taken
        while ("a", 5) not in taken:
            await asyncio.sleep(0.01)
        say(inbox, "a", 6)
        assert taken[-1] == ("a", 6)

    asyncio.run(asyncio.wait_for(scenario(), 10))


def test_a_view_that_was_forgotten_begins_anew(inbox, taken):
    say(inbox, "a", 1, 2, 9)
    inbox.forget("a")
    say(inbox, "a", 1)
    assert taken == [("a", 1), ("a", 2), ("a", 1)]


def test_a_farewell_may_forget_its_own_view(taken):
    def deliver(message):
        taken.append(message["do"])
        if message["do"] == 2:
            inbox.forget("a")

    inbox = Inbox(deliver)
    say(inbox, "a", 2, 3, 1)
    assert taken == [1, 2]  # nothing follows a farewell
    say(inbox, "a", 1)
    assert taken == [1, 2, 1]


def test_after_the_end_nothing_is_waited_for(inbox, taken):
    async def scenario():
        say(inbox, "a", 3)
        inbox.close()
        await asyncio.sleep(GAP_SECONDS * 1.5)
        assert taken == []

    asyncio.run(asyncio.wait_for(scenario(), 10))
