#!/usr/bin/env python3
"""A second implementation of the reply limit, from the text of the rules, to compare the first with.

Written from 条例 art. 30, 31, 33, 35 and the fee rules, not from the program. Day by day, without cleverness.
Standard input, first line: {"off": [dates], "work": [dates], "years": [years]} from the yearly notices; each further line is a
case: {"received": date, "happened": [{"what": ..., ...}], "today": date}. For each one line: a date, "still" while the count
stands still, or "unknown" where a day of a year without a notice would have to be judged.
"""
import datetime
import json
import sys

DAY = datetime.timedelta(days=1)


class Unknown(Exception):
    """A year whose notice is not out."""


def read(text):
    return datetime.date.fromisoformat(text)


class Days:
    def __init__(self, notices):
        self.off = {read(one) for one in notices["off"]}
        self.work = {read(one) for one in notices["work"]}
        self.years = set(notices["years"])

    def works(self, day):
        if day.year not in self.years:
            raise Unknown
        if day in self.work:
            return True
        return day not in self.off and day.weekday() < 5


def due(days, case):
    """The last day to answer on. Art. 33: 20 working days from receipt; the day of receipt is not counted."""
    zero = read(case["received"])
    limit = 20
    letters = {}
    waits_since = None
    fixed = None
    for one in case["happened"]:
        what = one["what"]
        if what == "asked_others":
            letters[one["letter"]] = [read(one["on"]), None]
        elif what == "others_answered":
            letters[one["letter"]][1] = read(one["on"])
        elif what == "sent_by_mistake":
            # Art. 33 leaves out the time that asking takes: nobody had to be asked.
            del letters[one["letter"]]
        elif what == "was_not_owed":
            # Fee rules, art. 7: computed afresh after payment alone.
            waits_since = None
        elif what in ("asked_supplement", "charged"):
            waits_since = read(one["on"])
        elif what in ("supplemented", "paid"):
            # Art. 30; fee rules, art. 7: computed afresh, so what was deferred before (art. 35) is over.
            zero, waits_since, fixed = read(one["on"]), None, None
        elif what == "extended":
            limit += one["days"]
        elif what == "deferred":
            fixed = read(one["to"])
    if fixed is not None:
        # Fee rules, art. 6: a notice that left before the deferred day ended; from then on the applicant has to act.
        waits = waits_since is not None and waits_since < fixed
        return "still" if waits else fixed.isoformat()
    stretches = [(sent, end) for sent, end in letters.values() if end is not None]
    stopped = [sent for sent, end in letters.values() if end is None]
    if waits_since is not None:
        stopped.append(waits_since)
    still_since = min(stopped) if stopped else None
    day, counted = zero, 0
    while counted < limit:
        if still_since is not None and day >= still_since:
            return "still"
        day += DAY
        # Time spent asking others does not count: after the day the letter left, up to the day the answer came.
        asking = any(sent < day <= end for sent, end in stretches)
        if days.works(day) and not asking:
            counted += 1
    return day.isoformat()


def main():
    lines = iter(sys.stdin)
    days = Days(json.loads(next(lines)))
    for line in lines:
        try:
            print(due(days, json.loads(line)))
        except Unknown:
            print("unknown")


if __name__ == "__main__":
    main()
