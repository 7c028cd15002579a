"""Points that a hand edits, with no widget."""

import pytest

from dlcourse.live.points import Editor

SQUARE = (-1.0, 1.0, -2.0, 2.0)


@pytest.fixture
def editor():
    return Editor(((0.0, 0.0, 1), (0.5, 1.0, 0), (-0.5, -1.0, 1)), 1, SQUARE)


def test_the_nearest_point_within_reach_is_taken(editor):
    assert editor.near((0.02, 0.05)) == 0 and editor.near((0.48, 1.1)) == 1
    assert editor.near((0.3, 0.5)) is None
    assert Editor((), 0, SQUARE).near((0, 0)) is None
    assert Editor(((0.0, 0.0), (0.1, 0.0)), 0, SQUARE, reach=0.5).near((0.06, 0)) == 1


def test_reach_is_a_share_of_each_side(editor):
    assert editor.near((0.0, 0.17)) == 0  # 0.17 of 4, but 0.09 of 2
    assert editor.near((0.17, 0.0)) is None


def test_an_added_point_is_selected_rounded_and_inside(editor):
    more = editor.added((7.0, 0.12345), 0)
    assert more.points[-1] == (1.0, 0.123, 0) and more.selected == 3 and more.row == (1.0, 0.123, 0)
    assert len(editor.points) == 3


def test_moving_and_marking_change_the_selected_point_only(editor):
    moved = editor.moved((0.25, -9.0))
    assert moved.points == ((0.0, 0.0, 1), (0.25, -2.0, 0), (-0.5, -1.0, 1)) and moved.selected == 1
    assert editor.marked(1, True).points[1] == (0.5, 1.0, 1, True)
    assert editor.moved((0.5, 1.0)) is editor


def test_what_is_removed_leaves_the_next_one_selected(editor):
    fewer = editor.removed()
    assert fewer.points == ((0.0, 0.0, 1), (-0.5, -1.0, 1)) and fewer.selected == 1
    assert fewer.removed().selected == 0
    assert fewer.removed().removed().selected == -1 and fewer.removed().removed().points == ()


@pytest.mark.parametrize("selected", [-1, 3])
def test_with_nothing_selected_nothing_changes(editor, selected):
    none = editor.picked(selected)
    assert none.row is None
    for same in (none.moved((0, 0)), none.marked(0), none.removed(), none.pressed("ArrowUp"), none.pressed("Delete")):
        assert same is none


def test_keys_walk_through_the_points_in_both_directions(editor):
    assert [editor.pressed("n").selected, editor.pressed("p").selected] == [2, 0]
    assert editor.pressed("n").pressed("n").selected == 0 and editor.picked(0).pressed("p").selected == 2
    none = editor.picked(-1)
    assert none.pressed("n").selected == 0 and none.pressed("p").selected == 2
    empty = Editor((), 0, SQUARE)
    assert empty.pressed("n") is empty


def test_arrows_move_by_a_share_of_the_view(editor):
    assert editor.pressed("ArrowRight").points[1] == (0.55, 1.0, 0)
    assert editor.pressed("ArrowDown").points[1] == (0.5, 0.9, 0)
    assert editor.pressed("Delete").points == editor.pressed("Backspace").points == editor.removed().points
    assert editor.pressed("q") is editor


def test_an_editor_that_selects_what_is_selected_is_the_same(editor):
    assert editor.picked(None) is editor and editor.picked(1) is editor
