"""The rows as text and for spreadsheets: readable, and harmless whatever learners wrote into them."""

import csv
import io

import pytest

from dlcourse.grading.grades import COULD_NOT, NOT_SOLVED, SOLVED, Row
from dlcourse.grading.report import HEADS, as_csv, as_text

ROWS = [
    Row("anna", "anna.ipynb", "02 single_neuron", "border", SOLVED, tries=1),
    Row("anna", "anna.ipynb", "02 single_neuron", "gates", NOT_SOLVED, "your AND is a fine OR.\n  in line 3: x", tries=12),
    Row("ben", "ben.ipynb", hint="This is not a notebook, or it is damaged."),
]  # fmt: skip


def test_the_table_is_read_from_top_to_bottom_and_ends_with_what_was_hard():
    assert (
        as_text(ROWS)
        == """anna  (anna.ipynb)
  02 single_neuron
    border  solved            1 try
    gates   not solved        12 tries
        your AND is a fine OR.
          in line 3: x

ben  (ben.ipynb)
    could not be run
        This is not a notebook, or it is damaged.

02 single_neuron, border: 1 solved
02 single_neuron, gates: 1 not solved
2 notebooks of 2 learners: 1 of 2 exercises solved."""
    )


def test_a_spreadsheet_gets_a_line_for_each_row_with_as_many_cells_as_heads():
    table = list(csv.reader(io.StringIO(as_csv(ROWS))))
    assert table[0] == list(HEADS) and {len(line) for line in table} == {7}
    assert table[2] == [
        "anna",
        "anna.ipynb",
        "02 single_neuron",
        "gates",
        "not solved",
        "12",
        "your AND is a fine OR.   in line 3: x",
    ]
    assert table[3][4] == COULD_NOT


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r-", "\n@", "＝", "＋", "－", "＠", "\u200b="])
def test_no_cell_is_a_formula(start):
    evil = f"{start}HYPERLINK(1)"
    for row in (Row(evil, "f"), Row("l", evil), Row("l", "f", hint=evil), Row("l", "f", exercise=evil)):
        for cell in list(csv.reader(io.StringIO(as_csv([row]))))[1]:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_nothing_steers_the_terminal_or_turns_the_direction_of_reading():
    row = Row("\x1b[2Jan\u202ena", "a\r.ipynb", "02 x", "border\x07", SOLVED, "a\x1b]0;title\x07b\x9bc\nd")
    for text in (as_text([row]), as_csv([row])):
        assert not set("\x1b\x07\r\x9b\u202e") & set(text)
