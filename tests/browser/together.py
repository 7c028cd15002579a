"""Which tests one process runs one after another: what it has prepared for the first serves them all.

pytest-xdist's own marks for that (xdist_group) are written into `item._nodeid`, which pytest 9.2 does not read any more;
then each process prepares everything, and no test fails.
"""

import re

OF_A_LESSON = (r"\[(?:.*-)?(\d\db?)_", r"test_lesson_(\d\db?)\.py")


def group_of(nodeid: str) -> str:
    """The lesson or the file whose tests belong together; else the test itself."""
    if "test_site.py" in nodeid:
        return "site"
    found = next(filter(None, (re.search(pattern, nodeid) for pattern in OF_A_LESSON)), None)
    return f"lesson {found[1]}" if found else nodeid


def pytest_xdist_make_scheduler(config, log):
    """With --dist loadgroup: groups of our own."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Together(config, log)
