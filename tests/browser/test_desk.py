"""What the other tests stand on: a page that serves many notebooks, and kernels that are forked, keep tests apart."""

import os
import time
import urllib.request

import pytest

pytestmark = pytest.mark.browser

CELLS = ["import os, sys\nleft = globals().get('left', 0) + 1\nprint(os.getpid(), left)", "while True: pass"]


def printed(book):
    return [int(number) for number in book.page.locator(".jp-OutputArea-output pre").first.inner_text().split()]


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_notebook_has_a_kernel_of_its_own_that_can_be_stopped_and_ends(open_notebook, desk):
    first = open_notebook(CELLS)
    page = first.page
    first.run_cell(0)
    process, times = printed(first)
    assert times == 1
    first.run_cell(1, wait=False)
    first.menu("Kernel", "Interrupt Kernel")
    first.wait_idle()
    assert page.get_by_text("KeyboardInterrupt").count()
    second = open_notebook(CELLS)
    assert second.page is page, "the page has served before"
    second.run_cell(0)
    another, times = printed(second)
    assert another != process and times == 1
    for _ in range(100):
        if not alive(process):
            break
        time.sleep(0.1)
    assert not alive(process) and alive(another)
    with urllib.request.urlopen(f"{second.address}/api/kernels") as answer:
        assert answer.read().count(b'"id"') == 1


def test_a_page_in_which_something_went_wrong_serves_nobody_else(open_notebook, desk):
    first = open_notebook(["1"])
    first.page.evaluate("console.error('planted')")
    second = open_notebook(["2"])
    assert first.dlc_complaints() == ["planted"] and first.page.is_closed()
    assert second.dlc_complaints() == []
    second.page.evaluate(
        "document.body.append(Object.assign(document.createElement('div'), { className: 'jp-Dialog' }))"
    )
    desk.close()
    assert second.page.is_closed()
