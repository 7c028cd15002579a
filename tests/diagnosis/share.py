"""The share of right first findings: `python -m tests.diagnosis.share`, with `-v` for each situation.

Each may take a minute, so that a busy machine does not count as a miss; on an idle one the longest takes two seconds.
"""

from __future__ import annotations

import sys
import time

import dlcourse as dl

from .overlooked import FAULTS, HEALTHY


def main(verbose):
    right, begin = 0, time.perf_counter()
    for name, where, make in FAULTS:
        try:
            given = make()
        except Exception as error:
            print("BROKEN", where, type(error).__name__, str(error)[:200])
            continue
        start = time.perf_counter()
        findings = dl.diagnose(given.pop("model"), given.pop("data"), seconds=60, **given)
        good = findings.names[:1] == [name]
        right += good
        if verbose or not good:
            print(
                f"{'ok   ' if good else 'WRONG'} {time.perf_counter() - start:5.2f} s  {name} / {where}: {findings.names}"
            )
            for one in [] if good else [*findings, *(u for u in findings.unseen if "Error" in u.why)]:
                print("        ", getattr(one, "seen", None) or f"{one.name}: {one.why}")
    quiet = 0
    for where, make in HEALTHY:
        try:
            given = make()
        except Exception as error:
            print("BROKEN", where, type(error).__name__, str(error)[:200])
            continue
        start = time.perf_counter()
        findings = dl.diagnose(given.pop("model"), given.pop("data"), seconds=60, **given)
        quiet += not findings
        if verbose or findings:
            print(
                f"{'WRONG' if findings else 'ok   '} {time.perf_counter() - start:5.2f} s  healthy / {where}: {findings.names}"
            )
            for one in [*findings, *(u for u in findings.unseen if "Error" in u.why)]:
                print("        ", getattr(one, "seen", None) or f"{one.name}: {one.why}")
    print(
        f"{right} of {len(FAULTS)} faults are named first ({right / len(FAULTS):.0%}); {quiet} of {len(HEALTHY)} healthy runs get no finding; {time.perf_counter() - begin:.0f} s"
    )
    return right == len(FAULTS) and quiet == len(HEALTHY)


if __name__ == "__main__":
    sys.exit(not main("-v" in sys.argv[1:]))
