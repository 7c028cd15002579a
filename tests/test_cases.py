"""Many cases in one test: each is tried, and a message names all that fail."""

import pytest

from tests.cases import every


def test_each_case_is_tried_and_those_that_fail_are_named():
    tried = []

    @every("n", range(5), ids="case {}".format)
    def none_is_odd(n):
        tried.append(n)
        if n == 3:
            pytest.fail("it is three")
        assert n % 2 == 0, f"{n} is odd"

    with pytest.raises(BaseExceptionGroup, match="2 of 5 cases: case 1; case 3") as caught:
        none_is_odd()
    assert tried == list(range(5))
    assert [error.__notes__ for error in caught.value.exceptions] == [["with n = case 1"], ["with n = case 3"]]
    assert "1 is odd" in str(caught.value.exceptions[0])


@pytest.mark.parametrize("c", [5])
@every("a, b", [(1, 2), (2, 1)])
def test_what_is_left_comes_from_pytest(a, b, c, capsys):
    print(a, b, c)
    assert capsys.readouterr().out == f"{a} {b} {c}\n"


def test_a_case_that_is_skipped_skips_no_other():
    @every("n", range(3))
    def only_the_last(n):
        if n < 2:
            pytest.skip("not here")
        raise ValueError

    with pytest.raises(ExceptionGroup, match="1 of 3 cases: 2"):
        only_the_last()


@pytest.mark.parametrize("cases", [[], [1, 2]])
def test_where_no_case_is_tried_it_is_skipped(cases):
    with pytest.raises(pytest.skip.Exception, match="no case"):
        every("n", cases)(lambda n: pytest.skip("not here"))()
