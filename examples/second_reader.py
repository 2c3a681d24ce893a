#!/usr/bin/env python3
"""A second reader of foureyes records, written from DRAW.md and RULES.md and not from the program.

    python3 second_reader.py FOLDER...            what each record or ceremony claims, and whether it holds
    python3 second_reader.py --beacon FOLDER...   the same, with the signatures of quicknet's rounds; a second for each
    python3 second_reader.py --json FOLDER...     one line of JSON for each folder
    python3 second_reader.py --party planner.party --party auditor.party --checkpoint 000004.note my.receipt
    python3 second_reader.py --self-test          whether the arithmetic below gives the published vectors

It needs Python 3.9 or later and nothing else: no package, no network, no part of foureyes. Read it from top to bottom with
DRAW.md beside it; the chapters have the same order. It ends with 0 where everything is sound, with 1 where something was
found, and with 2 where a folder could not be read at all.

What it proves: whoever runs it has recounted a record with a program that shares no line with the one that made it. It checks
steps 1 to 11 of DRAW.md, section 9, the bounds of section 10, and all of section 18, and calls each finding by the same name as
`foureyes verify`. It does not replay the draw (step 12 of section 9): that the builder gives these urns for these inputs only the
builder can show. Whether a round of quicknet is genuine it asks only with --beacon; else that claim is not given.
"""
import argparse
import base64
import bisect
import copy
import functools
import hashlib
import hmac
import itertools
import json
import math
import os
import re
import stat
import struct
import sys
import unicodedata
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

Files = Dict[str, bytes]
Row = Dict[str, Any]

FORMAT, URN_FORMAT, BUILDERS = "foureyes/v1", "foureyes/v1/urn", ("3", "4")
RECORD, SCHEDULE, TABLE, FIXED, CHANGES = "record.json", "schedule.jsonl", "schedule.csv", "fixed.jsonl", "changes/"
STAGES, ODDS, RESERVES, BOUNDS = "stages.jsonl", "odds.jsonl", "reserves.jsonl", "bounds.jsonl"
INPUTS = ["inputs/%s.jsonl" % name for name in
          ("absences", "conflicts", "establishments", "history", "inspectors", "policy", "visits", "waivers")]
ABSENCES, CONFLICTS, ESTABLISHMENTS, HISTORY, INSPECTORS, POLICY, VISITS, WAIVERS = INPUTS
REQUIRED = [RECORD, SCHEDULE, TABLE, STAGES, ODDS, RESERVES] + INPUTS

# How much is read of a folder that may have been made to stop a reader (section 9, "How much is read").
FILE_BYTES_MAX, FOLDER_BYTES_MAX, FILES_MAX, DEPTH_MAX = 512 << 20, 1 << 30, 5000, 8
LINE_BYTES_MAX, LONG_LINE_BYTES_MAX, LINES_MAX = 1 << 20, 256 << 20, 10_000_000
PERIOD_DAYS_MAX, SLOTS_MAX, TICKETS_MAX = 3660, 96, 1_000_000
TEAM_MAX, PAST_TEAM_MAX, TOLD_MAX = 100, 1000, 20


# ---- What is found -------------------------------------------------------------------------------------------------------------


class Finding(NamedTuple):
    """Something that is wrong: its name, the file and the line where it lies (0 where no line is meant), and the facts."""

    name: str
    file: str
    line: int
    says: str

    def where(self) -> str:
        return "%s, line %d" % (self.file, self.line) if self.line else self.file


class Flaws:
    """Collects what is wrong with the bytes of files; of very many of one kind in one file only the first are kept."""

    def __init__(self) -> None:
        self.found: List[Finding] = []
        self.counts: Dict[Tuple[str, str], int] = {}

    def add(self, name: str, file: str, line: int, says: str) -> None:
        count = self.counts[file, name] = self.counts.get((file, name), 0) + 1
        if count <= 100:
            self.found.append(Finding(name, file, line, says))

    def __len__(self) -> int:
        return len(self.found)


def shortened(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


# ---- DRAW.md 1. Texts and lines ------------------------------------------------------------------------------------------------
#
# A shape is a function that gives a value of a line back as it should stand there, or raises Malformed.

Shape = Callable[[Any], Any]


class Malformed(ValueError):
    """A line is not of its table's shape."""


class Pairs(list):
    """The keys and values of an object, in the order in which they stand."""


def parsed(text: str) -> Any:
    """The JSON value of `text`; whole numbers only, and objects as Pairs, so that no key is lost."""
    try:
        value = json.loads(text, object_pairs_hook=Pairs, parse_int=whole_number, parse_float=refused, parse_constant=refused)
        text.encode("utf-8")
        return value
    except RecursionError:
        raise Malformed("values within values without end") from None
    except ValueError as error:
        raise Malformed(str(error)) from None


def whole_number(digits: str) -> int:
    if len(digits) > 20 or digits == "-0":
        raise Malformed("the number %s is not read" % shortened(digits))
    return int(digits)


def refused(number: str) -> Any:
    raise Malformed("the number %s is not whole" % shortened(number))


def spelled(value: Any) -> str:
    """The one spelling of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("a text is expected")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("half a character") from None
    return value


def switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed("true or false is expected")
    return value


def whole(least: int, most: int) -> Shape:
    def shape(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Malformed("a whole number from %d to %d is expected" % (least, most))
        return value
    return shape


def one_of(*words: str) -> Shape:
    def shape(value: Any) -> str:
        if text(value) not in words:
            raise Malformed("`%s` is none of %s" % (shortened(value), ", ".join(words)))
        return value
    return shape


def list_of(shape: Shape) -> Shape:
    def of(value: Any) -> List[Any]:
        if not isinstance(value, list) or isinstance(value, Pairs):
            raise Malformed("a list is expected")
        return [shape(one) for one in value]
    return of


def tuple_of(*shapes: Shape) -> Shape:
    def of(value: Any) -> List[Any]:
        if not isinstance(value, list) or isinstance(value, Pairs) or len(value) != len(shapes):
            raise Malformed("a list of %d values is expected" % len(shapes))
        return [shape(one) for shape, one in zip(shapes, value)]
    return of


def map_of(shape: Shape) -> Shape:
    """An object with any keys; of a key that stands twice the last is read, and the spelling tells."""
    def of(value: Any) -> Row:
        if not isinstance(value, Pairs):
            raise Malformed("an object is expected")
        return {text(key): shape(one) for key, one in value}
    return of


class Field(NamedTuple):
    shape: Shape
    needed: bool
    is_list: bool = False


def must(shape: Shape) -> Field:
    return Field(shape, True)


def may(shape: Shape) -> Field:
    return Field(shape, False)


def many(shape: Shape) -> Field:
    """A list that is absent when it is empty."""
    return Field(list_of(shape), False, True)


def row_of(fields: Dict[str, Field], twice: bool = False) -> Shape:
    """An object with these fields and no others, none twice; with `twice`, of a key that stands twice the last is read."""
    def of(value: Any) -> Row:
        if not isinstance(value, Pairs):
            raise Malformed("an object is expected")
        given = dict(value)
        strange = [key for key in given if key not in fields]
        if strange or len(given) != len(value) and not twice:
            raise Malformed("a field that is unknown or stands there twice")
        return {name: one for name, field in fields.items() for one in field_of(name, field, given)}
    return of


def written(value: Any) -> str:
    """A text of the inputs that is absent where it is blank."""
    return text(value)


def field_of(name: str, field: Field, given: Row) -> List[Any]:
    """The value of a field, or nothing where it is blank."""
    if field.shape is written and given.get(name) == "":
        return []
    if name not in given or given[name] is None and not field.needed and not field.is_list:
        if field.needed:
            raise Malformed("the field `%s` is not there" % name)
        return []
    value = field.shape(given[name])
    return [] if field.is_list and not value else [value]


def lines_of(data: bytes, name: str, shape: Shape, flaws: Flaws, first: int = 1) -> List[Tuple[int, Row]]:
    """The lines of a file that can be read, each with its number; whatever is wrong is told."""
    rows: List[Tuple[int, Row]] = []
    for number, line in enumerate(split_lines(data), first):
        if len(rows) >= LINES_MAX:
            flaws.add("too-large", name, number, "more than %d lines" % LINES_MAX)
            break
        row = line_of(line, name, number, shape, flaws)
        if row is not None:
            rows.append((number, row))
    return rows


def split_lines(data: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


WHITE = " \t\n\r\x0b\x0c\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


# Nothing can be seen of a text that has only these: blanks, controls and unseen characters; and marks without their letter.
UNSEEN = [
    (0, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x61C, 0x61C), (0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]
MARKS = [
    (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x610, 0x61A), (0x64B, 0x65F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0x3099, 0x309A), (0xFE20, 0xFE2F),
]


def is_blank(said: str) -> bool:
    """Whether nothing in a text can be seen."""
    return all(any(first <= ord(letter) <= last for first, last in UNSEEN + MARKS) for letter in said)


def line_of(line: bytes, name: str, number: int, shape: Shape, flaws: Flaws) -> Optional[Row]:
    """One line, held to its one spelling."""
    most = LONG_LINE_BYTES_MAX if name in (RECORD, BOUNDS) or name.startswith(CHANGES) else LINE_BYTES_MAX
    if len(line) > most:
        flaws.add("too-large", name, number, "a line of %d bytes; at most %d are read" % (len(line), most))
        return None
    try:
        said = line.decode("utf-8")
    except UnicodeDecodeError:
        flaws.add("not-utf8", name, number, "the line is not UTF-8")
        return None
    if not said.endswith("\n"):
        flaws.add("line-ending", name, number, "the last line has no line feed")
    said = said[:-1] if said.endswith("\n") else said
    if said.endswith("\r"):
        flaws.add("line-ending", name, number, "the line ends with a carriage return")
        said = said[:-1]
    if not said.strip(WHITE):
        flaws.add("blank-line", name, number, "the line is blank")
        return None
    if not unicodedata.is_normalized("NFC", said):
        flaws.add("not-nfc", name, number, "the line has text that is not in normal form C")
    return shaped(said, name, number, shape, flaws)


def shaped(said: str, name: str, number: int, shape: Shape, flaws: Flaws) -> Optional[Row]:
    try:
        row = shape(parsed(said))
    except Malformed as error:
        flaws.add("malformed", name, number, shortened(str(error)))
        return None
    again = spelled(row)
    if again != said:
        flaws.add("not-canonical", name, number, "the line has another spelling than `%s`" % shortened(again))
    return row


def rows_of(files: Files, name: str, shape: Shape, flaws: Flaws) -> List[Tuple[int, Row]]:
    if name in files:
        return lines_of(files[name], name, shape, flaws)
    flaws.add("missing-file", name, 0, "the file is not there")
    return []


# ---- Days: numbers of days, so that weeks and days between are whole numbers; day 0 is Thursday, 1 January 1970 -----------------


def day_number(year: int, month: int, of_month: int) -> int:
    """The number of a day of the Gregorian calendar; March begins the year, so that a leap day is the last."""
    year -= month <= 2
    era, of_era = year // 400, year % 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + of_month - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def calendar_day(number: int) -> Tuple[int, int, int]:
    """Year, month and day of the month of a day."""
    era, of_era = divmod(number + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + year + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def days_in(year: int, month: int) -> int:
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return day_number(*after, 1) - day_number(year, month, 1)


def read_day(said: str) -> Optional[int]:
    """The day that `YYYY-MM-DD` names, if it exists."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
        return None
    year, month, of_month = (int(part) for part in said.split("-"))
    exists = 1 <= month <= 12 and 1 <= of_month <= days_in(year, month)
    return day_number(year, month, of_month) if exists else None


def day(value: Any) -> str:
    """The shape of a date."""
    if read_day(text(value)) is None:
        raise Malformed("`%s` is not a date like 2027-01-04" % shortened(value))
    return value


@functools.lru_cache(maxsize=None)
def utc(seconds: int) -> str:
    """A time in seconds since 1970, as it is written where both readers say the same."""
    if not 0 <= seconds < 253402300800:
        return "%d seconds after 1970" % seconds
    return "%sT%02d:%02d:%02dZ" % (spelled_day(seconds // 86400), seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)


def spelled_day(number: int) -> str:
    return "%04d-%02d-%02d" % calendar_day(number)


@functools.lru_cache(maxsize=1 << 16)
def months_after(number: int, months: int) -> int:
    """The same day so many months later, or the last day of that month where it is shorter."""
    year, month, of_month = calendar_day(number)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    return day_number(year, month, min(of_month, days_in(year, month)))


def weekday(number: int) -> int:
    """0 for Monday."""
    return (number + 3) % 7


def week(number: int) -> int:
    """The number of the week, Monday to Sunday, that a day lies in."""
    return (number + 3) // 7


def spelled_week(number: int) -> str:
    """The ISO name of a week; its year is that of its Thursday."""
    year = calendar_day(number * 7)[0]
    return "%04d-W%02d" % (year, (number * 7 - day_number(year, 1, 1)) // 7 + 1)


# ---- DRAW.md 2. The frozen inputs ----------------------------------------------------------------------------------------------

SMALL, NUMBER, LARGE = whole(0, 255), whole(0, 2**32 - 1), whole(0, 2**64 - 1)
ANGLE = whole(-2**31, 2**31 - 1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
VISIT_KINDS = ["mandatory", "programmed", "complaint", "follow-up", "raid"]
TARGETS = ["establishment", "owner", "sector", "district", "inspector"]


def setting(value: Any) -> Any:
    """A value of a rule's parameter."""
    if isinstance(value, bool) or isinstance(value, str):
        return value if isinstance(value, bool) else text(value)
    return list_of(text)(value) if isinstance(value, list) else whole(-2**63, 2**63 - 1)(value)


def hours(value: Any) -> str:
    """The shape of hours: `22:00-06:00`; a slot begins before 24:00 and ends at the latest then, or on the next day."""
    match = re.fullmatch("([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})", text(value))
    parts = [int(part) for part in match.groups()] if match else [24, 0, 0, 0]
    begins, ends = parts[0] * 60 + parts[1], parts[2] * 60 + parts[3]
    if max(parts[1], parts[3]) > 59 or begins >= 1440 or not 1 <= ends <= 1440:
        raise Malformed("`%s` are no hours like 22:00-06:00" % shortened(value))
    return value


def read_hours(said: str) -> Tuple[int, int]:
    """When a slot begins and ends, in minutes from midnight of the day on which it begins."""
    begins, ends = (int(part[:2]) * 60 + int(part[3:]) for part in said.split("-"))
    return begins, ends if ends > begins else ends + 1440


CASE_LINE = row_of({
    "classes": many(row_of({"class": must(text), "months": must(NUMBER)})), "edition": may(NUMBER), "floor": must(NUMBER), "from": must(day),
    "hours": Field(map_of(hours), False, True), "name": must(text), "odds_max": must(NUMBER), "places": must(switch), "pool_min": must(NUMBER), "slots": many(text),
    "stage": must(one_of("day", "week", "period")), "tickets": must(NUMBER), "to": must(day), "weekdays": many(one_of(*WEEKDAYS)),
})
RULE_LINE = row_of({"parameters": must(map_of(setting)), "rule": must(text)})
LINES = {
    ABSENCES: row_of({
        "from": must(day), "inspector": must(text), "reason": may(written), "slots": many(text), "to": must(day),
    }),
    CONFLICTS: row_of({
        "category": may(written), "declared_on": may(day), "from": may(day), "inspector": must(text), "target": must(text),
        "target_kind": must(one_of(*TARGETS)), "to": may(day),
    }),
    ESTABLISHMENTS: row_of({
        "address": may(written), "district": may(written), "id": must(text), "lat": may(ANGLE), "lon": may(ANGLE), "name": may(written), "owner": may(written),
        "registered": must(switch), "risk": may(written), "sector": may(written), "tags": many(text),
    }),
    HISTORY: row_of({
        "date": must(day), "establishment": must(text), "kind": may(written), "others": many(text), "team": many(text),
        "visit": may(written), "agency": may(written),
    }),
    INSPECTORS: row_of({
        "agency": may(written), "authority_from": may(day), "authority_to": may(day), "gender": may(one_of("woman", "man", "other")), "grade": may(written),
        "home_district": may(written), "id": must(text), "languages": many(text), "lead": must(switch), "left_on": may(day),
        "name": may(written), "skills": many(text), "supervisor": may(written), "territory": many(text), "unit": may(written),
        "visits_per_day": may(NUMBER), "visits_per_week": may(NUMBER),
    }),
    VISITS: row_of({
        "agencies": many(text), "duration": must(SMALL), "earliest": may(day), "establishment": must(text), "id": must(text),
        "kind": must(one_of(*VISIT_KINDS)), "latest": may(day), "min_women": may(NUMBER), "operation": may(written),
        "skills": many(text), "slot": may(written), "team_size": may(NUMBER),
    }),
    WAIVERS: row_of({
        "approver": must(text), "date": must(day), "inspector": must(text), "reason": must(text), "rule": must(text),
        "visit": must(text),
    }),
}


class Case:
    """The frozen inputs, as far as they can be read: days as numbers, ids as texts, slots as places in the day."""

    def __init__(self, policy: Row, rules: Dict[str, Row]) -> None:
        self.name: str = policy["name"]
        self.first, self.last = read_day(policy["from"]), read_day(policy["to"])
        self.slots: List[str] = policy["slots"]
        given = policy.get("hours", {})
        self.hours = {self.slots.index(slot): read_hours(given[slot]) for slot in self.slots if slot in given}
        self.tickets: int = policy["tickets"]
        self.places_planned: bool = policy["places"]
        worked = {WEEKDAYS.index(name) for name in policy.get("weekdays", [])}
        self.days = [day for day in range(self.first, self.last + 1) if weekday(day) in worked]
        self.stages = stages_of(policy["stage"], self.days)
        self.rules = rules
        self.people: Dict[str, Row] = {}
        self.places: Dict[str, Row] = {}
        self.visits: Dict[str, Row] = {}
        self.conflicts: List[Row] = []
        self.absences: List[Row] = []
        self.history: List[Row] = []
        self.waivers: List[Row] = []

    def place_of(self, visit: str) -> Row:
        return self.places[self.visits[visit]["establishment"]]

    def size(self, visit: str) -> int:
        """How many people go on a visit."""
        return self.visits[visit].get("team_size", self.rules["team-size"]["size"])


def stages_of(stage: str, days: List[int]) -> List[Tuple[int, int]]:
    """The first and the last working day of each stage (section 6)."""
    part = {"day": lambda day: day, "week": week, "period": lambda day: 0}[stage]
    spans = [list(days) for _, days in itertools.groupby(days, part)]
    return [(span[0], span[-1]) for span in spans]


def read_case(files: Files, flaws: Flaws) -> Optional[Case]:
    """What can be read of the inputs; nothing where the policy can't."""
    case = read_policy(files, flaws)
    tables = Tables(files, case.slots if case else None, flaws)
    tables.read()
    if case:
        case.people, case.places, case.visits = tables.people, tables.places, tables.visits
        case.conflicts, case.absences = tables.conflicts, tables.absences
        case.history, case.waivers = tables.history, tables.waivers
    return case


def read_policy(files: Files, flaws: Flaws) -> Optional[Case]:
    if POLICY not in files:
        flaws.add("missing-file", POLICY, 0, "the file is not there")
        return None
    data = files[POLICY]
    end = data.find(b"\n") + 1 or len(data)
    head = lines_of(data[:end], POLICY, CASE_LINE, flaws)
    lines = lines_of(data[end:], POLICY, RULE_LINE, flaws, 2)
    if not head:
        flaws.add("malformed", POLICY, 1, "the first line must name the case, its period and its urn")
        return None
    policy = head[0][1]
    rules = read_rules(lines, policy.get("edition", 1), flaws) if knows_edition(policy, flaws) else None
    if rules is None:
        return None
    check_policy(policy, flaws)
    return Case(policy, rules) if has_period(policy, flaws) else None


def knows_edition(policy: Row, flaws: Flaws) -> bool:
    edition = policy.get("edition", 2)
    if edition < 2:
        flaws.add("bad-value", POLICY, 1, "a policy states an edition of 2 or later, or none")
    if edition > EDITION:
        flaws.add("unknown-edition", POLICY, 1, "the policy is of edition %d of the rule book; this reader knows %d" % (edition, EDITION))
    return edition <= EDITION


def check_policy(policy: Row, flaws: Flaws) -> None:
    def in_bounds(what: str, number: int, least: int, most: int) -> None:
        if not least <= number <= most:
            flaws.add("bad-value", POLICY, 1, "%s is %d, and must be %d to %d" % (what, number, least, most))
    in_bounds("tickets", policy["tickets"], 1, TICKETS_MAX)
    in_bounds("pool_min", policy["pool_min"], 0, 1000)
    in_bounds("odds_max", policy["odds_max"], 1, 100)
    in_bounds("floor", policy["floor"], 1, 1000)
    classes = policy.get("classes", [])
    if not ascending([one["class"] for one in classes]):
        flaws.add("order", POLICY, 1, "the risk classes are in order, none of them twice")
    for one in classes:
        in_bounds("months", one["months"] if one["class"] else 0, 1, 1200)


def has_period(policy: Row, flaws: Flaws) -> bool:
    days = read_day(policy["to"]) - read_day(policy["from"])
    slots = policy.setdefault("slots", [])
    if not 0 <= days < PERIOD_DAYS_MAX:
        flaws.add("bad-value", POLICY, 1, "the period has no day, or more than %d" % PERIOD_DAYS_MAX)
        return False
    if not 1 <= len(slots) <= SLOTS_MAX:
        flaws.add("bad-value", POLICY, 1, "a day has 1 to %d slots" % SLOTS_MAX)
        return False
    if len(set(slots)) < len(slots):
        flaws.add("repeated", POLICY, 1, "two slots have one name")
    known = policy.get("hours", {})
    for name in sorted(set(known) - set(slots)):
        flaws.add("unknown-id", POLICY, 1, "there is no slot `%s`" % shortened(name))
    inside = [read_hours(known[name]) for name in dict.fromkeys(slots) if name in known]
    if any(later < ends for (_, ends), (later, _) in zip(inside, inside[1:])):
        flaws.add("bad-value", POLICY, 1, "a slot begins before the one before it has ended")
    weekdays = [WEEKDAYS.index(name) for name in policy.get("weekdays", [])]
    if not weekdays or not ascending(weekdays):
        flaws.add("order", POLICY, 1, "the weekdays are in order from Monday, none of them twice, at least one")
    return True


def read_rules(lines: List[Tuple[int, Row]], edition: int, flaws: Flaws) -> Optional[Dict[str, Row]]:
    """Every rule with every parameter in force; nothing where the policy asks for what no rule understands."""
    for (_, before), (number, line) in zip(lines, lines[1:]):
        if before["rule"] >= line["rule"]:
            name = "repeated" if before["rule"] == line["rule"] else "order"
            flaws.add(name, POLICY, number, "rule `%s` stands after `%s`" % (line["rule"], before["rule"]))
    given = {line["rule"]: line["parameters"] for _, line in lines}
    at = {line["rule"]: number for number, line in reversed(lines)}
    strange = [(rule, name) for rule, parameters in given.items() for name in strangers(rule, parameters)]
    for rule, what in strange:
        flaws.add("policy-rules", POLICY, at[rule], "rule `%s`: %s" % (shortened(rule), what))
    if strange:
        return None
    edition = max(edition, 1)
    rules = {rule: in_force(rule, given.get(rule), edition) for rule in RULES}
    needed = {rule: writes_down(rule, parameters, edition) for rule, parameters in rules.items()}
    for rule in RULES:
        for what in gaps(rule, given.get(rule), needed[rule], edition):
            flaws.add("policy-rules", POLICY, at.get(rule, 0), "rule `%s`: %s" % (rule, what))
    least = max([2] + [since_of(rule, name) for rule, names in needed.items() if names is not None for name in names])
    if edition > least:
        flaws.add("policy-rules", POLICY, 1, "edition %d, though nothing came after edition %d" % (edition, least))
    return rules


def since_of(rule: str, name: str) -> int:
    """The edition in which a parameter came."""
    return LATER.get((rule, name), (SINCE.get(rule, 1), None))[0]


def always_named(rule: str, edition: int) -> bool:
    return SINCE.get(rule, 1) <= edition and (edition == 1 or rule in ALWAYS_NAMED)


def in_force(rule: str, given: Optional[Row], edition: int) -> Row:
    """What a rule's parameters are: those that came after the policy are as before, and a rule that it does not name is off."""
    own = {name: may_be.default for name, may_be in RULES[rule].items()}
    if given is None:
        return own if always_named(rule, edition) else {**own, "enabled": False}
    before = {name: value for (of, name), (_, value) in LATER.items() if of == rule}
    return {**own, **before, **given}


def writes_down(rule: str, own: Row, edition: int) -> Optional[Row]:
    """What a policy writes down of a rule; nothing where it does not name it."""
    if edition == 1:
        return {name: value for name, value in own.items() if since_of(rule, name) == 1} if SINCE.get(rule, 1) == 1 else None
    is_news = lambda name, value: (rule, name) not in LATER or LATER[rule, name][1] != value
    return {name: value for name, value in own.items() if is_news(name, value)} if own["enabled"] or rule in ASKED_WHEN_OFF else None


def gaps(rule: str, given: Optional[Row], should: Optional[Row], edition: int) -> List[str]:
    """How what a policy writes down of a rule differs from what it should."""
    if given is None and not always_named(rule, edition):
        return []
    if given is not None and should is None and SINCE.get(rule, 1) <= edition:
        return ["it is off, and written down"]
    stands, needed = given or {}, should or {}
    missing = ["`%s` is not written down" % name for name in needed if name not in stands]
    return missing + ["`%s` should not be written down" % name for name in stands
                      if name not in needed or since_of(rule, name) > edition]


def strangers(rule: str, parameters: Row) -> List[str]:
    """What a policy says of a rule that the rule does not understand."""
    if rule not in RULES:
        return ["there is no such rule"]
    known = RULES[rule]
    return ["`%s` can't be %s" % (shortened(name), shortened(spelled(value))) for name, value in parameters.items()
            if name not in known or not known[name].allows(value)]


def ascending(values: Sequence[Any]) -> bool:
    """In order, nothing twice."""
    return all(a < b for a, b in zip(values, values[1:]))


class Tables:
    """The other inputs. A line that names nobody is left out; the others are put in order, so that one flaw hides no other."""

    def __init__(self, files: Files, slots: Optional[List[str]], flaws: Flaws) -> None:
        self.files, self.slots, self.flaws = files, slots, flaws
        self.file, self.line = "", 0
        self.people: Dict[str, Row] = {}
        self.places: Dict[str, Row] = {}
        self.visits: Dict[str, Row] = {}

    def read(self) -> None:
        self.people = self.by_id(INSPECTORS, self.inspector)
        self.places = self.by_id(ESTABLISHMENTS, self.establishment)
        longitudes = [row["lon"] for row in self.places.values() if "lon" in row]
        if longitudes and max(longitudes) - min(longitudes) > 180_000_000:
            self.flaws.add("bad-value", ESTABLISHMENTS, 0, "places lie on both sides of the date line")
        self.visits = self.by_id(VISITS, self.visit)
        self.conflicts = self.listed(CONFLICTS, self.conflict, order_of_conflict)
        self.absences = self.listed(ABSENCES, self.absence, order_of("inspector", "from", "to", "reason", "slots"))
        self.history = self.listed(HISTORY, self.past, order_of("date", "establishment", "team", "others", "visit", "kind", "agency"))
        self.waivers = self.listed(WAIVERS, self.waiver, order_of("rule", "visit", "inspector", "reason", "approver", "date"))

    def by_id(self, file: str, check: Callable[[Row], bool]) -> Dict[str, Row]:
        return {row["id"]: row for row in self.listed(file, check, order_of("id"))}

    def listed(self, file: str, check: Callable[[Row], bool], key: Callable[[Row], Any]) -> List[Row]:
        """The lines that `check` lets through, in order, each once."""
        kept = []
        self.file, lines = file, rows_of(self.files, file, LINES[file], self.flaws)
        if file == INSPECTORS:
            self.people = {row["id"]: row for _, row in lines}
        for self.line, row in lines:
            row = with_days(row)
            if check(row):
                kept.append((key(row), self.line, row))
        for (before, _, _), (this, number, _) in zip(kept, kept[1:]):
            if before >= this:
                name = "repeated" if before == this else "order"
                self.flaws.add(name, file, number, "the line should not stand after the one above it")
        kept.sort(key=lambda each: each[:2])
        return [row for at, (this, _, row) in enumerate(kept) if at == 0 or kept[at - 1][0] != this]

    def wrong(self, name: str, says: str) -> None:
        self.flaws.add(name, self.file, self.line, shortened(says))

    def known(self, what: str, id: str, among: Iterable[str]) -> bool:
        if id in among:
            return True
        self.wrong("unknown-id", "there is no %s `%s`" % (what, id))
        return False

    def check_id(self, id: str) -> None:
        if not id or "|" in id:
            self.wrong("bad-value", "`%s` can't be an id" % id)

    def in_order(self, row: Row, *lists: str) -> None:
        for name in lists:
            if not ascending(row.get(name, [])):
                self.wrong("order", "the %s are not in order, or one stands there twice" % name)

    def inspector(self, row: Row) -> bool:
        self.check_id(row["id"])
        self.in_order(row, "skills", "languages", "territory")
        if "supervisor" in row:
            self.known("inspector", row["supervisor"], self.people)
        return True

    def establishment(self, row: Row) -> bool:
        self.check_id(row["id"])
        self.in_order(row, "tags")
        if "lat" in row or "lon" in row:
            whole = "lat" in row and "lon" in row
            if not whole or abs(row["lat"]) > 80_000_000 or abs(row["lon"]) > 180_000_000:
                self.wrong("bad-value", "lat and lon stand together, lat from -80 to 80 degrees and lon from -180 to 180")
                row.pop("lat", None), row.pop("lon", None)
        return True

    def visit(self, row: Row) -> bool:
        self.check_id(row["id"])
        self.in_order(row, "skills", "agencies")
        if row["duration"] < 1:
            self.wrong("bad-value", "a visit takes a slot at least")
        if not self.known("establishment", row["establishment"], self.places):
            return False
        if not self.places[row["establishment"]]["registered"]:
            self.wrong("bad-value", "establishment `%s` is not in the register" % row["establishment"])
        if "slot" in row and self.slots is not None:
            name = row.pop("slot")
            if self.known("slot", name, self.slots):
                row["slot"] = self.slots.index(name)
        return True

    def conflict(self, row: Row) -> bool:
        among = {"establishment": self.places, "inspector": self.people}.get(row["target_kind"])
        who = self.known("inspector", row["inspector"], self.people)
        return (among is None or self.known(row["target_kind"], row["target"], among)) and who

    def absence(self, row: Row) -> bool:
        if row["from"] > row["to"]:
            self.wrong("bad-value", "the absence ends before it starts")
        named = [name for name in row.pop("slots", []) if self.slots is not None and self.known("slot", name, self.slots)]
        slots = [self.slots.index(name) for name in named] if self.slots else []
        if not ascending(slots):
            self.wrong("order", "the slots are not in the order of the day, or one stands there twice")
        if slots:
            row["slots"] = sorted(set(slots))
        return self.known("inspector", row["inspector"], self.people)

    def past(self, row: Row) -> bool:
        named = len(row.get("team", [])) + len(row.get("others", []))
        if named > PAST_TEAM_MAX:
            self.wrong("too-large", "%d people on one visit; at most %d are read" % (named, PAST_TEAM_MAX))
            return False
        self.in_order(row, "team", "others")
        row["team"] = sorted({who for who in row.get("team", []) if self.known("inspector", who, self.people)})
        row.setdefault("others", [])
        return self.known("establishment", row["establishment"], self.places)

    def waiver(self, row: Row) -> bool:
        if row["rule"] in NOT_WAIVABLE:
            self.wrong("bad-value", "no waiver lifts rule `%s`" % row["rule"])
        elif row["rule"] not in RULES:
            self.wrong("unknown-id", "there is no rule `%s`" % row["rule"])
        for what in ("approver", "reason"):
            if is_blank(row[what]):
                self.wrong("bad-value", "the %s of the waiver is blank" % what)
        visit = self.known("visit", row["visit"], self.visits)
        return self.known("inspector", row["inspector"], self.people) and visit


DATES = ["authority_from", "authority_to", "date", "declared_on", "earliest", "from", "latest", "left_on", "to"]


def with_days(row: Row) -> Row:
    return {name: read_day(value) if name in DATES else value for name, value in row.items()}


def order_of(*fields: str) -> Callable[[Row], Any]:
    """An absent field stands before every value."""
    return lambda row: tuple((0,) if row.get(name) is None else (1, row[name]) for name in fields)


def order_of_conflict(row: Row) -> Any:
    rest = order_of("target", "category", "from", "to", "declared_on")
    return row["inspector"], TARGETS.index(row["target_kind"]), rest(row)


# ---- DRAW.md 3 to 5. Digests, keys, words, numbers, orders ---------------------------------------------------------------------


def H(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def LP(*parts: bytes) -> bytes:
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def inputs_digest(files: Files) -> bytes:
    """The digest of the inputs as they are; a file that is not there counts as an empty one."""
    parts = [(name.encode(), H(files.get(name, b""))) for name in INPUTS]
    return H(LP(b"foureyes/v1/inputs", *itertools.chain(*parts)))


def hkdf_extract(salt: bytes, material: bytes) -> bytes:
    return hmac.new(salt, material, hashlib.sha256).digest()


def hkdf_expand(key: bytes, info: bytes) -> bytes:
    """The first 32 bytes, which one block has."""
    return hmac.new(key, info + b"\1", hashlib.sha256).digest()


def root_of(inputs: bytes, seed: str) -> bytes:
    return hkdf_extract(inputs, LP(b"foureyes/v1/seed", b"text", seed.encode()))


def key_of(root: bytes, purpose: str, id: str) -> bytes:
    return hkdf_expand(root, LP(b"foureyes/v1/stream", purpose.encode(), id.encode()))


def chacha20_block(key: bytes, counter: int, nonce: bytes = bytes(12)) -> bytes:
    """A block of the key stream of RFC 8439."""
    start = list(struct.unpack("<4I8I", b"expand 32-byte k" + key)) + [counter] + list(struct.unpack("<3I", nonce))
    state = list(start)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
            quarter(state, a, b, c, d)
        for a, b, c, d in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(state, a, b, c, d)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(state, start)))


def quarter(s: List[int], a: int, b: int, c: int, d: int) -> None:
    for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] ^= s[x]
        s[z] = (s[z] << turn | s[z] >> (32 - turn)) & 0xFFFFFFFF


class Words:
    """The words of a key, and numbers and orders drawn from them."""

    def __init__(self, key: bytes) -> None:
        self.key, self.counter, self.left = key, 0, iter(())

    def word(self) -> int:
        for word in self.left:
            return word
        self.left = iter(struct.unpack("<8Q", chacha20_block(self.key, self.counter)))
        self.counter += 1
        return self.word()

    def below(self, n: int) -> int:
        excess = 2**64 % n
        while True:
            word = self.word()
            if word < 2**64 - excess:
                return word % n

    def shuffle(self, items: Sequence[Any]) -> List[Any]:
        order = list(items)
        for i in range(len(order) - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


def drawn_index(root: bytes, stage: int, tickets: int) -> int:
    return Words(key_of(root, "draw", str(stage))).below(max(tickets, 1))


# ---- RULES.md: what may be set ---------------------------------------------------------------------------------------------------


class Setting(NamedTuple):
    """What a parameter may be: its default, and which values it allows."""

    default: Any
    allows: Callable[[Any], bool]


def on_or_off(default: bool) -> Setting:
    return Setting(default, lambda value: isinstance(value, bool))


def number(default: int, least: int, most: int) -> Setting:
    return Setting(default, lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most)


def word(*words: str) -> Setting:
    return Setting(words[0], lambda value: isinstance(value, str) and value in words)


def texts(*default: str) -> Setting:
    return Setting(list(default), lambda value: isinstance(value, list))


def counts(least: int, most: int) -> Setting:
    """Words with a number each, such as `high=4`, no word twice."""
    def allows(value: Any) -> bool:
        read = [counted(one) for one in value] if isinstance(value, list) else [None]
        return all(one is not None and least <= one[1] <= most for one in read) and len({word for word, _ in read}) == len(read)
    return Setting([], allows)


def counted(said: str) -> Optional[Tuple[str, int]]:
    """The word, and the number behind the last `=`; blanks around either don't count."""
    word, _, digits = said.rpartition("=")
    word, digits = word.strip(WHITE), digits.strip(WHITE)
    return (folded(word), int(digits)) if word and re.fullmatch("[0-9]{1,18}", digits) else None


def dates() -> Setting:
    return Setting([], lambda value: isinstance(value, list) and all(read_day(one) is not None for one in value))


ENDLESS = "kin kinship family relative affinity in-law spouse partner household residence birthplace".split()
RULES: Dict[str, Dict[str, Setting]] = {
    "team-size": {"enabled": Setting(True, lambda value: value is True), "size": number(2, 2, 8)},
    "conflict-of-interest": {
        "enabled": on_or_off(True), "cooling_months": number(24, 0, 1200), "endless": texts(*ENDLESS),
        "no_cooling": texts("friendship", "enmity"),
    },
    "not-together": {"enabled": on_or_off(True), "supervisor": on_or_off(False)},
    "availability": {"enabled": on_or_off(True), "blackout": dates()},
    "no-return": {
        "enabled": on_or_off(True), "teams": number(1, 1, 50), "scope": word("establishment", "owner"),
        "follow_up": word("new-member", "forbid", "allow"),
    },
    "return-gap": {"enabled": on_or_off(True), "days": number(0, 0, 36500)},
    "visit-cap": {
        "enabled": on_or_off(False), "visits": number(2, 0, 1000), "classes": counts(0, 1000), "months": number(12, 1, 1200),
        "scope": word("establishment", "owner"), "gap": number(0, 0, 36500), "uncounted": texts("complaint", "follow-up", "raid"),
    },
    "pair-rotation": {"enabled": on_or_off(True), "days": number(14, 0, 36500), "max_together": number(0, 0, 1000)},
    "one-partner": {"enabled": on_or_off(True), "duty": word("day", "visit", "week")},
    "workload": {
        "enabled": on_or_off(True), "per_slot": number(1, 1, 20), "per_day": number(2, 1, 50), "per_week": number(10, 1, 200),
    },
    "rest": {"enabled": on_or_off(False), "hours": number(11, 1, 48), "days_off": number(0, 0, 3)},
    "lead": {"enabled": on_or_off(True), "leads": number(1, 0, 8), "trainee_grades": texts("trainee", "auxiliary"), "head_grades": texts()},
    "skills": {"enabled": on_or_off(True)},
    "gender-mix": {
        "enabled": on_or_off(True), "women": number(0, 0, 8), "men": number(0, 0, 8), "tags": texts(),
        "tag_women": number(1, 0, 8), "tag_men": number(0, 0, 8),
    },
    "mixed-units": {"enabled": on_or_off(False)},
    "agencies": {"enabled": on_or_off(False)},
    "district-tenure": {"enabled": on_or_off(True), "months": number(12, 1, 1200), "away": number(12, 1, 1200)},
    "territory": {"enabled": on_or_off(True)},
    "home-district": {"enabled": on_or_off(False)},
    "one-district": {"enabled": on_or_off(True)},
    "travel": {"enabled": on_or_off(False), "km": number(50, 0, 2000)},
    "window": {"enabled": on_or_off(True)},
}
NOT_WAIVABLE = ["team-size", "window", "visit-cap"]
# The edition of the rule book in which a rule came, where it was not the first; and of parameters that came after their rule: their
# edition, and what the rule did before.
SINCE: Dict[str, int] = {"agencies": 2, "rest": 2, "travel": 2, "visit-cap": 2}
LATER: Dict[Tuple[str, str], Tuple[int, Any]] = {("lead", "head_grades"): (2, [])}
EDITION = max([2] + list(SINCE.values()) + [since for since, _ in LATER.values()])
# Other rules look at its parameters, so every policy names it.
ASKED_WHEN_OFF = ["conflict-of-interest"]
ALWAYS_NAMED = ["team-size"] + ASKED_WHEN_OFF


# ---- RULES.md: what each rule demands --------------------------------------------------------------------------------------------


class Held(NamedTuple):
    """When a visit is held, and who goes, in order of id."""

    day: int
    slot: int
    team: Tuple[str, ...]


Schedule = Dict[str, Held]
Broken = Tuple[str, str, str]  # the rule, a visit, the facts
Moment = Tuple[int, int, str]  # day, slot and visit; history has slot -1, and comes before what is planned for its day


class PastTeam(NamedTuple):
    """Everybody whom history records at one place on one day."""

    day: int
    place: str
    members: Set[str]
    others: Set[str]


class Board:
    """A schedule by visit and by person, on which single visits can be changed."""

    def __init__(self, schedule: Schedule) -> None:
        self.held: Schedule = {}
        self.own: Dict[str, Set[str]] = {}
        for visit, held in schedule.items():
            self.put(visit, held)

    def put(self, visit: str, held: Held) -> None:
        """Has `visit` held like this, whatever was planned before."""
        for who in self.held[visit].team if visit in self.held else ():
            self.own[who].discard(visit)
        self.held[visit] = held
        for who in held.team:
            self.own.setdefault(who, set()).add(visit)

    def take(self, visit: str) -> None:
        """Has `visit` held by nobody."""
        for who in self.held.pop(visit).team:
            self.own[who].discard(visit)

    def moments(self, visits: Iterable[str]) -> List[Moment]:
        """Those of the visits that are held, in order of time."""
        return sorted((self.held[visit].day, self.held[visit].slot, visit) for visit in visits if visit in self.held)

    def of(self, who: str) -> List[Moment]:
        return self.moments(self.own.get(who, ()))


class Touched(NamedTuple):
    """What a change of a schedule reaches; nothing else can break a rule that was kept before."""

    visits: Set[str]
    people: Set[str]
    pairs: Set[Tuple[str, str]]


def pairs_of(team: Iterable[str]) -> Iterator[Tuple[str, str]]:
    return itertools.combinations(sorted(team), 2)


@functools.lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """Words that differ in upper and lower case alone are one word."""
    return unicodedata.normalize("NFC", "".join(letter.lower() for letter in name))


def each_once(words: List[str]) -> List[str]:
    """The words, of those that are one word the first."""
    firsts = {folded(word): word for word in reversed(words)}
    return [word for word in words if firsts[folded(word)] == word]


class Rules:
    """The rules that are on, recounted from their definitions."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.on = {name: parameters for name, parameters in case.rules.items() if parameters["enabled"]}
        self.waived: Dict[str, Set[Tuple[str, str]]] = {}  # by rule: a visit and a person
        for waiver in case.waivers:
            self.waived.setdefault(waiver["rule"], set()).add((waiver["visit"], waiver["inspector"]))
        self.read_history()
        self.read_conflicts()
        self.read_places()
        self.read_people()

    # What is known beforehand.

    def read_history(self) -> None:
        """What history records, laid out so that a rule finds what it asks for."""
        teams: Dict[Tuple[int, str], PastTeam] = {}
        self.past: Counts = {}  # visits by person and day, and by person and week
        self.past_districts: Dict[Tuple[str, int], Set[str]] = {}  # by person and day
        self.past_places: Dict[Tuple[str, int], List[str]] = {}  # by person and day
        self.past_days: Dict[str, Set[int]] = {}  # by person
        self.past_at: Dict[Tuple[str, str], List[int]] = {}  # days by person and place
        self.past_in: Dict[Tuple[str, str], List[int]] = {}  # days by person and district
        for row in self.case.history:
            at = row["date"], row["establishment"]
            if "agency" in row and not row["team"]:
                continue  # another agency came, and nobody of the roster
            team = teams.setdefault(at, PastTeam(*at, set(), set()))
            team.members.update(row["team"])
            team.others.update(row["others"])
            for who in row["team"]:
                self.read_past(who, *at)
        self.past_teams = [teams[at] for at in sorted(teams)]
        self.past_teams_of: Dict[str, List[PastTeam]] = {}
        self.past_teams_in: Dict[Tuple[str, Any], List[PastTeam]] = {}  # by person and duty period
        for team in self.past_teams:
            for who in team.members:
                self.past_teams_of.setdefault(who, []).append(team)
                self.past_teams_in.setdefault((who, self.service((team.day, -1, team.place))), []).append(team)

    def read_past(self, who: str, day: int, place: str) -> None:
        for at in (who, "day", day), (who, "week", week(day)):
            self.past[at] = self.past.get(at, 0) + 1
        self.past_days.setdefault(who, set()).add(day)
        self.past_at.setdefault((who, place), []).append(day)
        self.past_places.setdefault((who, day), []).append(place)
        district = self.case.places[place].get("district")
        if district is not None:
            self.past_districts.setdefault((who, day), set()).add(district)
            self.past_in.setdefault((who, district), []).append(day)

    def read_conflicts(self) -> None:
        self.interests: Dict[str, List[Tuple[str, str, Optional[int]]]] = {}
        self.apart: Set[Tuple[str, str]] = set()
        for conflict in self.case.conflicts:
            end, who, target = self.conflict_ends(conflict), conflict["inspector"], conflict["target"]
            if conflict["target_kind"] != "inspector":
                self.interests.setdefault(who, []).append((conflict["target_kind"], target, end))
            elif (end is None or end >= self.case.first) and who != target:
                self.apart.add((min(who, target), max(who, target)))
        if self.case.rules["not-together"]["supervisor"]:
            led = [(who, row["supervisor"]) for who, row in self.case.people.items() if "supervisor" in row]
            self.apart.update((min(pair), max(pair)) for pair in led if pair[0] != pair[1])

    def conflict_ends(self, conflict: Row) -> Optional[int]:
        return last_day(conflict, self.case.rules["conflict-of-interest"])

    def read_places(self) -> None:
        self.chain: Dict[str, Tuple[str, str]] = {}
        self.chains: Dict[Tuple[str, str], List[str]] = {}
        for visit, row in self.case.visits.items():
            chain = self.chain[visit] = self.chain_of(row["establishment"])
            self.chains.setdefault(chain, []).append(visit)
        self.past_of_chain: Dict[Tuple[str, str], Dict[int, Set[str]]] = {}
        for team in self.past_teams:
            chain = self.chain_of(team.place)
            if chain in self.chains:
                self.past_of_chain.setdefault(chain, {}).setdefault(team.day, set()).update(team.members)
        self.read_cap()
        self.operations: Dict[str, List[str]] = {}
        for visit, row in self.case.visits.items():
            if "operation" in row:
                self.operations.setdefault(row["operation"], []).append(visit)

    def chain_of(self, place: str) -> Tuple[str, str]:
        """Whose last teams stay away from a place."""
        owner = self.case.places[place].get("owner")
        by_owner = self.case.rules["no-return"]["scope"] == "owner" and owner is not None
        return ("owner", owner) if by_owner else ("establishment", place)

    def read_cap(self) -> None:
        """What counts for rule visit-cap: the planned visits and the past ones, by place or owner."""
        rule = self.case.rules["visit-cap"]
        uncounted = {folded(kind) for kind in rule["uncounted"]}
        self.cap_classes = dict(counted(one) for one in rule["classes"])
        self.capped: Dict[str, Tuple[str, str]] = {}  # by visit: whose visits are counted with it
        self.cap_visits: Dict[Tuple[str, str], List[str]] = {}
        for visit, row in self.case.visits.items():
            if row["kind"] not in uncounted:
                whose = self.capped[visit] = self.cap_of(row["establishment"])
                self.cap_visits.setdefault(whose, []).append(visit)
        came = {(row["date"], row["establishment"], row.get("visit")) for row in self.case.history
                if "kind" not in row or folded(row["kind"]) not in uncounted}
        self.cap_past: Dict[Tuple[str, str], List[Tuple[int, str]]] = {}
        for day, place, _ in came:
            self.cap_past.setdefault(self.cap_of(place), []).append((day, place))

    def cap_of(self, place: str) -> Tuple[str, str]:
        owner = self.case.places[place].get("owner")
        by_owner = self.case.rules["visit-cap"]["scope"] == "owner" and owner is not None
        return ("owner", owner) if by_owner else ("establishment", place)

    def read_people(self) -> None:
        self.away: Dict[str, List[Tuple[int, int]]] = {}
        self.away_in: Dict[str, List[Tuple[int, int, Set[int]]]] = {}  # slots of days, and those that reach into a day of leave
        late = {slot for slot, (_, ends) in self.case.hours.items() if ends > 1440}
        for absence in self.case.absences:
            who, first, last, slots = absence["inspector"], absence["from"], absence["to"], set(absence.get("slots", ()))
            if len(slots) in (0, len(self.case.slots)):
                self.away.setdefault(who, []).append((first, last))
            if slots or late:
                self.away_in.setdefault(who, []).append((first, last, slots) if slots else (first - 1, first - 1, late))
        self.blackout = {read_day(one) for one in self.case.rules["availability"]["blackout"]}
        grades = {folded(grade) for grade in self.case.rules["lead"]["trainee_grades"]}
        self.trainees = {who for who, row in self.case.people.items() if folded(row.get("grade", "")) in grades}
        self.agency = {who: folded(row["agency"]) for who, row in self.case.people.items() if "agency" in row}
        self.knows = {who: {folded(one) for one in row.get("skills", []) + row.get("languages", [])}
                      for who, row in self.case.people.items()}

    def lifted(self, rule: str, visit: str, *people: str) -> bool:
        return rule in self.waived and any((visit, who) in self.waived[rule] for who in people)

    # The whole book.

    def broken(self, board: Board, touched: Optional[Touched] = None) -> Iterator[Broken]:
        """Every way in which the schedule breaks a rule that is on; with `touched`, only where a change may have broken one."""
        visits = board.held if touched is None else touched.visits
        for visit in sorted(visit for visit in visits if visit in board.held):
            yield from self.of_visit(board, visit)
        yield from self.of_pairs(board, pairs_in(board) if touched is None else touched.pairs)
        for chain in sorted({self.chain[visit] for visit in visits}):
            yield from self.checked("no-return", self.no_return, board, chain)
        for whose in sorted({self.capped[visit] for visit in visits if visit in self.capped}):
            yield from self.checked("visit-cap", self.visit_cap, board, whose)
        for operation in sorted({self.case.visits[visit].get("operation", "") for visit in visits} & set(self.operations)):
            yield from self.checked("window", self.operation, board, operation)
        for who in sorted(board.own if touched is None else touched.people):
            yield from self.of_person(board, who)

    def checked(self, rule: str, check: Callable[[Board, Any], Iterator[Tuple[str, str]]], board: Board, of: Any) -> Iterator[Broken]:
        if rule in self.on:
            for visit, says in check(board, of):
                yield rule, visit, says

    def of_visit(self, board: Board, visit: str) -> Iterator[Broken]:
        held = board.held[visit]
        for rule, bars in self.EXCLUSIONS:
            if rule not in self.on:
                continue
            for who in held.team:
                if bars(self, who, visit, held.day) and not self.lifted(rule, visit, who):
                    yield rule, visit, "%s may not go on visit %s on %s" % (who, visit, spelled_day(held.day))
        for who in held.team if "availability" in self.on else ():
            if self.is_away_in(who, visit, held.day, held.slot) and not self.lifted("availability", visit, who):
                yield "availability", visit, "%s is away in a part of visit %s on %s" % (who, visit, spelled_day(held.day))
        for rule, check in self.TEAM_RULES:
            yield from self.checked(rule, functools.partial(check, self), board, visit)

    def of_pairs(self, board: Board, pairs: Iterable[Tuple[str, str]]) -> Iterator[Broken]:
        for pair in sorted(pairs):
            yield from self.checked("pair-rotation", self.pair_rotation, board, pair)

    def of_person(self, board: Board, who: str) -> Iterator[Broken]:
        for rule, check in self.LIMITS:
            yield from self.checked(rule, functools.partial(check, self), board, who)

    # Exclusions: whether a fact keeps somebody from a visit on a day.

    def has_interest(self, who: str, visit: str, day: int) -> bool:
        place = self.case.place_of(visit)
        names = {"establishment": place["id"], "owner": place.get("owner"), "sector": place.get("sector"), "district": place.get("district")}
        return any(names[kind] == target and (end is None or day <= end) for kind, target, end in self.interests.get(who, ()))

    def is_away(self, who: str, visit: str, day: int) -> bool:
        row = self.case.people[who]
        return (
            any(first <= day <= last for first, last in self.away.get(who, ()))
            or day in self.blackout
            or day < row.get("authority_from", day)
            or day > row.get("authority_to", day)
            or "left_on" in row and day >= row["left_on"]
        )

    def is_away_in(self, who: str, visit: str, day: int, slot: int) -> bool:
        """Whether a visit fills a part of a day on which somebody is away."""
        filled = range(slot, slot + max(self.case.visits[visit]["duration"], 1))
        return any(first <= day <= last and not slots.isdisjoint(filled) for first, last, slots in self.away_in.get(who, ()))

    def outside_territory(self, who: str, visit: str, day: int) -> bool:
        served = self.case.people[who].get("territory")
        return bool(served) and self.case.place_of(visit).get("district") not in served

    def at_home(self, who: str, visit: str, day: int) -> bool:
        home = self.case.people[who].get("home_district")
        return home is not None and self.case.place_of(visit).get("district") == home

    # Team rules, and the window.

    def team_size(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        size, there = self.case.size(visit), len(board.held[visit].team)
        if there != size or not 2 <= size <= 8:
            yield visit, "%d people go on visit %s, which asks for %d" % (there, visit, size)

    def not_together(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        for pair in pairs_of(board.held[visit].team) if self.apart else ():
            if pair in self.apart and not self.lifted("not-together", visit, *pair):
                yield visit, "%s and %s never go together" % pair

    def lead(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        team = board.held[visit].team
        leads = sum(self.is_lead(who, visit) for who in team)
        if leads < self.on["lead"]["leads"]:
            yield visit, "visit %s has %d leads" % (visit, leads)
        if sum(who in self.trainees and not self.lifted("lead", visit, who) for who in team) > 1:
            yield visit, "two trainees go on visit %s" % visit

    def is_lead(self, who: str, visit: str) -> bool:
        return self.case.people[who]["lead"] or self.lifted("lead", visit, who)

    def skills(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        for skill in self.case.visits[visit].get("skills", ()):
            if not any(self.has_skill(who, visit, skill) for who in board.held[visit].team):
                yield visit, "nobody on visit %s has `%s`" % (visit, skill)

    def has_skill(self, who: str, visit: str, skill: str) -> bool:
        return folded(skill) in self.knows[who] or self.lifted("skills", visit, who)

    def agencies(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        for agency in self.case.visits[visit].get("agencies", ()):
            if not any(self.is_of_agency(who, visit, agency) for who in board.held[visit].team):
                yield visit, "nobody on visit %s is of `%s`" % (visit, agency)

    def is_of_agency(self, who: str, visit: str, agency: str) -> bool:
        return self.agency.get(who) == folded(agency) or self.lifted("agencies", visit, who)

    def gender_mix(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        for gender, least in self.genders_asked(visit):
            there = sum(self.is_of(who, visit, gender) for who in board.held[visit].team)
            if there < least:
                yield visit, "visit %s has %d of gender `%s`, and needs %d" % (visit, there, gender, least)

    def genders_asked(self, visit: str) -> List[Tuple[str, int]]:
        rule, row = self.case.rules["gender-mix"], self.case.visits[visit]
        tagged = {folded(tag) for tag in self.case.place_of(visit).get("tags", ())} & {folded(tag) for tag in rule["tags"]}
        women = max(rule["women"], row.get("min_women", 0), rule["tag_women"] if tagged else 0)
        return [("woman", women), ("man", max(rule["men"], rule["tag_men"] if tagged else 0))]

    def is_of(self, who: str, visit: str, gender: str) -> bool:
        return self.case.people[who].get("gender") == gender or self.lifted("gender-mix", visit, who)

    def mixed_units(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        unit = lambda who: folded(self.case.people[who]["unit"]) if "unit" in self.case.people[who] else None
        for a, b in pairs_of(board.held[visit].team):
            if unit(a) == unit(b) and not self.lifted("mixed-units", visit, a, b):
                yield visit, "%s and %s on visit %s are of one unit" % (a, b, visit)

    def window(self, board: Board, visit: str) -> Iterator[Tuple[str, str]]:
        held = board.held[visit]
        if not self.is_open(visit, held.day, held.slot):
            yield visit, "visit %s can't be held on %s in slot %d" % (visit, spelled_day(held.day), held.slot + 1)

    def is_open(self, visit: str, day: int, slot: int) -> bool:
        row = self.case.visits[visit]
        return (
            day in self.working_days
            and row.get("earliest", day) <= day <= row.get("latest", day)
            and row.get("slot", slot) == slot
            and slot + row["duration"] <= len(self.case.slots)
        )

    @functools.cached_property
    def working_days(self) -> Set[int]:
        return set(self.case.days)

    def operation(self, board: Board, operation: str) -> Iterator[Tuple[str, str]]:
        held = board.moments(self.operations[operation])
        for day, slot, visit in held:
            if (day, slot) != held[0][:2]:
                yield visit, "visit %s of operation %s does not start with visit %s" % (visit, operation, held[0][2])

    # Limits.

    def no_return(self, board: Board, chain: Tuple[str, str]) -> Iterator[Tuple[str, str]]:
        rule = self.on["no-return"]
        planned = board.moments(self.chains[chain])
        past = [((day, -1, ""), team) for day, team in self.past_of_chain.get(chain, {}).items()]
        teams = sorted(past + [(moment, set(board.held[moment[2]].team)) for moment in planned], key=lambda each: each[0])
        for at, ((day, slot, visit), team) in enumerate(teams):
            if slot < 0:
                continue
            last = set().union(*(team for _, team in teams[max(0, at - rule["teams"]):at]))
            back = {who for who in team & last if not self.lifted("no-return", visit, who)}
            if back and self.keeps_out(visit, back, team):
                yield visit, "%s of the last team comes back with visit %s" % (", ".join(sorted(back)), visit)

    def keeps_out(self, visit: str, back: Set[str], team: Set[str]) -> bool:
        """Whether these people of a team may not come back."""
        if self.case.visits[visit]["kind"] != "follow-up":
            return True
        return {"forbid": True, "allow": False, "new-member": back == team}[self.on["no-return"]["follow_up"]]

    def return_gap(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        days, came = self.on["return-gap"]["days"], {}
        for day, _, visit in board.of(who) if days else ():
            place = self.case.visits[visit]["establishment"]
            past = [then for then in self.past_at.get((who, place), []) if then <= day]
            before = max(past + came.get(place, []), default=None)
            if before is not None and day - before < days and not self.lifted("return-gap", visit, who):
                yield visit, "%s comes back to %s with visit %s after %d days" % (who, place, visit, day - before)
            came.setdefault(place, []).append(day)

    def visit_cap(self, board: Board, whose: Tuple[str, str]) -> Iterator[Tuple[str, str]]:
        rule, past = self.on["visit-cap"], self.cap_past.get(whose, [])
        planned = board.moments(self.cap_visits[whose])
        for at, (day, _, visit) in enumerate(planned):
            place = self.case.place_of(visit)
            came = [(then, where) for then, where in past if then <= day]
            came += [(then, self.case.visits[other]["establishment"]) for then, _, other in planned[:at]]
            most = self.cap_classes.get(folded(place.get("risk", "")), rule["visits"])
            number = 1 + sum(day < months_after(then, rule["months"]) for then, _ in came)
            if number > most:
                yield visit, "visit %s is number %d of at most %d" % (visit, number, most)
            last = max((then for then, where in came if where == place["id"]), default=None)
            if last is not None and day - last < rule["gap"]:
                yield visit, "visit %s comes %d days after another" % (visit, day - last)

    def duty(self) -> str:
        """The duty period in force: each visit where one-partner is off."""
        return self.on["one-partner"]["duty"] if "one-partner" in self.on else "visit"

    def service(self, moment: Moment) -> Any:
        """Two moments with the same service are of one duty period."""
        return {"visit": moment, "day": moment[0], "week": week(moment[0])}[self.duty()]

    def pair_rotation(self, board: Board, pair: Tuple[str, str]) -> Iterator[Tuple[str, str]]:
        a, b = pair
        planned = board.moments(board.own.get(a, set()) & board.own.get(b, set()))
        if planned:
            past = [(team.day, -1, team.place) for team in self.past_teams_of.get(a, ()) if b in team.members]
            yield from self.too_soon(pair, sorted(past + planned))
            yield from self.too_often(pair, past, planned)

    def too_soon(self, pair: Tuple[str, str], moments: List[Moment]) -> Iterator[Tuple[str, str]]:
        """From the last visit of one service to every visit of the next lie so many days."""
        before = None
        for earlier, later in zip(moments, moments[1:]):
            before = earlier if self.service(earlier) != self.service(later) else before
            if before is None or later[1] < 0 or later[0] - before[0] >= self.on["pair-rotation"]["days"]:
                continue
            if not self.lifted("pair-rotation", later[2], *pair):
                yield later[2], "%s and %s serve together again after %d days" % (*pair, later[0] - before[0])

    def too_often(self, pair: Tuple[str, str], past: List[Moment], planned: List[Moment]) -> Iterator[Tuple[str, str]]:
        most = self.on["pair-rotation"]["max_together"]
        services = {self.service(moment) for moment in past if self.case.first <= moment[0] <= self.case.last}
        counted = [moment for moment in planned if not self.lifted("pair-rotation", moment[2], *pair)]
        for moment in counted if most else ():
            new = self.service(moment) not in services
            services.add(self.service(moment))
            if new and len(services) > most:
                yield moment[2], "%s and %s serve together %d times" % (*pair, len(services))

    def one_partner(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        if self.duty() == "visit":
            return
        for service, moments in itertools.groupby(board.of(who), self.service):
            seen = [team.members | {"|" + other for other in team.others} for team in self.past_teams_in.get((who, service), ())]
            for _, _, visit in moments:
                team = set(board.held[visit].team)
                if any(not (team <= other or other <= team) for other in seen) and not self.lifted("one-partner", visit, who):
                    yield visit, "%s has another partner on visit %s" % (who, visit)
                seen.append(team)

    def workload(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        rule, row = self.on["workload"], self.case.people[who]
        counted = [moment for moment in board.of(who) if not self.lifted("workload", moment[2], who)]
        slots: Dict[Tuple[int, int], int] = {}
        days: Dict[int, int] = {}
        weeks: Dict[int, int] = {}
        for day, slot, visit in counted:
            days[day], weeks[week(day)] = days.get(day, 0) + 1, weeks.get(week(day), 0) + 1
            for filled in range(slot, slot + self.case.visits[visit]["duration"]):
                slots[day, filled] = slots.get((day, filled), 0) + 1
        days = {day: n + self.past.get((who, "day", day), 0) for day, n in days.items()}
        weeks = {number: n + self.past.get((who, "week", number), 0) for number, n in weeks.items()}
        limits = [("slot", slots, rule["per_slot"]), ("day", days, row.get("visits_per_day", rule["per_day"])),
                  ("week", weeks, row.get("visits_per_week", rule["per_week"]))]
        for name, counts, most in limits:
            for when, n in counts.items():
                if n > most:
                    yield counted[0][2], "%s has %d visits in %s %s" % (who, n, name, when)

    def rest(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        own = board.of(who)
        for (earlier, slot, before), (later, at, visit) in itertools.combinations(own, 2) if self.case.hours else ():
            last = slot + max(self.case.visits[before]["duration"], 1) - 1
            if earlier == later or last not in self.case.hours or at not in self.case.hours or self.lifted("rest", visit, who):
                continue
            between = (later - earlier) * 1440 + self.case.hours[at][0] - self.case.hours[last][1]
            if between < self.on["rest"]["hours"] * 60:
                yield visit, "%s has %d minutes between visit %s and visit %s" % (who, between, before, visit)
        counted = [(day, visit) for day, _, visit in own if not self.lifted("rest", visit, who)]
        days = {day for day, _ in counted} | self.past_days.get(who, set())
        for last in sorted(days) if self.on["rest"]["days_off"] else ():
            week = sorted(days & set(range(last - 6, last + 1)))
            visits = [visit for day, visit in counted if day in week]
            if len(week) > 7 - self.on["rest"]["days_off"] and visits:
                yield visits[0], "%s has visits on %d days from %s to %s: %s" % (
                    who, len(week), spelled_day(week[0]), spelled_day(last), ", ".join(sorted(visits)))

    def district_tenure(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        rule, own = self.on["district-tenure"], board.of(who)
        district = lambda visit: self.case.place_of(visit).get("district")
        for served in sorted({district(visit) for _, _, visit in own} - {None}) if self.case.history else ():
            planned = [moment for moment in own if district(moment[2]) == served]
            past = [(day, -1, "") for day in self.past_in.get((who, served), ())]
            begun = last = None
            for day, slot, visit in sorted(past + planned):
                begun = day if last is None or day >= months_after(last, rule["away"]) else begun
                last = day
                too_long = slot >= 0 and day >= months_after(begun, rule["months"])
                if too_long and not self.lifted("district-tenure", visit, who):
                    yield visit, "%s has served %s since %s" % (who, served, spelled_day(begun))

    def one_district(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        for day, moments in itertools.groupby(board.of(who), lambda moment: moment[0]):
            seen: Set[Optional[str]] = set(self.past_districts.get((who, day), ()))
            for _, _, visit in moments:
                here = self.case.place_of(visit).get("district")
                if seen - {here} and not self.lifted("one-district", visit, who):
                    yield visit, "%s is in two districts on %s" % (who, spelled_day(day))
                seen.add(here)

    def travel(self, board: Board, who: str) -> Iterator[Tuple[str, str]]:
        km = self.on["travel"]["km"]
        for day, moments in itertools.groupby(board.of(who) if km else (), lambda moment: moment[0]):
            seen = [self.case.places[place] for place in self.past_places.get((who, day), ())]
            for _, _, visit in moments:
                here = self.case.place_of(visit)
                far = any("lat" in there and "lat" in here and not within(there, here, km) for there in seen)
                if far and not self.lifted("travel", visit, who):
                    yield visit, "%s is too far from visit %s on %s" % (who, visit, spelled_day(day))
                seen.append(here)

    EXCLUSIONS = [
        ("conflict-of-interest", has_interest), ("availability", is_away), ("territory", outside_territory),
        ("home-district", at_home),
    ]
    TEAM_RULES = [
        ("team-size", team_size), ("not-together", not_together), ("lead", lead), ("skills", skills),
        ("gender-mix", gender_mix), ("mixed-units", mixed_units), ("agencies", agencies), ("window", window),
    ]
    LIMITS = [
        ("return-gap", return_gap), ("one-partner", one_partner), ("workload", workload), ("rest", rest),
        ("district-tenure", district_tenure), ("one-district", one_district),
        ("travel", travel),
    ]


# DRAW.md 2, "Distances".

SINES = [
    0, 17452406, 34899497, 52335956, 69756474, 87155743, 104528463, 121869343, 139173101, 156434465, 173648178,
    190808995, 207911691, 224951054, 241921896, 258819045, 275637356, 292371705, 309016994, 325568154, 342020143,
    358367950, 374606593, 390731128, 406736643, 422618262, 438371147, 453990500, 469471563, 484809620, 500000000,
    515038075, 529919264, 544639035, 559192903, 573576436, 587785252, 601815023, 615661475, 629320391, 642787610,
    656059029, 669130606, 681998360, 694658370, 707106781, 719339800, 731353702, 743144825, 754709580, 766044443,
    777145961, 788010754, 798635510, 809016994, 819152044, 829037573, 838670568, 848048096, 857167301, 866025404,
    874619707, 882947593, 891006524, 898794046, 906307787, 913545458, 920504853, 927183855, 933580426, 939692621,
    945518576, 951056516, 956304756, 961261696, 965925826, 970295726, 974370065, 978147601, 981627183, 984807753,
    987688341, 990268069, 992546152, 994521895, 996194698, 997564050, 998629535, 999390827, 999847695, 1000000000,
]


def sine(angle: int) -> int:
    """10**9 times the sine of an angle in millionths of a degree, from none to 90 degrees; more counts as 90."""
    degrees, rest = divmod(min(angle, 90 * 10**6), 10**6)
    return SINES[degrees] + (SINES[degrees + 1] - SINES[degrees]) * rest // 10**6 if rest else SINES[degrees]


def within(one: Row, other: Row, km: int) -> bool:
    """Whether two places lie at most so many kilometres apart."""
    across, along = abs(one["lon"] - other["lon"]) // 2, abs(one["lat"] - other["lat"]) // 2
    cosines = sine(90 * 10**6 - abs(one["lat"])) * sine(90 * 10**6 - abs(other["lat"])) // 10**9
    return sine(along) ** 2 + cosines * sine(across) ** 2 // 10**9 <= sine(km * 4_496_602 // 1000) ** 2


def pairs_in(board: Board) -> Set[Tuple[str, str]]:
    return {pair for held in board.held.values() for pair in pairs_of(held.team)}


# ---- DRAW.md 6. The urn ----------------------------------------------------------------------------------------------------------


class Layout:
    """How the tickets of a stage are laid out in bits."""

    def __init__(self, case: Case, first: int, drawn: Schedule) -> None:
        self.times = [(day, slot) for day in case.days if day >= first for slot in range(len(case.slots))]
        self.people = sorted(case.people)
        self.visits = [(visit, case.size(visit)) for visit in sorted(case.visits) if visit not in drawn]
        self.visits = [(visit, size) for visit, size in self.visits if 1 <= size <= 8]
        self.time_bits = len(self.times).bit_length()
        self.person_bits = max(len(self.people) - 1, 0).bit_length()
        self.bits = sum(self.time_bits + size * self.person_bits for _, size in self.visits)
        self.bytes = max((self.bits + 7) // 8, 1)

    def read(self, ticket: bytes) -> Schedule:
        """What a ticket holds; ValueError where the bytes are no ticket."""
        bits, at, held = "".join(map("{:08b}".format, ticket)), 0, {}
        for visit, size in self.visits:
            time, at = number_in(bits, at, self.time_bits)
            team = []
            for _ in range(size):
                person, at = number_in(bits, at, self.person_bits)
                team.append(person)
            if time:
                held[visit] = self.held(time, team)
            elif any(team):
                raise ValueError("people go on visit %s, which it does not hold" % visit)
        if "1" in bits[at:]:
            raise ValueError("the filling is not 0")
        return held

    def held(self, time: int, team: List[int]) -> Held:
        if time > len(self.times):
            raise ValueError("there is no time %d" % time)
        if not ascending(team):
            raise ValueError("a team is not ascending")
        if team[-1] >= len(self.people):
            raise ValueError("there is no person %d" % team[-1])
        return Held(*self.times[time - 1], tuple(self.people[who] for who in team))


def number_in(bits: str, at: int, width: int) -> Tuple[int, int]:
    return int(bits[at:at + width] or "0", 2), at + width


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash of RFC 6962: halves of a power of two are joined level by level, an odd one goes up alone."""
    level = [H(b"\0" + leaf) for leaf in leaves] or [H(b"")]
    while len(level) > 1:
        pairs = [H(b"\1" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0]


class Stage:
    """A stage of the period, its urn as far as it can be read, and what the stages before it drew."""

    def __init__(self, number: int, first: int, last: int, index: int, before: Schedule) -> None:
        self.number, self.first, self.last, self.index, self.before = number, first, last, index, before
        self.file = "urns/%03d.urn" % number
        self.given = False
        self.flaws = Flaws()
        self.tickets: List[bytes] = []
        self.root: Optional[str] = None
        self.held: Optional[List[Schedule]] = None  # of each ticket, where every one is a ticket
        self.parts: List[Schedule] = []  # the same on the stage's days alone
        self.bytes = 0

    def has_day(self, day: int) -> bool:
        return self.first <= day <= self.last

    def open(self, case: Case, inputs: bytes, data: bytes) -> None:
        self.given = True
        layout = Layout(case, self.first, self.before)
        self.bytes = layout.bytes
        end = data[:LINE_BYTES_MAX].find(b"\n") + 1
        self.check_head(case, inputs, data[:end])
        if case.tickets > TICKETS_MAX:
            self.flaws.add("too-large", self.file, 0, "at most %d tickets are read" % TICKETS_MAX)
        if not len(self.flaws) and (not case.tickets or len(data) - end != case.tickets * layout.bytes):
            self.flaws.add("urn-size", self.file, 0, "%d bytes; the tickets take %d" % (len(data) - end, case.tickets * layout.bytes))
        if not len(self.flaws):
            self.tickets = [data[at:at + layout.bytes] for at in range(end, len(data), layout.bytes)]
            self.root = merkle_root(self.tickets).hex()
            self.read_tickets(layout)

    def check_head(self, case: Case, inputs: bytes, line: bytes) -> None:
        said = lines_of(line, self.file, URN_LINE, self.flaws)
        head = {
            "before": H(schedule_lines(case, self.before)).hex(), "bytes": self.bytes, "format": URN_FORMAT,
            "from": spelled_day(self.first), "inputs": inputs.hex(), "stage": self.number, "tickets": case.tickets,
            "to": spelled_day(self.last),
        }
        if [row for _, row in said] != [head]:
            self.flaws.add("urn-header", self.file, 1, "the first line should be `%s`" % spelled(head))

    def read_tickets(self, layout: Layout) -> None:
        held = []
        for number, ticket in enumerate(self.tickets):
            try:
                held.append(layout.read(ticket))
            except ValueError as error:
                self.flaws.add("ticket-bytes", self.file, 0, "ticket %d: %s" % (number, error))
                return
        self.held = held
        self.parts = [{visit: at for visit, at in one.items() if self.has_day(at.day)} for one in held]


URN_LINE = row_of({
    "before": must(text), "bytes": must(LARGE), "format": must(text), "from": must(day), "inputs": must(text),
    "stage": must(LARGE), "tickets": must(NUMBER), "to": must(day),
})
SPREAD = row_of({"distinct": must(LARGE), "most": must(NUMBER), "squares": must(LARGE)})
LEAST_MEDIAN = row_of({"least": must(LARGE), "median": must(LARGE)})
STAGE_LINE = row_of({
    "bytes": must(LARGE), "distinct": must(NUMBER), "drawn": must(NUMBER), "effective": must(LEAST_MEDIAN), "from": must(day),
    "held": must(LARGE), "leak": may(row_of({"all": must(LEAST_MEDIAN), "first": must(LEAST_MEDIAN)})),
    "meetings": may(row_of({"pair": may(tuple_of(text, text)), "spread": must(SPREAD)})), "never": must(LARGE),
    "outcomes": must(NUMBER), "root": must(text), "seats": must(LARGE), "squares": must(LARGE), "stage": must(LARGE),
    "support": must(LARGE), "tickets": must(NUMBER), "to": must(day), "visits": must(LARGE),
    "worst": may(row_of({"inspector": must(text), "n": must(NUMBER), "visit": must(text)})), "worst_sum": must(LARGE),
})
ODDS_LINE = row_of({
    "held": must(NUMBER), "inspectors": must(list_of(tuple_of(text, NUMBER))), "pairs": must(SPREAD), "stage": must(LARGE),
    "teams": must(SPREAD), "times": must(list_of(tuple_of(day, text, NUMBER))), "visit": must(text),
})

Counts = Dict[Any, int]


def tally(items: Iterable[Any]) -> Counts:
    counts: Counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def spread(counts: Counts) -> Row:
    return {"distinct": len(counts), "most": max(counts.values(), default=0), "squares": sum(n * n for n in counts.values())}


def least_median(numbers: Iterable[int]) -> Row:
    inorder = sorted(numbers) or [0]
    return {"least": inorder[0], "median": inorder[(len(inorder) - 1) // 2]}


def odds_line(case: Case, stage: Stage, visit: str, held: List[Held]) -> Row:
    """The line of odds.jsonl for a visit that tickets hold like this."""
    people = tally(who for one in held for who in one.team)
    times = tally((one.day, one.slot) for one in held)
    return {
        "held": len(held),
        "inspectors": [[who, people[who]] for who in sorted(people)],
        "pairs": spread(tally(pair for one in held for pair in pairs_of(one.team))),
        "stage": stage.number,
        "teams": spread(tally(one.team for one in held)),
        "times": [[spelled_day(day), case.slots[slot], times[day, slot]] for day, slot in sorted(times)],
        "visit": visit,
    }


def count_odds(case: Case, stage: Stage) -> Dict[str, Row]:
    """By visit, for every visit that a ticket holds on the stage's days."""
    held: Dict[str, List[Held]] = {}
    for part in stage.parts:
        for visit, one in part.items():
            held.setdefault(visit, []).append(one)
    return {visit: odds_line(case, stage, visit, held[visit]) for visit in sorted(held)}


def count_stage(case: Case, stage: Stage, odds: Dict[str, Row]) -> Row:
    """The line of stages.jsonl, but for its days, its root and the ticket that was drawn."""
    counts = [(n, visit, who) for visit, line in odds.items() for who, n in line["inspectors"]]
    worst = max(counts, key=lambda each: each[0], default=None)
    most = [max(n for _, n in line["inspectors"]) for line in odds.values()]
    served = {who for _, _, who in counts}
    line = {
        "bytes": stage.bytes,
        "distinct": len(set(stage.tickets)),
        "effective": least_median(10 * line["held"] ** 2 // line["teams"]["squares"] for line in odds.values()),
        "held": sum(line["held"] for line in odds.values()),
        "never": len(case.people) - len(served),
        "outcomes": len({tuple(sorted(part.items())) for part in stage.parts}),
        "seats": sum(n for n, _, _ in counts),
        "squares": sum(n * n for n, _, _ in counts),
        "stage": stage.number,
        "support": len(counts),
        "tickets": len(stage.tickets),
        "visits": len(odds),
        "worst_sum": sum(most),
    }
    if worst:
        line["worst"] = {"inspector": worst[2], "n": worst[0], "visit": worst[1]}
    if len(case.people) <= 8192:
        line["meetings"] = count_meetings(stage)
    if len(case.people) <= 8192 and len(case.people) * len(stage.tickets) <= 2**26:
        line["leak"] = {"all": leak(stage, served, None), "first": leak(stage, served, 1)}
    return line


def count_meetings(stage: Stage) -> Row:
    met = tally(pair for part in stage.parts for pair in {pair for held in part.values() for pair in pairs_of(held.team)})
    line: Row = {"spread": spread(met)}
    if met:
        most = max(met.values())
        line["pair"] = list(min(pair for pair, n in met.items() if n == most))
    return line


def leak(stage: Stage, served: Set[str], shown: Optional[int]) -> Row:
    """Tickets that remain to somebody who has seen so many of their own visits, or all of them; in tenths."""
    seen: Dict[str, Counts] = {who: {} for who in served}
    for part in stage.parts:
        own: Dict[str, List[Any]] = {}
        for visit, held in sorted(part.items(), key=lambda each: (each[1][:2], each[0])):
            for who in held.team:
                own.setdefault(who, []).append((visit, held))
        for who, visits in own.items():
            group = tuple(visits[:shown])
            seen[who][group] = seen[who].get(group, 0) + 1
    tickets = len(stage.parts)
    groups = [list(counts.values()) + [tickets - sum(counts.values())] for counts in seen.values()]
    return least_median(10 * sum(n * n for n in sizes) // tickets for sizes in groups)


# ---- DRAW.md 7. The schedule, its table, and the reserves ------------------------------------------------------------------------

SCHEDULE_LINE = row_of({
    "date": may(day), "slot": may(text), "team": may(list_of(text)), "unstaffed": may(switch), "visit": must(text),
})
RESERVES_LINE = row_of({
    "by_visit": many(row_of({
        "level": must(LARGE), "of": must(LARGE), "order": may(list_of(text)), "teams": may(list_of(list_of(text))), "visit": must(text),
    })),
    "date": must(day), "member": must(text), "of": must(LARGE), "order": must(list_of(text)), "stage": must(LARGE),
    "visits": must(list_of(text)),
})


def schedule_lines(case: Case, schedule: Schedule) -> bytes:
    """The bytes of schedule.jsonl."""
    def line(visit: str) -> Row:
        held = schedule.get(visit)
        if held is None:
            return {"unstaffed": True, "visit": visit}
        return {"date": spelled_day(held.day), "slot": case.slots[held.slot], "team": list(held.team), "visit": visit}
    return "".join(spelled(line(visit)) + "\n" for visit in sorted(case.visits)).encode()


class Published:
    """The schedule as it was published, or what a ceremony says was fixed before: what can be read of it, on which line each visit stands, and what is wrong."""

    def __init__(self, files: Files, file: str, case: Case) -> None:
        self.file, self.case, self.flaws = file, case, Flaws()
        self.schedule: Schedule = {}
        self.lines: Dict[str, int] = {}
        self.number, before = 0, ""
        for self.number, line in rows_of(files, file, SCHEDULE_LINE, self.flaws):
            if before > line["visit"]:
                self.wrong("order", "the visit should stand before the one above it")
            before = line["visit"]
            self.read(line)
        for visit in sorted(set(case.visits) - set(self.lines)) if file in files else ():
            self.flaws.add("visit-missing", file, 0, "visit `%s` is not in the schedule" % visit)

    def wrong(self, name: str, says: str) -> None:
        self.flaws.add(name, self.file, self.number, shortened(says))

    def read(self, line: Row) -> None:
        visit = line["visit"]
        if visit not in self.case.visits:
            return self.wrong("unknown-id", "there is no visit `%s`" % visit)
        if visit in self.lines:
            return self.wrong("visit-twice", "visit `%s` stands on line %d already" % (visit, self.lines[visit]))
        self.lines[visit] = self.number
        fields = set(line) - {"visit"}
        if fields == {"date", "slot", "team"}:
            self.staffed(visit, line)
        elif fields != {"unstaffed"} or not line["unstaffed"]:
            self.wrong("malformed", "a visit has date, slot and team, or says that it is unstaffed")

    def staffed(self, visit: str, line: Row) -> None:
        slot = self.case.slots.index(line["slot"]) if line["slot"] in self.case.slots else None
        if slot is None:
            self.wrong("unknown-id", "there is no slot `%s`" % line["slot"])
        team = self.team(visit, line["team"])
        if slot is not None and team:
            self.schedule[visit] = Held(read_day(line["date"]), slot, team)

    def team(self, visit: str, ids: List[str]) -> Tuple[str, ...]:
        """Everybody who is known, each once."""
        if not 1 <= len(ids) <= TEAM_MAX:
            self.wrong("team-size", "%d people go on visit `%s`" % (len(ids), visit))
            return ()
        known = [who for who in ids if who in self.case.people]
        for who in ids:
            if who not in self.case.people:
                self.wrong("unknown-id", "there is no inspector `%s`" % who)
        if ids != sorted(ids):
            self.wrong("order", "the team of visit `%s` is not in order" % visit)
        if len(set(known)) < len(known):
            self.wrong("person-twice", "somebody is named twice on visit `%s`" % visit)
        return tuple(sorted(set(known)))


def schedule_table(case: Case, schedule: Schedule, heads: Dict[str, str]) -> bytes:
    """The bytes of schedule.csv."""
    lines = ["visit,date,slot,establishment,inspectors"]
    staffed = sorted(schedule, key=lambda visit: (schedule[visit].day, schedule[visit].slot, visit))
    for visit in staffed + sorted(set(case.visits) - set(schedule)):
        cells = [visit, "", "", case.visits[visit]["establishment"], ""]
        if visit in schedule:
            held = schedule[visit]
            cells[1:3] = spelled_day(held.day), case.slots[held.slot]
            cells[4] = "|".join(sorted(held.team, key=lambda who: (who != heads.get(visit), who)))
        lines.append(",".join(map(cell, cells)))
    return "".join(line + "\n" for line in lines).encode()


DRAWN = "drawn"


def heads_of(case: Case, schedule: Schedule, root: Optional[bytes]) -> Dict[str, str]:
    """By visit, who of the leads heads the team: the one with the least key; without a root, the first in order of id."""
    heads, own = {}, case.rules["lead"]
    grades = {folded(grade) for grade in own["head_grades"]} if own["enabled"] else set()
    for visit, held in schedule.items():
        leads = [who for who in held.team if case.people[who]["lead"]]
        leads = [who for who in leads if folded(case.people[who].get("grade", "")) in grades] or leads
        if leads:
            heads[visit] = min(leads, key=lambda who: key_of(root, "head", "%s|%s" % (visit, who))) if root else leads[0]
    return heads


def cell(said: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    guarded = "'" + said if said[:1] in tuple("=+-@\t\r'") and said else said
    return '"%s"' % guarded.replace('"', '""') if re.search('[,"\n\r]', guarded) else guarded


LEVELS, RESERVES_MAX, TEAMS_MAX = 3, 10, 2500


class OfVisit(NamedTuple):
    """Who may step in on one visit of a day that nobody may take over: people at level 2, teams at level 3."""

    visit: str
    level: int
    of: int
    asked: Tuple[Any, ...]


class Reserve(NamedTuple):
    """Who may step in for somebody on a day."""

    stage: int
    visits: Tuple[str, ...]
    of: int
    order: Tuple[str, ...]
    by_visit: Tuple[OfVisit, ...] = ()


def read_by_visit(row: Row) -> Tuple[OfVisit, ...]:
    return tuple(OfVisit(one["visit"], one["level"], one["of"], tuple(one["order"] if "order" in one else map(tuple, one["teams"])))
                 for one in row.get("by_visit", []))


class StandIns:
    """Who may take somebody's place on all their visits of a day, all else as in a schedule that breaks no rule.

    Everybody else is asked, in two steps. First the facts: whoever an exclusion keeps from one of the visits may not step in,
    whatever the rest of the schedule is. Whoever is left takes the place on a board, and the rules are recounted there for the
    visits, the people, the pairs and the places that the exchange touches; what it does not touch was kept before and is kept
    still. With `thorough` every rule is recounted from nothing instead.
    """

    def __init__(self, case: Case, rules: Rules, schedule: Schedule, excused: Set[Broken], thorough: bool = False) -> None:
        self.case, self.rules, self.excused, self.thorough = case, rules, excused, thorough
        self.board = Board(schedule)
        self.barred: Dict[Tuple[str, str, int], bool] = {}

    @functools.cached_property
    def eligible(self) -> "Eligible":
        """Who may go where in the whole period, before anything is drawn."""
        return Eligible(self.case, self.rules, self.case.first, self.case.last, {})

    def is_barred(self, who: str, visit: str, day: int) -> bool:
        at = who, visit, day
        if at not in self.barred:
            bars = (rule for rule, bars in Rules.EXCLUSIONS if rule in self.rules.on and bars(self.rules, *at))
            self.barred[at] = any(not self.rules.lifted(rule, visit, who) for rule in bars)
        return self.barred[at]

    def may_step_in(self, day: int, member: str, visits: Sequence[str]) -> List[str]:
        """Everybody who may, in order of id."""
        serving = {who for visit in visits for who in self.board.held[visit].team}
        free = [who for who in sorted(self.case.people) if who not in serving]
        free = [who for who in free if not any(self.is_barred(who, visit, day) for visit in visits)]
        return [who for who in free if self.keeps_every_rule(member, who, visits)]

    def keeps_every_rule(self, member: str, who: str, visits: Sequence[str]) -> bool:
        before = {visit: self.board.held[visit] for visit in visits}
        teams = [set(held.team) for held in before.values()]
        for visit, held in before.items():
            self.board.put(visit, held._replace(team=tuple(sorted(set(held.team) - {member} | {who}))))
        people = set().union(*teams) | {who}
        near = {tuple(sorted((one, other))) for one in (member, who) for other in people if other != one}
        touched = None if self.thorough else Touched(set(visits), people, near)
        kept = all(broken in self.excused for broken in self.rules.broken(self.board, touched))
        for visit, held in before.items():
            self.board.put(visit, held)
        return kept


class OnVisit:
    """Who may step in on one visit of a day of somebody's, while all their visits of the day are held by nobody: beside those who stay, or as a team."""

    LIMITS = {"one-district", "workload"}  # whoever breaks one of these alone breaks it in any team

    def __init__(self, stand_ins: StandIns, root: bytes, stage: int, day: int, member: str) -> None:
        self.stand_ins, self.case, self.rules, self.board = stand_ins, stand_ins.case, stand_ins.rules, stand_ins.board
        self.root, self.at, self.day, self.member = root, "%d/%s/%s" % (stage, spelled_day(day), member), day, member

    def with_open(self, visits: Sequence[str], ask: Callable[[], Any]) -> Any:
        """What is answered while these visits are held by nobody."""
        self.before = {visit: self.board.held[visit] for visit in visits}
        for visit in visits:
            self.board.take(visit)
        answer = ask()
        for visit, held in self.before.items():
            self.board.put(visit, held)
        return answer

    def words(self, purpose: str, visit: str) -> Words:
        return Words(key_of(self.root, purpose, "%s|%s" % (self.at, visit)))

    def all(self, visits: Sequence[str]) -> Tuple[OfVisit, ...]:
        return self.with_open(visits, lambda: tuple(self.of(visit) for visit in visits))

    def of(self, visit: str) -> OfVisit:
        people = self.people(visit)
        if people:
            return OfVisit(visit, 2, len(people), tuple(people[:RESERVES_MAX]))
        teams = self.teams(visit)
        return OfVisit(visit, 3, len(teams), tuple(teams[:RESERVES_MAX]))

    def people(self, visit: str) -> List[str]:
        """Everybody who may step in beside those who stay, in the order drawn."""
        return self.words("reserve-visit", visit).shuffle(self.may_step_in(visit))

    def may_step_in(self, visit: str) -> List[str]:
        team = set(self.before[visit].team)
        free = [who for who in sorted(self.case.people) if who not in team and not self.stand_ins.is_barred(who, visit, self.day)]
        return [who for who in free if self.keeps_every_rule(visit, team - {self.member} | {who})]

    def teams(self, visit: str) -> List[Tuple[str, ...]]:
        """Every team that may go instead, of as many people as there is room for, in the order drawn."""
        words, size, team = self.words("reserve-team", visit), len(self.before[visit].team), self.before[visit].team
        days = self.stand_ins.eligible.goers(visit)
        people = words.shuffle([who for who in sorted(days) if self.day in days[who] and who not in team])
        while teams_of(len(people), size) > TEAMS_MAX:
            people.pop()
        free = [who for who in sorted(people) if self.stand_ins.thorough or not self.is_full(visit, who)]
        return words.shuffle([team for team in itertools.combinations(free, size) if self.keeps_every_rule(visit, set(team))])

    def is_full(self, visit: str, who: str) -> bool:
        self.board.put(visit, self.before[visit]._replace(team=(who,)))
        full = any(rule in self.LIMITS for rule, _, _ in self.rules.broken(self.board, Touched({visit}, {who}, set())))
        self.board.take(visit)
        return full

    def may_go(self, visit: str, team: Sequence[str]) -> bool:
        before = self.before[visit].team
        return len(team) == len(before) and not set(team) & set(before) and self.keeps_every_rule(visit, set(team))

    def keeps_every_rule(self, visit: str, team: Set[str]) -> bool:
        self.board.put(visit, self.before[visit]._replace(team=tuple(sorted(team))))
        # Whoever was there before, and their other visits, are looked at too: what stands open may have kept a rule for them.
        people = team.union(*(held.team for held in self.before.values()))
        near = None if self.stand_ins.thorough else Touched(set(self.before), people, set(pairs_of(people)))
        kept = all(broken in self.stand_ins.excused for broken in self.rules.broken(self.board, near))
        self.board.take(visit)
        return kept


def teams_of(people: int, size: int) -> int:
    """In how many ways a team can be chosen."""
    return math.comb(people, size)


def days_served(schedule: Schedule) -> Dict[Tuple[int, str], List[str]]:
    """By day and inspector, the visits in order."""
    served: Dict[Tuple[int, str], List[str]] = {}
    for visit in sorted(schedule):
        for who in schedule[visit].team:
            served.setdefault((schedule[visit].day, who), []).append(visit)
    return dict(sorted(served.items()))


def reserve_of(root: bytes, stage: int, day: int, member: str, visits: List[str], may: List[str]) -> Reserve:
    words = Words(key_of(root, "reserve", "%d/%s/%s" % (stage, spelled_day(day), member)))
    return Reserve(stage, tuple(visits), len(may), tuple(words.shuffle(may)[:RESERVES_MAX]))


# ---- DRAW.md 8. The record -------------------------------------------------------------------------------------------------------

COUNTED = ["mandatory", "mandatory_staffed", "seats", "staffed", "visits", "waivers"]
CEREMONY = row_of({
    "commit": must(text), "counter": must(LARGE), "fixed": must(text), "from": must(day), "nonces": must(list_of(text)), "to": must(day),
})
RECORD_LINE = row_of({
    "builder": must(text), "case": must(text), "ceremony": may(CEREMONY), "check": must(text), "counts": must(row_of({name: must(LARGE) for name in COUNTED})),
    "files": must(map_of(text)), "format": must(text), "heads": may(text), "inputs": must(text), "kind": must(text), "levels": may(LARGE),
    "odds": must(text), "reserves": must(text), "schedule": must(text), "seed": must(text), "stages": must(text), "unstaffed": must(list_of(text)),
})


def read_record(files: Files, flaws: Flaws) -> Optional[Row]:
    rows = rows_of(files, RECORD, RECORD_LINE, flaws)
    if len(rows) > 1:
        flaws.add("repeated", RECORD, rows[1][0], "a record is one line")
    return rows[0][1] if rows else None


def count_schedule(case: Case, schedule: Schedule) -> Row:
    mandatory = {visit for visit, row in case.visits.items() if row["kind"] != "programmed"}
    return {
        "mandatory": len(mandatory), "mandatory_staffed": len(mandatory & set(schedule)),
        "seats": sum(len(held.team) for held in schedule.values()), "staffed": len(schedule), "visits": len(case.visits),
        "waivers": len(case.waivers),
    }


# ---- DRAW.md 9. Verifying --------------------------------------------------------------------------------------------------------

Findings = Optional[List[Finding]]  # none where a claim can't be checked; another claim's findings say why
OF_SCHEDULE = ["unknown-id", "person-twice", "team-size", "visit-missing", "visit-twice", "missing-file"]
SAYS = {
    "format": "every file is there, nothing else is, and each has its one spelling",
    "inputs": "the frozen inputs are those whose digests the record states",
    "seed": "the derivation begins with these inputs and this seed",
    "schedule": "every visit stands in the schedule once, and the record counts them right",
    "fixed": "what was fixed before the draw stands as it was, and only the days drawn are new",
    "rules": "the schedule keeps every rule of the policy, recounted from the inputs",
    "table": "the table that people read says what the schedule says",
    "urns": "each urn is the one that the record states, ticket by ticket",
    "drawn": "each stage drew the ticket that the seed names, and the schedule has that ticket's days",
    "odds": "the odds are those that are counted in the urns",
    "tickets": "every ticket of every urn, completed, keeps every rule of the policy",
    "reserves": "whoever may step in for somebody stands in the order that the seed names, and nobody else",
    "bounds": "no lottery could beat the stated bounds, as their proofs show",
}


# What a reader must know though nothing is wrong, in the order in which it is shown (section 18).
NOTICES = [
    "few-tickets", "keys-unproved", "not-cosigned", "rules-off", "dice", "drawn-unseen", "day-begun", "slow-clock", "left-open", "no-working-day",
    "conflict-withdrawn", "cancelled-like", "never-executed", "vanished", "history-added", "policy-changed", "head-by-id",
    "levels-left-out", "leaver-chosen",
]
# What a record of today has and one of before had not: a field, and the notice of a draw without it behind one that has it.
LEFT_OUT = [
    ("heads", "head-by-id", "leaves it to the ids who heads a team; earlier draws drew it"),
    ("levels", "levels-left-out", "has reserves of whole days alone; earlier draws had those of visits and teams too"),
]
FEW_TICKETS = 100


def notice(name: str, line: Optional[int], says: str) -> Row:
    return {"name": name, "says": says} if line is None else {"line": line, "name": name, "says": says}


def few_tickets(tickets: int, line: Optional[int], what: str) -> List[Row]:
    says = "%s is drawn from %d tickets; below %d, inputs can be tried in private until the wanted team comes" % (what, tickets, FEW_TICKETS)
    return [notice("few-tickets", line, says)] if tickets < FEW_TICKETS else []


def told_of(name: str, line: int, says: str, facts: List[str]) -> List[Row]:
    """A notice that counts facts and names the first three, each cut where it is long; none where there is none."""
    cut = [fact if len(fact) <= 100 else fact[:100] + "..." for fact in facts[:3]]
    more = " and %d more" % (len(facts) - 3) if len(facts) > 3 else ""
    return [notice(name, line, "%s: %d (%s%s)" % (says, len(facts), ", ".join(cut), more))] if facts else []


class Verdict:
    """What is said of a folder: each claim with its state, and every finding."""

    def __init__(self, says: Dict[str, str] = SAYS) -> None:
        self.says = says
        self.claims: Dict[str, str] = {}
        self.findings: List[Finding] = []
        self.loud: Optional[List[Row]] = None
        self.notices: List[Row] = []
        self.more: Row = {}
        self.beside: List[str] = []

    def add(self, claim: str, found: Findings, partly: str = "sound") -> None:
        """Adds what came of a claim; `partly` is its state where nothing is wrong."""
        self.claims[claim] = "unchecked" if found is None else "broken" if found else partly
        self.findings.extend(found or [])

    def is_sound(self) -> bool:
        return all(state in ("sound", "not-given") for state in self.claims.values())

    def json(self, folder: str) -> str:
        said = {
            "claims": [{"claim": claim, "state": state} for claim, state in self.claims.items()],
            "findings": [{"name": one.name, "says": one.says, "where": one.where()} for one in self.findings],
            "folder": folder,
            "notices": self.notices,
            "sound": self.is_sound(),
        }
        return spelled({**said, **self.more, "beside": self.beside, "loud": self.loud} if self.loud is not None else said)

    def show(self, folder: str) -> str:
        lines = [folder]
        lines += ["  %-10s line %d, signed by %s: %s" % (one["kind"].upper(), one["line"], " and ".join(one["signed"]) or "nobody", one["reason"])
                  for one in sorted(self.loud or [], key=lambda one: ["override", "fallback", "void"].index(one["kind"]))]
        lines += ["  NOTICE     %s%s: %s" % (one["name"], ", line %d" % one["line"] if "line" in one else "", one["says"]) for one in self.notices]
        lines += self.show_more()
        lines += ["  BESIDE     %s: no line of the ledger names this" % shortened(name) for name in self.beside]
        lines += ["  %-10s %-11s %s" % (state.replace("-", " "), claim, self.says[claim]) for claim, state in self.claims.items()]
        lines += ["  FOUND      %s, %s: %s" % (one.name, one.where(), one.says) for one in self.findings]
        partly = "not-given" in self.claims.values()
        sound = "Sound as far as it could be checked: not everything was handed on." if partly else "Sound."
        return "\n".join(lines + [sound if self.is_sound() else "NOT SOUND: %d findings." % len(self.findings)])


    def show_more(self) -> List[str]:
        """Of a ceremony: its head, its parties, who saw it when, and its draws."""
        if not self.more:
            return []
        head = self.more["head"]
        lines = ["  head       %d lines, root %s; every auditor must have the same" % (head["lines"], head["root"][:12])]
        lines += ["  party      %s (%s), key %s" % (one["name"], one["role"], one["key"]) for one in self.more["parties"]]
        lines += ["  cosigned   %s, %s, %d lines" % (one["name"], utc(one["time"]), one["lines"]) for one in self.more["cosignatures"]]
        return lines + ["  draw       %d: worst odds %d of %d, bound %s, outcomes %s" % (
            one["counter"], one["worst"], one["tickets"], one.get("bound", "not stated"), one.get("outcomes", "not handed on"))
            for one in self.more["draws"]]


class Reader:
    """Everything that can be read of a record's files, and the claims that they make."""

    def __init__(self, files: Files, thorough: bool = False) -> None:
        self.files, self.thorough, self.flaws = files, thorough, Flaws()
        self.record = read_record(files, self.flaws)
        self.inputs = inputs_digest(files)
        self.root = root_of(self.inputs, self.record["seed"]) if self.record else None
        before = len(self.flaws)
        self.case = read_case(files, self.flaws)
        self.has_flawed_inputs = len(self.flaws) > before
        self.rules = Rules(self.case) if self.case else None
        self.published = Published(files, SCHEDULE, self.case) if self.case else None
        self.stage_lines = rows_of(files, STAGES, STAGE_LINE, self.flaws)
        self.odds = self.read_odds() if self.case else None
        self.reserves = self.read_reserves() if self.case else None
        self.bounds = read_bounds(files, self.case, self.flaws) if self.case else []
        self.ceremony: Optional[Row] = self.record.get("ceremony") if self.record else None
        self.fixed = Published(files, FIXED, self.case) if self.case and self.ceremony else None
        self.before: Schedule = self.fixed.schedule if self.fixed else {}
        self.excused = set(self.rules.broken(Board(self.before))) if self.rules else set()
        self.stages = self.read_stages() if self.case and self.record and STAGES in files else None

    def is_whole(self) -> bool:
        """Whether this is the record of a ceremony's draw, and its inputs and schedules have no flaw."""
        read = self.case and self.ceremony and not self.has_flawed_inputs
        return bool(read) and not len(self.published.flaws) and not len(self.fixed.flaws)

    def read_odds(self) -> Optional[Dict[str, Tuple[int, Row]]]:
        """By visit, with the line; a line out of order is left out."""
        found: Dict[str, Tuple[int, Row]] = {}
        last: Optional[str] = None
        for number, row in rows_of(self.files, ODDS, ODDS_LINE, self.flaws):
            if row["visit"] not in self.case.visits:
                self.flaws.add("unknown-id", ODDS, number, "there is no visit `%s`" % shortened(row["visit"]))
            elif last is not None and last >= row["visit"]:
                self.flaws.add("order", ODDS, number, "the visit should stand before the one above it")
            elif self.wrong_in_odds(row):
                self.flaws.add(self.wrong_in_odds(row), ODDS, number, "somebody, a slot or a day that there is not")
            else:
                last, found[row["visit"]] = row["visit"], (number, row)
        return found if ODDS in self.files else None

    def read_reserves(self) -> Optional[Dict[Tuple[int, str], Tuple[int, Reserve]]]:
        """By day and member, with the line; a line that names nobody, or out of order, is left out."""
        found: Dict[Tuple[int, str], Tuple[int, Reserve]] = {}
        last: Optional[Tuple[int, str]] = None
        for number, row in rows_of(self.files, RESERVES, RESERVES_LINE, self.flaws):
            at, wrong = (read_day(row["date"]), row["member"]), self.wrong_in_reserve(row)
            if wrong:
                self.flaws.add(wrong, RESERVES, number, "the line names what is not there, or counts beyond every bound")
            elif last is not None and last >= at:
                self.flaws.add("order", RESERVES, number, "the line should stand before the one above it")
            else:
                said = Reserve(row["stage"], tuple(row["visits"]), row["of"], tuple(row["order"]), read_by_visit(row))
                found[at], last = (number, said), at
        return found if RESERVES in self.files else None

    def wrong_in_odds(self, row: Row) -> Optional[str]:
        """The first thing that stands for nobody and nothing, people first."""
        days = set(self.case.days)
        checks = [("unknown-id", who in self.case.people) for who, _ in row["inspectors"]]
        for date, slot, _ in row["times"]:
            checks += [("unknown-id", slot in self.case.slots), ("bad-value", read_day(date) in days)]
        return next((name for name, holds in checks if not holds), None)

    def wrong_in_reserve(self, row: Row) -> Optional[str]:
        """The first thing that can't be, in the order in which the line is read."""
        people, visits = self.case.people, self.case.visits
        checks = [("unknown-id", row["member"] in people), ("bad-value", row["stage"] < 2**32),
                  ("unknown-id", all(visit in visits for visit in row["visits"])), ("bad-value", row["of"] < 2**32),
                  ("unknown-id", all(who in people for who in row["order"]))]
        for one in row.get("by_visit", []):
            lists = {name for name in ("order", "teams") if name in one}
            checks.append(("bad-value", one["level"] in (2, 3) and lists == {"order" if one["level"] == 2 else "teams"}))
            checks.append(("unknown-id", all(who in people for who in one.get("order", []))))
            for team in one.get("teams", []):
                checks += [("unknown-id", all(who in people for who in team)), ("bad-value", bool(team) and ascending(team))]
            checks += [("unknown-id", one["visit"] in visits), ("bad-value", one["of"] < 2**32)]
        return next((name for name, holds in checks if not holds), None)

    def course(self) -> Optional[List[Tuple[int, int, int]]]:
        """The number of each stage with its first and last day: those of the policy, or the one that a ceremony drew."""
        if not self.case or not self.record:
            return None
        if self.ceremony:
            return [(self.ceremony["counter"], read_day(self.ceremony["from"]), read_day(self.ceremony["to"]))]
        return [(number, *days) for number, days in enumerate(self.case.stages, 1)]

    def read_stages(self) -> List[Stage]:
        before = dict(self.before)
        stages = []
        for number, first, last in self.course():
            stage = Stage(number, first, last, drawn_index(self.root, number, self.case.tickets), dict(before))
            if stage.file in self.files:
                stage.open(self.case, self.inputs, self.files[stage.file])
            stages.append(stage)
            before.update(self.part_drawn(stage))
        return stages

    def stated(self, stage: Stage) -> Optional[Tuple[int, Row]]:
        """What stages.jsonl says of a stage, with its line."""
        return next(((number, row) for number, row in self.stage_lines if row["stage"] == stage.number), None)

    def index(self, stage: Stage) -> int:
        """The ticket that is said to be drawn, else the one that the seed names."""
        said = self.stated(stage)
        return said[1]["drawn"] if said else stage.index

    def part_drawn(self, stage: Stage) -> Schedule:
        """What a stage drew, as far as it can be known."""
        if stage.held is None:
            return self.part_published(stage)
        return stage.parts[min(self.index(stage), len(stage.parts) - 1)]

    def part_published(self, stage: Stage) -> Schedule:
        """What the schedule has on the days of a stage, and was not there before."""
        days = {day for day in self.case.days if stage.has_day(day)}
        return {visit: held for visit, held in self.published.schedule.items() if held.day in days and visit not in stage.before}

    def has_schedule(self) -> bool:
        return self.case is not None and SCHEDULE in self.files

    def verdict(self) -> Verdict:
        verdict = Verdict()
        verdict.notices = few_tickets(self.case.tickets, None, "each stage") if self.case else []
        for claim in ("format", "inputs", "seed", "schedule", *(["fixed"] if self.fixed else []), "rules", "table"):
            verdict.add(claim, getattr(self, "check_" + claim)())
        for claim in ("urns", "drawn", "odds", "tickets"):
            verdict.add(claim, getattr(self, "check_" + claim)(), self.state_of_urns(claim))
        verdict.add("reserves", self.check_reserves())
        if BOUNDS in self.files:
            verdict.add("bounds", self.check_bounds(), self.state_of_urns("bounds"))
        return verdict

    def state_of_urns(self, claim: str) -> str:
        """The state of a claim about urns where nothing is wrong with what is there."""
        stages = self.stages or []
        if claim != "urns" and any(stage.given and stage.held is None for stage in stages):
            return "unchecked"
        return "not-given" if any(not stage.given for stage in stages) else "sound"

    # Step 1.

    def check_format(self) -> Findings:
        found = [Finding("extra-file", name, 0, "no record has such a file") for name in sorted(self.files) if self.is_extra(name)]
        told = {flaw.file for flaw in self.flaws.found if flaw.name == "missing-file"}
        missing = [name for name in REQUIRED if name not in self.files and name not in told]
        found += [Finding("missing-file", name, 0, "the file is not there") for name in missing]
        found += sorted(self.flaws.found, key=lambda flaw: flaw[1:])
        found += [flaw for flaw in self.published.flaws.found if flaw.name not in OF_SCHEDULE] if self.published else []
        found += self.fixed.flaws.found if self.fixed else []
        return found + self.check_versions()

    def is_extra(self, name: str) -> bool:
        if name in REQUIRED or name == BOUNDS or name == FIXED and (self.ceremony or not self.record):
            return False
        number, course = stage_of_urn(name), self.course()
        return number is None or course is not None and number not in [stage for stage, _, _ in course]

    def check_versions(self) -> List[Finding]:
        kind = "ceremony" if self.ceremony else "seed"
        known: List[Tuple[str, str, Tuple[Any, ...]]] = [
            ("unknown-format", "format", (FORMAT,)), ("unknown-builder", "builder", BUILDERS), ("unknown-kind", "kind", (kind,))]
        known += [("bad-value", "heads", (DRAWN,))] if self.record and "heads" in self.record else []
        known += [("bad-value", "levels", (LEVELS,))] if self.record and "levels" in self.record else []
        return [Finding(name, RECORD, 1, "the record's %s is `%s`; this reader knows `%s`"
                        % (field, shortened(str(self.record[field])), "`, `".join(map(str, ones))))
                for name, field, ones in known if self.record and self.record[field] not in ones]

    # Step 2.

    def check_inputs(self) -> Findings:
        if not self.record:
            return None
        found = []
        stated = self.record["files"]
        for name in INPUTS:
            actual = H(self.files[name]).hex() if name in self.files else None
            if stated.get(name) != actual:
                found.append(Finding("file-digest", name, 0, "the record states %s; it is %s" % (stated.get(name), actual)))
        found += [Finding("file-digest", RECORD, 1, "`%s` is no input" % shortened(name)) for name in stated if name not in INPUTS]
        return found + self.digest("inputs-digest", "inputs", self.inputs)

    def digest(self, name: str, field: str, actual: bytes) -> List[Finding]:
        """A finding where the record states another digest than the actual one."""
        if not self.record or self.record[field] == actual.hex():
            return []
        return [Finding(name, RECORD, 1, "the record states %s; it is %s" % (shortened(self.record[field]), actual.hex()))]

    # Step 3.

    def check_seed(self) -> Findings:
        if not self.record:
            return None
        return self.digest("seed-derivation", "check", key_of(self.root, "check", self.record["builder"]))

    # Step 4.

    def check_schedule(self) -> Findings:
        if not self.has_schedule():
            return None
        found = [flaw for flaw in self.published.flaws.found if flaw.name in OF_SCHEDULE]
        return found + (self.check_statements() if self.record else [])

    def check_statements(self) -> List[Finding]:
        schedule = self.published.schedule
        unstaffed = [visit for visit in sorted(self.case.visits) if visit not in schedule]
        found = self.digest("schedule-digest", "schedule", H(self.files[SCHEDULE]))
        for name, field, actual in (("case-name", "case", self.case.name), ("counts", "counts", count_schedule(self.case, schedule)),
                                    ("unstaffed-list", "unstaffed", unstaffed)):
            if self.record[field] != actual:
                says = "the record states %s; it is %s" % (spelled(self.record[field]), spelled(actual))
                found.append(Finding(name, RECORD, 1, shortened(says)))
        return found

    # Section 15: what was fixed before a ceremony's draw is there as it was, and beside it only the days that were drawn.

    def check_fixed(self) -> Findings:
        if not self.has_schedule() or FIXED not in self.files:
            return None
        actual = H(self.files[FIXED]).hex()
        says = "the record states %s; it is %s" % (shortened(self.ceremony["fixed"]), actual)
        found = [Finding("fixed-digest", RECORD, 1, says)] if self.ceremony["fixed"] != actual else []
        _, first, last = self.course()[0]
        for visit in sorted(set(self.before) | set(self.published.schedule)):
            said = self.published.schedule.get(visit)
            kept = said == self.before[visit] if visit in self.before else first <= said.day <= last
            if not kept:
                says = "visit `%s` was fixed otherwise, or is held on a day that was not drawn" % visit
                found.append(Finding("fixed", SCHEDULE, self.published.lines.get(visit, 0), says))
        return found

    # Step 5.

    def check_rules(self) -> Findings:
        """What the schedule breaks. What was fixed before may break a rule, by an override on the ledger; this draw did not."""
        if not self.has_schedule():
            return None
        broken = [one for one in self.rules.broken(Board(self.published.schedule)) if one not in self.excused]
        return [Finding(rule, SCHEDULE, self.published.lines.get(visit, 0), says) for rule, visit, says in broken]

    # Step 6.

    def check_table(self) -> Findings:
        if not self.has_schedule() or TABLE not in self.files:
            return None
        heads = self.heads()
        if heads is None:
            return None
        said, actual = (data.split(b"\n") for data in (self.files[TABLE], schedule_table(self.case, self.published.schedule, heads)))
        if said == actual:
            return []
        at = next((at for at, (a, b) in enumerate(zip(said, actual)) if a != b), min(len(said), len(actual)) - 1)
        line = said[at].decode("utf-8", "replace")
        return [Finding("table", TABLE, at + 1, "the line `%s` is not what the schedule says" % shortened(line))]

    def heads(self) -> Optional[Dict[str, str]]:
        """By visit, who heads its team; none where that can't be told."""
        if not self.record or "heads" not in self.record:
            return heads_of(self.case, self.published.schedule, None)
        if self.record["heads"] != DRAWN or self.check_seed() != [] or self.course() is None:
            return None
        own = {visit: held for visit, held in self.published.schedule.items() if visit not in self.before}
        return heads_of(self.case, own, self.root)

    # Step 7.

    def check_urns(self) -> Findings:
        if self.stages is None:
            return None
        found: List[Finding] = []
        for stage in self.stages:
            found += stage.flaws.found
            order = [(H(ticket), ticket) for ticket in stage.tickets] if stage.held is not None else []
            if any(a > b for a, b in zip(order, order[1:])):
                found.append(Finding("ticket-order", stage.file, 0, "the tickets are not in the order of their digests"))
            said = self.stated(stage)
            if said and stage.root and said[1]["root"] != stage.root:
                found.append(Finding("urn-root", stage.file, 0, "the record states another root; it is %s" % stage.root))
        return found

    # Step 8.

    def check_drawn(self) -> Findings:
        if self.stages is None or not self.has_schedule():
            return None
        found = self.check_stages_listed()
        derived = self.check_seed() == []
        for stage in self.stages:
            said = self.stated(stage)
            if derived and said and said[1]["drawn"] != stage.index:
                says = "stage %d says ticket %d; the seed names %d" % (stage.number, said[1]["drawn"], stage.index)
                found.append(Finding("draw-index", STAGES, said[0], says))
            readable = stage.held is not None and self.index(stage) < len(stage.tickets)
            found += self.check_part(stage) if readable else self.check_could(stage)
        return found

    def check_stages_listed(self) -> List[Finding]:
        said = [(row["stage"], row["from"], row["to"], row["tickets"]) for _, row in self.stage_lines]
        asked = [(stage.number, spelled_day(stage.first), spelled_day(stage.last), self.case.tickets) for stage in self.stages]
        at = next((at for at, (a, b) in enumerate(zip(said, asked)) if a != b), min(len(said), len(asked)))
        return [] if said == asked else [Finding("stages", STAGES, at + 1, "the policy asks for other stages")]

    def check_part(self, stage: Stage) -> List[Finding]:
        """What the ticket holds on the stage's days is what the schedule has there."""
        drawn, said = self.part_drawn(stage), self.part_published(stage)
        other = [visit for visit in sorted(set(drawn) | set(said)) if drawn.get(visit) != said.get(visit)]
        return [self.not_drawn(stage, visit) for visit in other[:1]]

    def check_could(self, stage: Stage) -> List[Finding]:
        """By the stated odds everybody who goes could go, then, and no visit has odds that is not drawn."""
        if self.odds is None:
            return []
        said = self.part_published(stage)
        wrong = [visit for visit in sorted(said) if not self.could_go(stage, visit, said[visit])]
        odd = [visit for visit, (_, row) in self.odds.items() if row["stage"] == stage.number and visit not in said]
        return [self.not_drawn(stage, visit) for visit in (wrong + odd)[:1]]

    def could_go(self, stage: Stage, visit: str, held: Held) -> bool:
        row = self.odds[visit][1] if visit in self.odds else None
        if row is None or row["stage"] != stage.number:
            return False
        people = {who for who, n in row["inspectors"] if n > 0}
        then = spelled_day(held.day), self.case.slots[held.slot]
        return set(held.team) <= people and then in {(day, slot) for day, slot, _ in row["times"]}

    def not_drawn(self, stage: Stage, visit: str) -> Finding:
        says = "stage %d did not draw visit `%s` as the schedule has it" % (stage.number, visit)
        return Finding("drawn-ticket", SCHEDULE, self.published.lines.get(visit, 0), says)

    # Step 9.

    def check_odds(self) -> Findings:
        if self.stages is None or self.odds is None:
            return None
        found = self.digest("odds-digest", "odds", H(self.files[ODDS])) + self.digest("stages-digest", "stages", H(self.files[STAGES]))
        for stage in self.stages:
            found += self.recount_odds(stage) if stage.held is not None else []
        numbers = {stage.number for stage in self.stages}
        found += [Finding("odds", ODDS, line, "the record has no stage %d" % row["stage"])
                  for line, row in self.odds.values() if row["stage"] not in numbers]
        return found + self.check_poor()

    def recount_odds(self, stage: Stage) -> List[Finding]:
        counted = count_odds(self.case, stage)
        found = self.compare_stage(stage, counted)
        drawn = self.part_drawn(stage)
        said = {visit: row for visit, (_, row) in self.odds.items() if row["stage"] == stage.number}
        for visit in sorted(set(drawn) | set(said)):
            if said.get(visit) != (counted[visit] if visit in drawn else None):
                line = self.odds[visit][0] if visit in self.odds else 0
                found.append(Finding("odds", ODDS, line, "visit `%s` has other odds in stage %d" % (visit, stage.number)))
        return found

    def compare_stage(self, stage: Stage, counted: Dict[str, Row]) -> List[Finding]:
        stated = self.stated(stage)
        if stated is None:
            return []
        number, said = stated
        actual = count_stage(self.case, stage, counted)
        wrong = [name for name in sorted(set(said) | set(actual)) if name not in ("from", "to", "root", "drawn") and said.get(name) != actual.get(name)]
        return [Finding("odds", STAGES, number, "`%s` is %s; counted is %s" % (name, spelled(said.get(name)), spelled(actual.get(name))))
                for name in wrong[:1]]

    # Section 9, "Poor urns".

    def check_poor(self) -> List[Finding]:
        """Urns that have far less in them than is proved to be possible. Asked where the reserves are those that were drawn."""
        few = self.stages is None or self.odds is None or self.case.tickets < 16
        if few or not self.has_schedule() or self.check_reserves() != []:
            return []
        bounds = {line["stage"]: line for _, line in self.bounds} if BOUNDS in self.files and self.check_bounds() == [] else {}
        found = []
        for stage in self.stages:
            if self.stated(stage) is None:
                continue
            number, line = self.stated(stage)
            reserves = {at: one for at, (_, one) in self.reserves.items() if one.stage == stage.number}
            found += [Finding("urn-poor", STAGES, number, says) for says in poor_in_outcomes(line, reserves)]
            if stage.number in bounds:
                found += [Finding("urn-poor", STAGES, number, says) for says in poor_beside(line, bounds[stage.number])]
            rows = [(row, self.published.schedule[visit]) for visit, (_, row) in self.odds.items()
                    if row["stage"] == stage.number and visit in self.published.schedule]
            found += [Finding("urn-poor", ODDS, 0, says) for says in poor_in_support(rows, reserves)]
            found += self.without_completions(stage)
        return found + self.left_out()

    def without_completions(self, stage: Stage) -> List[Finding]:
        drawn = [held for visit, held in self.published.schedule.items() if visit not in stage.before]
        later = sum(stage.last < held.day <= self.case.last for held in drawn)
        planned = sum(held.day > stage.last for ticket in stage.held or [] for held in ticket.values())
        if stage.held is None or later < 4 or 4 * planned >= later * len(stage.tickets):
            return []
        says = "%d tickets hold %d visits after stage %d; %d were drawn there" % (len(stage.tickets), planned, stage.number, later)
        return [Finding("urn-poor", stage.file, 0, says)]

    def left_out(self) -> List[Finding]:
        """The first visit that the whole schedule leaves out although it could be added, all else as it is."""
        whole, first = self.published.schedule, self.case.first
        if self.ceremony:
            stage = self.stages[0]
            if stage.held is None:
                return []
            whole, first = {**stage.before, **stage.held[min(self.index(stage), len(stage.held) - 1)]}, stage.first
        left = [visit for visit in sorted(self.case.visits) if visit not in whole]
        if not left or self.excused or any(True for _ in self.rules.broken(Board(whole))):
            return []
        adding = Adding(self.case, self.rules, whole)
        for visit in left[:50]:
            found = adding.way_of(visit, first)
            if found:
                says = "visit `%s` is left out; with %s on %s no rule is broken" % (visit, " and ".join(found.team), spelled_day(found.day))
                return [Finding("urn-poor", SCHEDULE, 0, says)]
        return []

    # Step 10.

    def check_tickets(self) -> Findings:
        if self.stages is None:
            return None
        return [finding for stage in self.stages for finding in itertools.islice(self.broken_tickets(stage), TOLD_MAX)]

    def broken_tickets(self, stage: Stage) -> Iterator[Finding]:
        """What is wrong with the tickets of a stage, each with its completion and what was drawn before."""
        excused = set(self.rules.broken(Board(stage.before)))
        for number, held in enumerate(stage.held or []):
            if number and stage.tickets[number] == stage.tickets[number - 1]:
                continue
            broken = self.rules.broken(Board({**stage.before, **held}))
            for rule, _, says in (one for one in broken if one not in excused):
                yield Finding("ticket-rule", stage.file, 0, "ticket %d breaks %s: %s" % (number, rule, says))

    # Step 11.

    def check_reserves(self) -> Findings:
        if RESERVES not in self.files:
            return None
        found = self.digest("reserves-digest", "reserves", H(self.files[RESERVES]))
        more = self.recount_reserves()
        return found + more if more is not None else found or None

    def recount_reserves(self) -> Findings:
        holds = self.has_schedule() and not len(self.published.flaws) and self.check_seed() == [] and self.check_rules() == []
        if not holds or self.record.get("levels", LEVELS) != LEVELS:
            return None
        stand_ins = StandIns(self.case, self.rules, self.published.schedule, self.excused, self.thorough)
        stage_of = {day: stage for stage, first, last in self.course() for day in self.case.days if first <= day <= last}
        served = {at: visits for at, visits in days_served(self.published.schedule).items() if at[0] in stage_of}
        found = []
        for (day, member), visits in served.items():
            may = stand_ins.may_step_in(day, member, visits)
            drawn = reserve_of(self.root, stage_of[day], day, member, visits, may)
            on_visit = OnVisit(stand_ins, self.root, stage_of[day], day, member)
            if "levels" in self.record and not may:
                drawn = drawn._replace(by_visit=on_visit.all(visits))
            number, said = self.reserves.get((day, member), (0, None))
            if said != drawn:
                says = "`%s` on %s: %d may step in, in the order %s" % (member, spelled_day(day), drawn.of, " ".join(drawn.order))
                says += "".join("; on %s at level %d %d" % (one.visit, one.level, one.of) for one in drawn.by_visit)
                found.append(Finding(wrong_with(said, drawn, may, on_visit), RESERVES, number, says))
        strange = [at for at in self.reserves if at not in served]
        return found + [Finding("reserves", RESERVES, self.reserves[at][0], "`%s` goes on no visit then" % at[1]) for at in strange]

    # Section 10.

    def check_bounds(self) -> Findings:
        if self.stages is None:
            return None
        found = []
        stages = {stage.number: stage for stage in self.stages}
        for number, line in self.bounds:
            stage = stages.get(line["stage"])
            wrong = weigh_bounds(self.case, self.rules, stage, line) if stage else [("bound-proof", "there is no such stage")]
            found += [Finding(name, BOUNDS, number, says) for name, says in wrong]
        without = set(stages) - {line["stage"] for _, line in self.bounds}
        return found + [Finding("bound-proof", BOUNDS, 0, "there is no line for stage %d" % number) for number in sorted(without)]


ReservesOf = Dict[Tuple[int, str], Reserve]  # by day and member


def poor_in_outcomes(line: Row, reserves: ReservesOf) -> List[str]:
    """Each reserve proves one more outcome."""
    possible = min(1 + sum(one.of for one in reserves.values()), line["tickets"])
    poor = possible >= 8 and 4 * line["outcomes"] < possible
    return ["stage %d has %d outcomes; %d are proved" % (line["stage"], line["outcomes"], possible)] if poor else []


def poor_beside(line: Row, bounds: Row) -> List[str]:
    """What no lottery could beat, against what this one has."""
    worst = line["worst"]["n"] if "worst" in line else 0
    poor = worst > 4 * bounds["odds"] + 4 or line["squares"] > 5 * max(bounds["squares"], line["seats"])
    says = "stage %d has worst odds of %d and squares of %d; the bounds are %d and %d"
    return [says % (line["stage"], worst, line["squares"], bounds["odds"], bounds["squares"])] if poor else []


def poor_in_support(rows: List[Tuple[Row, Held]], reserves: ReservesOf) -> List[str]:
    """How many people go in any ticket, against how many are proved to be able to."""
    possible = there = 0
    for row, held in rows:
        most = max(reserves[held.day, member].of if (held.day, member) in reserves else 0 for member in held.team)
        possible += min(row["held"] * len(held.team), most + len(held.team))
        there += sum(n > 0 for _, n in row["inspectors"])
    return ["%d of %d people who could go do" % (there, possible)] if possible >= 16 and 3 * there < possible else []


class Adding:
    """What could be added to a schedule that breaks no rule."""

    def __init__(self, case: Case, rules: Rules, whole: Schedule) -> None:
        self.case, self.rules, self.board = case, rules, Board(whole)
        self.eligible = Eligible(case, rules, case.first, case.last, {})

    def way_of(self, visit: str, first: int) -> Optional[Held]:
        for day in (day for day in self.case.days if day >= first):
            busy = {who for held in self.board.held.values() if held.day == day for who in held.team}
            free = [who for who, days in self.eligible.goers(visit).items() if day in days and who not in busy]
            free = sorted(free, key=lambda who: (not self.case.people[who]["lead"], who))[:12]
            for slot in range(len(self.case.slots)):
                for team in itertools.combinations(free, self.case.size(visit)):
                    held = Held(day, slot, tuple(sorted(team)))
                    if self.keeps_every_rule(visit, held):
                        return held
        return None

    def keeps_every_rule(self, visit: str, held: Held) -> bool:
        self.board.put(visit, held)
        touched = Touched({visit}, set(held.team), set(pairs_of(held.team)))
        kept = not any(True for near in (touched, None) for _ in self.rules.broken(self.board, near))
        del self.board.held[visit]
        for who in held.team:
            self.board.own[who].discard(visit)
        return kept


def stage_of_urn(name: str) -> Optional[int]:
    """The number of the stage whose urn has this name."""
    match = re.fullmatch(r"urns/([0-9]{3,4})\.urn", name)
    number = int(match.group(1)) if match else 0
    return number if 1 <= number <= PERIOD_DAYS_MAX and name == "urns/%03d.urn" % number else None


def wrong_with(said: Optional[Reserve], drawn: Reserve, may: List[str], on_visit: OnVisit) -> str:
    """The name of the first thing that is wrong with the reserves of somebody on a day."""
    if said is None or said.stage != drawn.stage or said.visits != drawn.visits:
        return "reserves"
    if (said.of, said.order) != (drawn.of, drawn.order):
        return wrong_with_those(said.of, said.order, drawn.of, drawn.order, lambda who: who in may)
    if [(one.visit, one.level) for one in said.by_visit] != [(one.visit, one.level) for one in drawn.by_visit]:
        return "reserves"
    one, right = next((one, right) for one, right in zip(said.by_visit, drawn.by_visit) if one != right)

    def lets(who: Any) -> bool:
        visit = right.visit
        return on_visit.with_open(drawn.visits, lambda: who in on_visit.may_step_in(visit) if right.level == 2 else on_visit.may_go(visit, who))
    return wrong_with_those(one.of, one.asked, right.of, right.asked, lets)


def wrong_with_those(of: int, asked: Tuple[Any, ...], right: int, drawn: Tuple[Any, ...], lets: Callable[[Any], bool]) -> str:
    """The name of the first thing that is wrong with those who are asked."""
    if not all(lets(who) for who in asked):
        return "reserve-barred"
    if of == right and sorted(asked) == sorted(drawn):
        return "reserve-order"
    return "reserve-missing" if of < right or not set(drawn) <= set(asked) else "reserves"


# ---- DRAW.md 10. Bounds ----------------------------------------------------------------------------------------------------------

Wrong = Tuple[str, str]  # a finding and the facts
Cell = Tuple[str, str]  # a person, and a week or a day
COVERAGE_LINE = row_of({
    "at_most": must(LARGE), "hopeless": must(list_of(text)), "of": must(LARGE),
    "short": must(list_of(row_of({
        "full": must(list_of(tuple_of(text, text))), "missing": must(LARGE), "quality": may(text), "rule": may(text),
        "there": must(LARGE), "visits": must(list_of(text)), "wanted": must(LARGE),
    }))),
})
BOUNDS_LINE = row_of({
    "coverage": may(row_of({"all": must(COVERAGE_LINE), "mandatory": must(COVERAGE_LINE)})),
    "cut": must(row_of({
        "full": must(list_of(tuple_of(text, text))), "visits": must(list_of(row_of({"need": may(NUMBER), "visit": must(text)}))),
    })),
    "odds": must(NUMBER),
    "prices": must(row_of({
        "visits": must(list_of(tuple_of(text, whole(-2**63, 2**63 - 1), list_of(LARGE)))),
        "weeks": must(list_of(tuple_of(text, text, LARGE))),
    })),
    "squares": must(LARGE), "stage": must(LARGE),
})


def read_bounds(files: Files, case: Case, flaws: Flaws) -> List[Tuple[int, Row]]:
    """The lines of bounds.jsonl in which everything that is named can be."""
    kept: List[Tuple[int, Row]] = []
    for number, line in rows_of(files, BOUNDS, BOUNDS_LINE, flaws) if BOUNDS in files else ():
        if kept and kept[-1][1]["stage"] >= line["stage"]:
            flaws.add("order", BOUNDS, number, "the stage should stand before the one above it")
            continue
        wrong = BoundsCheck(case).line(line)
        for name, says in wrong:
            flaws.add(name, BOUNDS, number, says)
        if not wrong:
            kept.append((number, line))
    return kept


class BoundsCheck:
    """What can't be in a line of bounds, whatever it proves."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.wrong: List[Wrong] = []

    def line(self, line: Row) -> List[Wrong]:
        cut, prices = line["cut"], line["prices"]
        self.visits([part["visit"] for part in cut["visits"]])
        self.cells(cut["full"], False)
        self.visits([visit for visit, _, _ in prices["visits"]])
        self.cells([cell[:2] for cell in prices["weeks"]], False)
        self.numbers(line["squares"], *(price for _, _, price in prices["weeks"]))
        for _, seat, needs in prices["visits"]:
            self.numbers(abs(seat), *needs)
        for coverage in line.get("coverage", {}).values():
            self.coverage(coverage)
        return self.wrong

    def coverage(self, coverage: Row) -> None:
        self.numbers(coverage["of"], coverage["at_most"])
        self.visits(coverage["hopeless"])
        for short in coverage["short"]:
            self.visits(short["visits"])
            self.cells(short["full"], True)
            self.numbers(short["wanted"], short["there"], short["missing"])
            if ("rule" in short) != ("quality" in short):
                self.wrong.append(("bad-value", "a rule and a quality stand together, or neither"))

    def visits(self, visits: List[str]) -> None:
        self.wrong += [("unknown-id", "there is no visit `%s`" % shortened(visit)) for visit in visits if visit not in self.case.visits]
        self.in_order([visit for visit in visits if visit in self.case.visits])

    def cells(self, cells: List[List[str]], days: bool) -> None:
        known = []
        for who, time in cells:
            if who not in self.case.people:
                self.wrong.append(("unknown-id", "there is no inspector `%s`" % shortened(who)))
            if order_of_time(time) is None or not days and read_day(time) is not None:
                self.wrong.append(("bad-value", "`%s` is no week like 2027-W01" % shortened(time)))
            elif who in self.case.people:
                known.append((who, order_of_time(time)))
        self.in_order(known)

    def in_order(self, values: List[Any]) -> None:
        if not ascending(values):
            self.wrong.append(("order", "a list is not in order, or names something twice"))

    def numbers(self, *numbers: int) -> None:
        if max(numbers) >= 2**53:
            self.wrong.append(("bad-value", "a number is beyond every bound"))


def order_of_time(said: str) -> Optional[Tuple[int, int, int]]:
    """Days stand before weeks; none where the text is neither."""
    if read_day(said) is not None:
        return 0, read_day(said), 0
    match = re.fullmatch("([0-9]{4})-W([0-9]{2})", said)
    return (1, int(match.group(1)), int(match.group(2))) if match else None


class Need(NamedTuple):
    """A quality that a team must have."""

    rule: str
    quality: str
    members: int


class Eligible:
    """Who may go where on the days of a span, each seen alone, and the seats that limits leave them."""

    def __init__(self, case: Case, rules: Rules, first: int, last: int, before: Schedule) -> None:
        self.case, self.rules, self.before = case, rules, before
        self.days = [day for day in case.days if first <= day <= last]
        self.weeks = {spelled_week(week(day)): week(day) for day in self.days}
        self.of_visit: Dict[str, Dict[str, Set[int]]] = {}

    def goers(self, visit: str, need: Optional[Need] = None) -> Dict[str, Set[int]]:
        """Everybody who is eligible for a visit (and has the quality), with the days."""
        if visit not in self.of_visit:
            open = [day for day in self.days if self.is_open(visit, day)]
            days = {who: {day for day in open if not self.is_barred(who, visit, day)} for who in self.case.people}
            self.of_visit[visit] = {who: of for who, of in days.items() if of}
        return {who: days for who, days in self.of_visit[visit].items() if need is None or self.has(who, visit, need)}

    def slots_open(self, visit: str, day: int) -> List[int]:
        return [slot for slot in range(len(self.case.slots)) if "window" not in self.rules.on or self.rules.is_open(visit, day, slot)]

    def is_open(self, visit: str, day: int) -> bool:
        return bool(self.slots_open(visit, day)) and 2 <= self.case.size(visit) <= 8

    def is_barred(self, who: str, visit: str, day: int) -> bool:
        rules = self.rules
        if any(rule in rules.on and bars(rules, who, visit, day) and not rules.lifted(rule, visit, who) for rule, bars in Rules.EXCLUSIONS):
            return True
        if "availability" in rules.on and who in rules.away_in and not rules.lifted("availability", visit, who):
            if all(rules.is_away_in(who, visit, day, slot) for slot in self.slots_open(visit, day)):
                return True
        alone = Board({visit: Held(day, 0, (who,))})
        return any(True for _ in self.barred_by_history(alone, who, visit))

    def barred_by_history(self, alone: Board, who: str, visit: str) -> Iterator[Broken]:
        """What limits make of history alone, were this the only visit; no-return only where it is the only one there."""
        rules = self.rules
        yield from rules.checked("return-gap", rules.return_gap, alone, who)
        yield from rules.checked("district-tenure", rules.district_tenure, alone, who)
        yield from rules.checked("rest", rules.rest, alone, who)
        follow_up = self.case.visits[visit]["kind"] == "follow-up" and self.case.rules["no-return"]["follow_up"] != "forbid"
        if len(rules.chains[rules.chain[visit]]) == 1 and not follow_up:
            yield from rules.checked("no-return", rules.no_return, alone, rules.chain[visit])

    def needs(self, visit: str) -> List[Need]:
        """What a team must have, in the order of the rule book."""
        rules, needs = self.rules, []
        if "lead" in rules.on:
            needs.append(Need("lead", "lead", rules.on["lead"]["leads"]))
        if "skills" in rules.on:
            needs += [Need("skills", skill, 1) for skill in each_once(self.case.visits[visit].get("skills", []))]
        if "gender-mix" in rules.on:
            needs += [Need("gender-mix", gender, least) for gender, least in rules.genders_asked(visit)]
        if "agencies" in rules.on:
            needs += [Need("agencies", agency, 1) for agency in each_once(self.case.visits[visit].get("agencies", []))]
        return [need for need in needs if need.members > 0]

    def has(self, who: str, visit: str, need: Need) -> bool:
        has = {"lead": lambda: self.rules.is_lead(who, visit), "skills": lambda: self.rules.has_skill(who, visit, need.quality),
               "agencies": lambda: self.rules.is_of_agency(who, visit, need.quality),
               "gender-mix": lambda: self.rules.is_of(who, visit, need.quality)}
        return has[need.rule]()

    def takes_seat(self, who: str, visit: str) -> bool:
        return "workload" not in self.rules.on or not self.rules.lifted("workload", visit, who)

    # Seats: how many visits somebody can take at most on a day, and in a week of the span.

    @functools.cached_property
    def used(self) -> Counts:
        """By person and day, and by person and week: what history records and earlier stages drew."""
        drawn = [(who, held.day) for visit, held in self.before.items() for who in held.team if self.takes_seat(who, visit)]
        used = tally(at for who, day in drawn for at in ((who, "day", day), (who, "week", week(day))))
        return {at: used.get(at, 0) + self.rules.past.get(at, 0) for at in set(used) | set(self.rules.past)}

    @functools.cached_property
    def days_served(self) -> Dict[str, Set[int]]:
        """By person: days on which they are eligible for anything, taking a seat."""
        served: Dict[str, Set[int]] = {who: set() for who in self.case.people}
        for visit in self.case.visits:
            for who, days in self.goers(visit).items():
                served[who].update(days if self.takes_seat(who, visit) else ())
        return served

    def seats_on(self, who: str, day: int) -> int:
        rule, most = self.rules.on.get("workload"), len(self.case.visits)
        if rule is None:
            return most
        a_day = self.case.people[who].get("visits_per_day", rule["per_day"])
        return min(most, max(a_day - self.used.get((who, "day", day), 0), 0), rule["per_slot"] * len(self.case.slots))

    def left_in(self, who: str, number: int) -> int:
        """What limits leave in the week with this number."""
        rule, most = self.rules.on.get("workload"), len(self.case.visits)
        if rule is None:
            return most
        a_week = self.case.people[who].get("visits_per_week", rule["per_week"])
        return min(most, max(a_week - self.used.get((who, "week", number), 0), 0))

    def seats_in(self, who: str, name: str) -> int:
        number = self.weeks[name]
        return min(self.left_in(who, number), sum(self.seats_on(who, day) for day in self.days_served[who] if week(day) == number))

    def seats(self, cell: Cell) -> Optional[int]:
        """Seats in a week or on a day; none where the span does not have it."""
        who, time = cell
        if time in self.weeks:
            return self.seats_in(who, time)
        day = read_day(time)
        return min(self.seats_on(who, day), self.left_in(who, week(day))) if day in self.days else None


def weigh_bounds(case: Case, rules: Rules, stage: Stage, line: Row) -> List[Wrong]:
    """What is wrong with a line of bounds."""
    wrong: List[Wrong] = []
    if "coverage" in line:
        rest = Eligible(case, rules, stage.first, case.last, stage.before)
        open = [visit for visit in case.visits if visit not in stage.before]
        mandatory = [visit for visit in open if case.visits[visit]["kind"] != "programmed"]
        wrong += weigh_coverage(rest, line["coverage"]["all"], open) + weigh_coverage(rest, line["coverage"]["mandatory"], mandatory)
    if stage.held is not None:
        wrong += weigh_stage(Eligible(case, rules, stage.first, stage.last, stage.before), stage, line)
    return wrong


def weigh_stage(eligible: Eligible, stage: Stage, line: Row) -> List[Wrong]:
    held = tally(visit for part in stage.parts for visit in part)
    wrong = strangers_of_proofs(eligible, held, line)
    if wrong:
        return wrong
    tickets = len(stage.tickets)
    if line["odds"] > 0 and not cut_shows(eligible, held, tickets, line["cut"], line["odds"] - 1):
        wrong.append(("bound", "the cut does not show that %d tickets are too few" % (line["odds"] - 1)))
    if prices_show(eligible, held, tickets, line["prices"]) <= 16 * (line["squares"] - 1):
        wrong.append(("bound", "the prices do not show %d squares" % line["squares"]))
    return wrong


def strangers_of_proofs(eligible: Eligible, held: Counts, line: Row) -> List[Wrong]:
    """What the proofs name and the stage does not have."""
    cut, prices = line["cut"], line["prices"]
    strange = ["visit %s, which no ticket holds" % part["visit"] for part in cut["visits"] if not held.get(part["visit"])]
    strange += ["a need that visit %s has not" % part["visit"] for part in cut["visits"]
                if part.get("need", -1) >= len(eligible.needs(part["visit"]))]
    strange += ["more needs than visit %s has" % visit for visit, _, needs in prices["visits"] if len(needs) > len(eligible.needs(visit))]
    strange += ["week %s" % time for time in [cell[1] for cell in cut["full"] + prices["weeks"]] if time not in eligible.weeks]
    return [("bound-proof", "the proof names %s" % what) for what in strange]


def weeks_of(days: Iterable[int]) -> Set[str]:
    return {spelled_week(week(day)) for day in days}


def cut_shows(eligible: Eligible, held: Counts, tickets: int, cut: Row, most: int) -> bool:
    """Whether the visits of the cut want more than can be had with nobody going on any visit in more than `most` tickets."""
    full = {(who, time) for who, time in cut["full"]}
    there = sum(tickets * eligible.seats_in(*cell) for cell in full)
    wanted = 0
    for part in cut["visits"]:
        visit = part["visit"]
        need = eligible.needs(visit)[part["need"]] if "need" in part else None
        wanted += held[visit] * (need.members if need else eligible.case.size(visit))
        for who, days in eligible.goers(visit, need).items():
            counted = eligible.takes_seat(who, visit) and all((who, time) in full for time in weeks_of(days))
            there += 0 if counted else min(most, held[visit])
    return wanted > there


def prices_show(eligible: Eligible, held: Counts, tickets: int, prices: Row) -> int:
    """What the prices prove, in sixteenths."""
    costs = {(who, time): cost for who, time, cost in prices["weeks"]}
    worth = -sum(tickets * eligible.seats_in(*cell) * cost for cell, cost in costs.items())
    for visit, seat, more in prices["visits"]:
        n, needs = held.get(visit, 0), list(zip(eligible.needs(visit), more))
        worth += n * (eligible.case.size(visit) * seat + sum(need.members * pays for need, pays in needs))
        for who, days in eligible.goers(visit).items():
            cost = min(costs.get((who, time), 0) for time in weeks_of(days)) if eligible.takes_seat(who, visit) else 0
            gain = seat + sum(pays for need, pays in needs if eligible.has(who, visit, need)) - cost
            worth += least_cost(gain, n)
    return worth


def least_cost(gain: int, n: int) -> int:
    """The least over whole x from 0 to n of 16 * x^2 - gain * x, which lies beside gain / 32."""
    near = (min(max(x, 0), n) for x in (gain // 32, gain // 32 + 1))
    return min(16 * x * x - gain * x for x in near)


def weigh_coverage(eligible: Eligible, coverage: Row, visits: List[str]) -> List[Wrong]:
    """What is wrong with a bound on the visits that can be staffed."""
    wrong = strangers_of_coverage(eligible, coverage, visits)
    if wrong:
        return wrong
    hopeful = [visit for visit in coverage["hopeless"] if not is_hopeless(eligible, visit)]
    wrong += [("bound", "visit %s has people enough for itself" % visit) for visit in hopeful]
    without = len(coverage["hopeless"]) - len(hopeful)
    for short in coverage["short"]:
        counted = count_short(eligible, short)
        without += counted[2]
        if counted != (short["wanted"], short["there"], short["missing"]):
            wrong.append(("bound", "counted again, %d seats are wanted, %d there, and %d visits missing" % counted))
    if coverage["at_most"] < len(visits) - without:
        wrong.append(("bound", "%d visits are left, more than are said to be staffed" % (len(visits) - without)))
    return wrong


def strangers_of_coverage(eligible: Eligible, coverage: Row, visits: List[str]) -> List[Wrong]:
    named = coverage["hopeless"] + [visit for short in coverage["short"] for visit in short["visits"]]
    strange = ["visit %s, which is not among them" % visit for visit in named if visit not in visits]
    strange += ["a visit twice"] if len(set(named)) < len(named) else []
    strange += ["%d visits, not %d" % (coverage["of"], len(visits))] if coverage["of"] != len(visits) else []
    for short in coverage["short"]:
        strange += ["a quality that visit %s does not ask for" % visit for visit in short["visits"]
                    if "quality" in short and need_of(eligible, visit, short) is None]
        strange += ["%s for %s" % (time, who) for who, time in short["full"] if eligible.seats((who, time)) is None]
    return [("bound-proof", "the coverage names %s" % what) for what in strange]


def need_of(eligible: Eligible, visit: str, short: Row) -> Optional[Need]:
    asked = (need for need in eligible.needs(visit) if (need.rule, need.quality) == (short.get("rule"), short.get("quality")))
    return next(asked, None)


def is_hopeless(eligible: Eligible, visit: str) -> bool:
    """Whether too few people could make the visit if there were no other."""
    enough = len(eligible.goers(visit)) >= eligible.case.size(visit)
    return not enough or any(len(eligible.goers(visit, need)) < need.members for need in eligible.needs(visit))


def count_short(eligible: Eligible, short: Row) -> Tuple[int, int, int]:
    """The seats that the visits want, those that are there for them, and how many visits go without at least."""
    full = {(who, time) for who, time in short["full"]}
    there, wanted = sum(eligible.seats(cell) for cell in full), []
    for visit in short["visits"]:
        need = need_of(eligible, visit, short)
        wanted.append(need.members if need else eligible.case.size(visit))
        for who, days in eligible.goers(visit, need).items():
            counted = all({(who, spelled_day(day)), (who, spelled_week(week(day)))} & full for day in days)
            there += 0 if eligible.takes_seat(who, visit) and counted else 1
    sums = list(itertools.accumulate(sorted(wanted)))
    return sum(wanted), there, sum(needed > there for needed in sums)


# ---- DRAW.md 11. Signatures: Ed25519 (RFC 8032), strict --------------------------------------------------------------------------
#
# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z. Everything here is public, so nothing needs to take constant time.

Point = Tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a: Point, b: Point) -> Point:
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(n: int, point: Point) -> Point:
    sum_of: Point = (0, 1, 1, 0)
    while n:
        sum_of = point_add(sum_of, point) if n & 1 else sum_of
        point, n = point_add(point, point), n >> 1
    return sum_of


def same_point(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(data: bytes) -> Optional[Point]:
    """The point that 32 bytes stand for; none where they are no point, or in another spelling than the one allowed."""
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or x == 0 and sign:
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of a message is that of the key; points of small order and an S of L or more are refused."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or any(same_point(point_times(8, point), (0, 1, 1, 0)) for point in (a, r)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same_point(point_times(s, BASE), point_add(r, point_times(k, a)))


# ---- DRAW.md 11. A round of quicknet: BLS12-381 (--beacon) -----------------------------------------------------------------------
#
# Points are (x, y), or none for the point at infinity. A number of the field of 12 dimensions is a list of 12 numbers: the
# coefficients of a polynomial in w, where w^12 = 2 w^6 - 2; so i = w^6 - 1 has the square -1. Nothing here takes constant time.

Fp12 = List[int]
Affine = Optional[Tuple[Any, Any]]
Q = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X_OF_CURVE = 0xD201000000010000  # the parameter of the curve, without its sign
QUICKNET_KEY = ("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
                "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a")
G2 = ("93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
      "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8")
SCHEME = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
# The curve y^2 = x^3 + A x + B of RFC 9380, section 8.8.1, from which an isogeny of degree 11 leads to y^2 = x^3 + 4.
SSWU_A = 0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D
SSWU_B = 0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0
SSWU_Z = 11


def fq(*coefficients: int) -> Fp12:
    return list(coefficients) + [0] * (12 - len(coefficients))


ONE12 = fq(1)


def fq_add(a: Fp12, b: Fp12, times: int = 1) -> Fp12:
    return [(x + times * y) % Q for x, y in zip(a, b)]


def fq_mul(a: Fp12, b: Fp12) -> Fp12:
    product = [0] * 23
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                product[i + j] += x * y
    for i in range(22, 11, -1):
        product[i - 6] += 2 * product[i]
        product[i - 12] -= 2 * product[i]
    return [x % Q for x in product[:12]]


def fq_pow(a: Fp12, n: int) -> Fp12:
    power = ONE12
    for bit in bin(n)[2:]:
        power = fq_mul(power, power)
        power = fq_mul(power, a) if bit == "1" else power
    return power


def fq_conjugate(a: Fp12) -> Fp12:
    """a to the power of q^6, which turns w to -w."""
    return [-x % Q if at % 2 else x for at, x in enumerate(a)]


def fq_inverse(a: Fp12) -> Fp12:
    """By Gauss: the row that the matrix of the multiplication by a takes to 1."""
    rows = [fq_mul(fq(*[0] * at, 1), a) + fq(*[0] * at, 1) for at in range(12)]
    for column in range(12):
        pivot = next(at for at in range(column, 12) if rows[at][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = pow(rows[column][column], -1, Q)
        rows[column] = [x * scale % Q for x in rows[column]]
        for at in range(12):
            if at != column and rows[at][column]:
                rows[at] = [(x - rows[at][column] * y) % Q for x, y in zip(rows[at], rows[column])]
    return rows[0][12:]


# The curve over the numbers below Q, with points (x, y); y^2 = x^3 + a x + b.


def g1_add(one: Affine, other: Affine, a: int = 0) -> Affine:
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % Q == 0:
        return None
    slope = (3 * x1 * x1 + a) * pow(2 * y1, -1, Q) if one == other else (y2 - y1) * pow(x2 - x1, -1, Q)
    x = (slope * slope - x1 - x2) % Q
    return x, (slope * (x1 - x) - y1) % Q


def g1_times(n: int, point: Affine, a: int = 0) -> Affine:
    sum_of: Affine = None
    while n:
        sum_of = g1_add(sum_of, point, a) if n & 1 else sum_of
        point, n = g1_add(point, point, a), n >> 1
    return sum_of


def square_root(n: int) -> Optional[int]:
    root = pow(n, (Q + 1) // 4, Q)
    return root if root * root % Q == n % Q else None


def g1_of(data: bytes) -> Affine:
    """The point of G1 that 48 bytes stand for; none where there is none, or it is the point at infinity."""
    x, flags = int.from_bytes(data, "big") & (2**381 - 1), data[0] >> 5
    y = square_root(x**3 + 4)
    if not flags & 4 or flags & 2 or x >= Q or y is None:
        return None
    point = x, y if (y > Q // 2) == bool(flags & 1) else Q - y
    return point if g1_times(R, point) is None else None


# Hashing to the curve: RFC 9380, the suite BLS12381G1_XMD:SHA-256_SSWU_RO_.


def expand(message: bytes, size: int) -> bytes:
    end = SCHEME + bytes([len(SCHEME)])
    first = H(bytes(64) + message + struct.pack(">H", size) + b"\0" + end)
    blocks = [H(first + b"\1" + end)]
    while 32 * len(blocks) < size:
        mixed = bytes(x ^ y for x, y in zip(first, blocks[-1]))
        blocks.append(H(mixed + bytes([len(blocks) + 1]) + end))
    return b"".join(blocks)[:size]


def sswu(u: int) -> Tuple[int, int]:
    """The simplified map of Shallue, van de Woestijne and Ulas, to the curve with SSWU_A and SSWU_B."""
    t = SSWU_Z * u * u % Q
    below = (t * t + t) % Q
    x = -SSWU_B * pow(SSWU_A, -1, Q) * (1 + pow(below, -1, Q)) % Q if below else SSWU_B * pow(SSWU_Z * SSWU_A, -1, Q) % Q
    y = square_root(x**3 + SSWU_A * x + SSWU_B)
    if y is None:
        x = t * x % Q
        y = square_root(x**3 + SSWU_A * x + SSWU_B)
    return x, y if y % 2 == u % 2 else Q - y


@functools.lru_cache(maxsize=None)
def kernel() -> List[Tuple[int, int]]:
    """The points of order 11 on that curve: the isogeny takes them, and nothing else, to infinity."""
    points_of_curve = (X_OF_CURVE + 1) ** 2 // 3 * R
    for x in itertools.count(1):
        y = square_root(x**3 + SSWU_A * x + SSWU_B)
        point = g1_times(points_of_curve // 121, (x, y), SSWU_A) if y is not None else None
        while point is not None and g1_times(11, point, SSWU_A) is not None:
            point = g1_times(11, point, SSWU_A)
        if point is not None:
            return [g1_times(n, point, SSWU_A) for n in range(1, 11)]


def isogeny(point: Tuple[int, int]) -> Affine:
    """By Vélu: to each coordinate, what adding the points of the kernel adds to theirs; then scaled by 11, as RFC 9380 has it."""
    if point in kernel():
        return None
    x, y = point
    for of_kernel in kernel():
        moved = g1_add(point, of_kernel, SSWU_A)
        x, y = x + moved[0] - of_kernel[0], y + moved[1] - of_kernel[1]
    return x * pow(11**2, -1, Q) % Q, y * pow(11**3, -1, Q) % Q


def hash_to_g1(message: bytes) -> Affine:
    data = expand(message, 128)
    mapped = [isogeny(sswu(int.from_bytes(part, "big") % Q)) for part in (data[:64], data[64:])]
    return g1_times(X_OF_CURVE + 1, g1_add(*mapped))


# The pairing.


def g2_of(said: str) -> Tuple[Fp12, Fp12]:
    """The point of G2 that 96 bytes in hex stand for, moved to the curve over 12 dimensions; only for points that are pinned above."""
    data = bytes.fromhex(said)
    large = bool(data[0] & 0x20)
    x = int.from_bytes(data[48:], "big"), int.from_bytes(data[:48], "big") & (2**381 - 1)
    x_12 = in_i(*x)
    square = fq_add(fq_mul(x_12, fq_mul(x_12, x_12)), in_i(4, 4))
    a, b = square[0] + square[6], square[6]  # square = a + b i
    norm = square_root(a * a + b * b)
    half = pow(2, -1, Q)
    real = next(root for root in map(square_root, ((a + norm) * half, (a - norm) * half)) if root is not None)
    imaginary = b * half * pow(real, -1, Q) % Q
    y = (real, imaginary) if (imaginary > Q // 2) == large else (-real % Q, -imaginary % Q)
    w = fq_inverse(fq(0, 1))
    w_2 = fq_mul(w, w)
    return fq_mul(x_12, w_2), fq_mul(in_i(*y), fq_mul(w_2, w))


def in_i(a: int, b: int) -> Fp12:
    """The number a + b i."""
    return fq((a - b) % Q, 0, 0, 0, 0, 0, b)


def line_at(one: Tuple[Fp12, Fp12], other: Tuple[Fp12, Fp12], at: Tuple[int, int]) -> Tuple[Fp12, Tuple[Fp12, Fp12]]:
    """The line through two points, or its tangent, at a third; and the sum of the two."""
    (x1, y1), (x2, y2) = one, other
    over, under = (fq_mul(x1, x1), y1) if one == other else (fq_add(y2, y1, -1), fq_add(x2, x1, -1))
    over, under = ([3 * x for x in over], [2 * y for y in under]) if one == other else (over, under)
    slope = fq_mul(over, fq_inverse(under))
    value = fq_add(fq_mul(slope, fq_add(fq(at[0]), x1, -1)), fq_add(fq(at[1]), y1, -1), -1)
    x = fq_add(fq_add(fq_mul(slope, slope), x1, -1), x2, -1)
    return value, (x, fq_add(fq_mul(slope, fq_add(x1, x, -1)), y1, -1))


def miller(point: Tuple[int, int], of: Tuple[Fp12, Fp12]) -> Fp12:
    value, running = ONE12, of
    for bit in bin(X_OF_CURVE)[3:]:
        tangent, running = line_at(running, running, point)
        value = fq_mul(fq_mul(value, value), tangent)
        if bit == "1":
            chord, running = line_at(running, of, point)
            value = fq_mul(value, chord)
    return value


def is_one_pairing(value: Fp12) -> bool:
    """Whether the product of pairings is 1: to the power of (q^12 - 1) / r, in three steps."""
    value = fq_mul(fq_conjugate(value), fq_inverse(value))
    value = fq_mul(fq_pow(value, Q * Q), value)
    return fq_pow(value, (Q**4 - Q**2 + 1) // R) == ONE12


@functools.lru_cache(maxsize=None)
def round_holds(number: int, signature: bytes) -> bool:
    """Whether this is the signature of the round."""
    signed, hashed = g1_of(signature), hash_to_g1(H(struct.pack(">Q", number)))
    if signed is None or hashed is None:
        return False
    minus = signed[0], -signed[1] % Q
    return is_one_pairing(fq_mul(miller(minus, g2_of(G2)), miller(hashed, g2_of(QUICKNET_KEY))))


# ---- DRAW.md 11 and 12. Parties, beacons, and salted trees -----------------------------------------------------------------------

LEDGER, SALT, CHECKPOINTS = "ledger.jsonl", "salt", "checkpoints/"
PARTIES_MAX, LINKS_MAX, LEDGER_LINES_MAX, CEREMONY_FILES_MAX = 100, 1_000_000, 1_000_000, 200_000
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS, ROUND_SECONDS = 1692803367, 3
COUNT = whole(0, 2**53 - 1)


def hex_of(size: int) -> Shape:
    def shape(value: Any) -> str:
        if not re.fullmatch("[0-9a-f]{%d}" % (2 * size), text(value)):
            raise Malformed("%d lower-case hexadecimal digits are expected" % (2 * size))
        return value
    return shape


DIGEST = hex_of(32)
PARTY = {"anchor": must(DIGEST), "key": must(DIGEST), "links": must(COUNT), "name": must(text),
         "role": must(one_of("auditor", "officer", "planner"))}
PARTY_LINE, PARTY_ENTRY = row_of(PARTY), row_of(PARTY, True)


def is_party_name(name: str) -> bool:
    return re.fullmatch("[!-*,-~]{1,100}", name) is not None


def key_of_party(party: Row) -> Optional[bytes]:
    """The key, where it is one that can be relied on."""
    key = bytes.fromhex(party["key"])
    point = point_of(key)
    return None if point is None or same_point(point_times(8, point), (0, 1, 1, 0)) else key


def party_flaws(parties: List[Row]) -> List[str]:
    """What can't be among the parties of a ledger."""
    if len(parties) > PARTIES_MAX:
        return ["there are %d parties; at most %d are read" % (len(parties), PARTIES_MAX)]
    wrong = ["`%s` is no name" % shortened(party["name"]) for party in parties if not is_party_name(party["name"])]
    wrong += ["the key of `%s` is none" % shortened(party["name"]) for party in parties if key_of_party(party) is None]
    wrong += ["a chain has 1 to %d links" % LINKS_MAX for party in parties if not 1 <= party["links"] <= LINKS_MAX]
    if not ascending([party["name"] for party in parties]):
        wrong.append("the parties are not in order of name, or one stands there twice")
    if len({party["key"] for party in parties}) < len(parties):
        wrong.append("two parties have one key")
    roles = [party["role"] for party in parties]
    wrong += ["there are %d planners" % roles.count("planner")] if roles.count("planner") != 1 else []
    return wrong + ([] if "auditor" in roles else ["there is no auditor"])


def next_link(name: str, link: bytes) -> bytes:
    return H(LP(b"foureyes/v1/chain", name.encode(), link))


def leads_to(name: str, nonce: bytes, steps: int, link: bytes) -> bool:
    """Whether `link` is the nonce, hashed so many times."""
    if not 1 <= steps <= LINKS_MAX:
        return False
    for _ in range(steps):
        nonce = next_link(name, nonce)
    return nonce == link


def time_of_round(number: int) -> int:
    return GENESIS + ROUND_SECONDS * (number - 1)


def throws_needed(faces: int) -> int:
    return next(throws for throws in itertools.count(1) if faces ** throws >= 2**256)


def dice_randomness(faces: int, throws: str) -> Optional[bytes]:
    """The randomness of these throws; none where this is no list of as many as 256 bits take."""
    if not 2 <= faces <= 100:
        return None
    numbers = throws.split(" ")
    known = {str(face) for face in range(1, faces + 1)}
    holds = len(numbers) == throws_needed(faces) and all(one in known for one in numbers)
    return H(LP(b"foureyes/v1/dice", str(faces).encode(), throws.encode())) if holds else None


def read_master(data: bytes) -> Optional[bytes]:
    return bytes.fromhex(data[:-1].decode()) if re.fullmatch(b"[0-9a-f]{64}\n", data) else None


def salt_of(master: bytes, scope: str, table: str, key: str) -> bytes:
    return hkdf_expand(hkdf_extract(b"", master), LP(b"foureyes/v1/salt", scope.encode(), table.encode(), key.encode()))


def leaf_of(table: str, key: str, salt: bytes, said: str) -> bytes:
    return LP(b"foureyes/v1/leaf", table.encode(), key.encode(), salt, said.encode())


class Tree(NamedTuple):
    root: str
    leaves: int


def salted_tree(master: bytes, scope: str, texts: Dict[Tuple[str, str], str]) -> Tree:
    """The root over texts by table and key, and how many there are."""
    order = sorted(texts, key=lambda at: (at[0].encode(), at[1].encode()))
    return Tree(merkle_root([leaf_of(*at, salt_of(master, scope, *at), texts[at]) for at in order]).hex(), len(texts))


def lines_in(data: bytes) -> List[Tuple[int, str]]:
    """Each line that is UTF-8, with its number."""
    lines = []
    for number, line in enumerate(split_lines(data), 1):
        try:
            lines.append((number, line.decode("utf-8")))
        except UnicodeDecodeError:
            pass
    return lines


def said_in(line: str, field: str) -> Optional[str]:
    """The text of a field in a line, where there is one."""
    try:
        row = parsed(line)
    except Malformed:
        return None
    said = dict(row).get(field) if isinstance(row, Pairs) else None
    return said if isinstance(said, str) else None


def inputs_tree(files: Files, master: bytes, scope: str) -> Tree:
    texts: Dict[Tuple[str, str], str] = {}
    for file in (INSPECTORS, ABSENCES, CONFLICTS, WAIVERS):
        for _, line in lines_in(files.get(file, b"")):
            who = said_in(line, "id" if file == INSPECTORS else "inspector")
            if who is not None:
                texts["inspectors", who] = texts.get(("inspectors", who), "") + line
    for file in (ESTABLISHMENTS, HISTORY, POLICY, VISITS):
        for number, line in lines_in(files.get(file, b"")):
            texts[file[len("inputs/"):-len(".jsonl")], "%08d" % number] = line
    return salted_tree(master, scope, texts)


def schedule_tree(data: bytes, master: bytes, scope: str) -> Tree:
    texts = {("schedule", said_in(line, "visit")): line for _, line in lines_in(data)}
    return salted_tree(master, scope, {at: line for at, line in texts.items() if at[1] is not None})


def proves(leaf: bytes, at: int, size: int, path: List[str], root: str) -> bool:
    """The inclusion proof of RFC 9162, section 2.1.3.2: `leaf` has place `at` in the tree of `size` leaves."""
    if at >= size or len(path) > 64 or not all(re.fullmatch("[0-9a-f]{64}", one) for one in path):
        return False
    last, joined = size - 1, H(b"\0" + leaf)
    for beside in map(bytes.fromhex, path):
        if last == 0:
            return False
        if at & 1 or at == last:
            joined = H(b"\1" + beside + joined)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            joined = H(b"\1" + joined + beside)
        at, last = at >> 1, last >> 1
    return last == 0 and joined.hex() == root


# ---- DRAW.md 13. The ledger ------------------------------------------------------------------------------------------------------


def by_kind(kinds: Dict[str, Dict[str, Field]]) -> Shape:
    """An object whose field `kind` says which others it has. In the ledger, of a key that stands twice the last is read."""
    shapes = {kind: row_of({"kind": must(text), **fields}, True) for kind, fields in kinds.items()}
    def of(value: Any) -> Row:
        kind = dict(value).get("kind") if isinstance(value, Pairs) else None
        if not isinstance(kind, str) or kind not in shapes:
            raise Malformed("there is no such kind")
        return shapes[kind](value)
    return of


def clock(value: Any) -> str:
    """The shape of a time of the day, in UTC."""
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text(value)):
        raise Malformed("`%s` is not a time like 09:30" % shortened(value))
    return value


DICE = {"date": must(day), "faces": must(COUNT), "place": must(text), "throws": must(COUNT), "time": may(clock)}
BEACON = by_kind({"quicknet": {"chain": must(DIGEST), "round": must(COUNT)}, "dice": DICE})
SHOWN = by_kind({"quicknet": {"round": must(COUNT), "signature": must(hex_of(48))}, "dice": {"faces": must(COUNT), "throws": must(text)}})
SIGNED = row_of({"name": must(text), "signature": must(hex_of(64))}, True)
FRAME = {"line": must(COUNT), "previous": must(DIGEST), "signed": may(list_of(SIGNED))}
CAUSES = ["absence", "cancelled", "conflict", "restored", "withdrawn"]
KINDS: Dict[str, Dict[str, Field]] = {
    "open": {"format": must(text), "origin": must(text), "parties": must(list_of(PARTY_ENTRY))},
    "freeze": {"case": must(text), "leaves": must(COUNT), "number": must(COUNT), "root": must(DIGEST)},
    "commit": {
        "beacon": must(BEACON), "bound": may(COUNT), "builder": must(text), "counter": must(COUNT), "fallback": may(by_kind({"dice": DICE})),
        "fixed": must(DIGEST), "freeze": must(COUNT), "from": must(day), "nonces": must(list_of(text)), "tickets": must(COUNT),
        "to": must(day), "urn": may(DIGEST), "urn_salted": may(DIGEST), "worst": must(COUNT),
    },
    "draw": {
        "beacon": must(SHOWN), "counter": must(COUNT), "leaves": must(COUNT), "record": must(DIGEST), "root": must(DIGEST),
        "seats": must(COUNT), "staffed": must(COUNT),
    },
    "void": {"counter": must(COUNT), "reason": must(text)},
    "amend": {
        "change": must(DIGEST), "leaves": must(COUNT), "number": must(COUNT), "root": must(DIGEST), "seats": must(COUNT),
        "unfilled": must(COUNT), "why": must(one_of(*CAUSES)),
    },
    "override": {
        "change": must(DIGEST), "leaves": must(COUNT), "number": must(COUNT), "reason": must(text), "root": must(DIGEST),
        "seats": must(COUNT),
    },
    "executed": {"as_drawn": must(COUNT), "change": must(DIGEST), "date": must(day), "number": must(COUNT), "otherwise": must(COUNT)},
    "disclose": {
        "counter": must(COUNT), "nonces": must(list_of(row_of({"name": must(text), "nonce": must(DIGEST)}, True))),
    },
}
ENTRY = by_kind({kind: {**fields, **FRAME} for kind, fields in KINDS.items()})


def needs_two(row: Row) -> bool:
    """Whether a line takes two hands."""
    return row["kind"] in ("void", "amend", "override") or row["kind"] == "draw" and row["beacon"]["kind"] == "dice"


def ledger_line(value: Any) -> Row:
    row = ENTRY(value)
    if "signed" in row and not needs_two(row):
        raise Malformed("nobody signs a line of this kind")
    if row.get("signed") == []:
        del row["signed"]
    return row


class Entry(NamedTuple):
    """A line of the ledger that can be read."""

    line: int
    data: bytes
    row: Row

    def hash(self) -> bytes:
        return H(self.data)

    def signed_text(self, origin: str) -> bytes:
        said = {name: value for name, value in self.row.items() if name not in ("line", "previous", "signed")}
        return LP(b"foureyes/v1/signed", origin.encode(), H((spelled(said) + "\n").encode()))


def read_ledger(data: bytes, flaws: Flaws) -> List[Entry]:
    entries = []
    for number, line in enumerate(split_lines(data), 1):
        if number > LEDGER_LINES_MAX:
            flaws.add("too-large", LEDGER, number, "more than %d lines" % LEDGER_LINES_MAX)
            break
        row = line_of(line, LEDGER, number, ledger_line, flaws)
        if row is None:
            continue
        names = [signed["name"] for signed in row.get("signed", [])]
        for one, other in zip(names, names[1:]):
            if one >= other:
                flaws.add("repeated" if one == other else "order", LEDGER, number, "signatures stand in order of name, none twice")
        entries.append(Entry(number, line, row))
    return entries


class Made:
    """A commitment, and what became of it: `open`, `drawn`, `void` or `dropped`."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.row = entry, entry.row
        self.counter: int = entry.row["counter"]
        self.ending, self.disclosed = "open", False
        self.draw: Optional[Entry] = None


class Course:
    """What may follow what. A line that may not stand where it stands is taken as it says all the same, so that one fault is told once."""

    def __init__(self, entries: List[Entry]) -> None:
        self.opening: Optional[Row] = None
        self.freezes: List[Row] = []
        self.made: List[Made] = []
        self.of_counter: Dict[int, Made] = {}
        self.changes = 0
        self.has_drawn = False
        self.strays: List[Finding] = []
        for at, entry in enumerate(entries):
            if (entry.row["kind"] == "open") != (at == 0):
                self.strays.append(Finding("ledger-order", LEDGER, entry.line, "`open` is the first line and no other"))
            self.strays += [Finding(name, LEDGER, entry.line, says) for name, says in self.objections(entry.row)]
            self.take(entry)

    @property
    def origin(self) -> str:
        return self.opening["origin"] if self.opening else ""

    @property
    def parties(self) -> List[Row]:
        return self.opening["parties"] if self.opening else []

    def party(self, name: str) -> Optional[Row]:
        return next((party for party in self.parties if party["name"] == name), None)

    def drawn(self) -> List[Made]:
        return [made for made in self.made if made.ending == "drawn"]

    def objections(self, row: Row) -> List[Wrong]:
        kind = row["kind"]
        check = {"open": self.of_open, "freeze": self.of_freeze, "commit": self.of_commit, "draw": self.of_ending, "void": self.of_ending,
                 "disclose": self.of_disclosure}.get(kind, self.of_change)
        wrong = check(row)
        if is_blank(row.get("reason", "-")):
            wrong.append(("ledger-order", "the reason is blank"))
        return wrong

    def of_open(self, row: Row) -> List[Wrong]:
        wrong = party_flaws(row["parties"])
        wrong += [] if row["format"] == "foureyes/v1/ledger" else ["the format is unknown"]
        wrong += [] if is_party_name(row["origin"]) else ["the origin is no name"]
        return [("ledger-order", says) for says in wrong]

    def last_freeze(self) -> int:
        return self.freezes[-1]["number"] if self.freezes else 0

    def of_freeze(self, row: Row) -> List[Wrong]:
        return out_of_order("freeze", row["number"], self.last_freeze() + 1)

    def of_commit(self, row: Row) -> List[Wrong]:
        last = self.made[-1] if self.made else None
        dropped = [("draw-dropped", "commitment %d is neither drawn nor void" % last.counter)] if last and last.ending == "open" else []
        wrong = wrong_in_beacon(row["beacon"]) + (wrong_in_beacon(row["fallback"]) if "fallback" in row else [])
        if row["freeze"] != self.last_freeze() or not row["freeze"]:
            wrong.append("its freeze is not the last one")
        if row["from"] > row["to"]:
            wrong.append("its days end before they begin")
        if not 1 <= row["tickets"] <= TICKETS_MAX:
            wrong.append("an urn has 1 to %d tickets" % TICKETS_MAX)
        if ("urn" in row) == ("urn_salted" in row):
            wrong.append("an urn is named by its root, or by the salted digest of that")
        if max(row["worst"], row.get("bound", 0)) > row["tickets"]:
            wrong.append("odds of more than all tickets")
        if not row["nonces"] or not ascending(row["nonces"]):
            wrong.append("the names of those whose nonces take part are not in order, or there is none")
        for name in row["nonces"]:
            party = self.party(name)
            if party is None or row["counter"] > party["links"]:
                wrong.append("`%s` is no party, or has no nonce for this draw" % shortened(name))
        counter = out_of_order("commitment", row["counter"], last.counter + 1 if last else 1)
        return dropped + counter + [("ledger-order", says) for says in wrong]

    def of_ending(self, row: Row) -> List[Wrong]:
        made = self.of_counter.get(row["counter"])
        if made is None:
            return [("ledger-order", "there is no commitment %d" % row["counter"])]
        return [] if made.ending == "open" else [("drawn-again", "commitment %d is %s already" % (made.counter, made.ending))]

    def of_change(self, row: Row) -> List[Wrong]:
        wrong = out_of_order("change", row["number"], self.changes + 1)
        if row["kind"] != "executed" and self.made and self.made[-1].ending == "open":
            wrong.append(("ledger-order", "commitment %d is open, and its urn rests on what is held" % self.made[-1].counter))
        return wrong + ([] if self.has_drawn else [("ledger-order", "nothing was drawn yet")])

    def of_disclosure(self, row: Row) -> List[Wrong]:
        made = self.of_counter.get(row["counter"])
        if made is None:
            return [("ledger-order", "there is no commitment %d" % row["counter"])]
        wrong = ["commitment %d is still open" % made.counter] if made.ending == "open" else []
        wrong += ["commitment %d was disclosed before" % made.counter] if made.disclosed else []
        if [shown["name"] for shown in row["nonces"]] != made.row["nonces"]:
            wrong.append("the nonces are not those of the commitment")
        return [("ledger-order", says) for says in wrong]

    def take(self, entry: Entry) -> None:
        row, kind = entry.row, entry.row["kind"]
        made = self.of_counter.get(row.get("counter", -1))
        if kind == "open":
            self.opening = self.opening or row
        elif kind == "freeze":
            self.freezes.append(row)
        elif kind == "commit":
            if self.made and self.made[-1].ending == "open":
                self.made[-1].ending = "dropped"
            self.made.append(Made(entry))
            self.of_counter[row["counter"]] = self.made[-1]
        elif kind == "disclose" and made:
            made.disclosed = True
        elif kind in ("draw", "void") and made and made.ending in ("open", "dropped"):
            made.ending, made.draw = ("drawn", entry) if kind == "draw" else ("void", None)
            self.has_drawn |= kind == "draw"
        elif kind in ("amend", "override", "executed"):
            self.changes = row["number"]


def out_of_order(what: str, number: int, next: int) -> List[Wrong]:
    return [] if number == next else [("ledger-order", "%s %d stands where %s %d comes next" % (what, number, what, next))]


def wrong_in_beacon(row: Row) -> List[str]:
    """What can't be in the beacon that a commitment names."""
    if row["kind"] == "quicknet":
        return [] if row["chain"] == QUICKNET and row["round"] >= 1 else ["the beacon is no round of quicknet"]
    wrong = ["the place of the dice is blank"] if is_blank(row["place"]) else []
    return wrong + ([] if 2 <= row["faces"] <= 100 and row["throws"] == throws_needed(row["faces"]) else ["no such dice"])


# ---- DRAW.md 14. Checkpoints -----------------------------------------------------------------------------------------------------

NOTE_BYTES_MAX, SIGNATURES_MAX = 256 * 1024, 100
NOTE, COSIGNATURE = 1, 4


class Note(NamedTuple):
    """A signed note: its text, and who is said to have signed it."""

    text: str
    signatures: List[Tuple[str, bytes, bytes]]  # name, the first four bytes, which tell the key, and the others


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: str
    more: Tuple[str, ...]


def from_base64(said: str) -> Optional[bytes]:
    try:
        data = base64.b64decode(said, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == said else None


def read_note(data: bytes) -> Optional[Note]:
    try:
        said = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    said, blank, below = said.rpartition("\n\n")
    if len(data) > NOTE_BYTES_MAX or re.search("[\0-\x09\x0b-\x1f]", said + below) or not blank or not below.endswith("\n"):
        return None
    signatures = [read_signature(line) for line in below[:-1].split("\n")]
    return Note(said + "\n", signatures) if len(signatures) <= SIGNATURES_MAX and all(signatures) else None


def read_signature(line: str) -> Optional[Tuple[str, bytes, bytes]]:
    match = re.fullmatch("\u2014 ([^ ]*) (.*)", line)
    name, data = (match.group(1), from_base64(match.group(2))) if match else ("", None)
    can_be = name and "+" not in name and not set(name) & set(WHITE) and data is not None and len(data) > 4
    return (name, data[:4], data[4:]) if can_be else None


def read_checkpoint(note: Optional[Note]) -> Optional[Checkpoint]:
    lines = note.text[:-1].split("\n") if note else []
    root = from_base64(lines[2]) if len(lines) > 2 else None
    holds = root is not None and len(root) == 32 and re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) and int(lines[1]) < 2**64
    if not holds or not lines[0] or any(unicodedata.category(letter) == "Cc" for letter in lines[0]) or not all(lines[3:]):
        return None
    return Checkpoint(lines[0], int(lines[1]), root.hex(), tuple(lines[3:]))


class Forged(Exception):
    """A signature under the name of somebody who is known is not theirs."""


def key_id(party: Row, kind: int) -> bytes:
    return H(party["name"].encode() + b"\n" + bytes([kind]) + bytes.fromhex(party["key"]))[:4]


def signed_by(note: Note, party: Row, kind: int) -> Optional[int]:
    """The time of the party's cosignature, 0 for a signature without one; none where they did not sign."""
    for name, id, data in note.signatures:
        if name != party["name"] or id != key_id(party, kind):
            continue
        message, time = note.text, 0
        if kind == COSIGNATURE:
            time, data = int.from_bytes(data[:8], "big"), data[8:]
            message = "cosignature/v1\ntime %d\n%s" % (time, note.text)
        if time >= 2**63 or not ed25519_holds(bytes.fromhex(party["key"]), message.encode(), data):
            raise Forged
        return time
    return None


def can_sign(party: Row) -> bool:
    name = party["name"]
    named = name and len(name.encode()) <= 255 and "+" not in name and not set(name) & set(WHITE)
    return bool(named) and not any(unicodedata.category(letter) == "Cc" for letter in name) and key_of_party(party) is not None


def size_of_checkpoint(name: str) -> Optional[int]:
    match = re.fullmatch("checkpoints/([0-9]{6,7})[.]note", name)
    size = int(match.group(1)) if match else -1
    return size if 0 <= size <= LEDGER_LINES_MAX and name == "checkpoints/%06d.note" % size else None


class Elsewhere(NamedTuple):
    """What is known of a ceremony from elsewhere than its folder."""

    parties: List[Row] = []
    checkpoints: List[Tuple[str, bytes]] = []
    ledgers: List[Tuple[str, bytes]] = []

    def trusts(self, party: Row) -> bool:
        auditors = [one for one in self.parties if one["role"] == "auditor"]
        return not auditors or party in auditors


class Heads:
    """The checkpoints of a ledger, and when auditors saw how much of it."""

    def __init__(self, files: Files, course: Course, entries: List[Entry], elsewhere: "Elsewhere") -> None:
        self.course = course
        self.given = [name for name in sorted(files) if name.startswith(CHECKPOINTS)]
        self.leaves = [H(b"\0" + entry.data) for entry in entries]
        self.findings: List[Finding] = []
        self.all: List[Tuple[int, str, int]] = []  # number of lines, name, time
        self.elsewhere: List[Finding] = []
        self.trusted = [party["name"] for party in course.parties if elsewhere.trusts(party)]
        self.auditors = [party for party in course.parties if party["role"] == "auditor" and can_sign(party)]
        planners = [party for party in course.parties if party["role"] == "planner"][:1]
        self.planner = planners[0] if planners and can_sign(planners[0]) else None
        for name in self.given:
            wrong = self.look(name, files[name])
            self.findings += [Finding(wrong[0], name, 0, wrong[1])] if wrong else []
        before = len(self.findings)
        for name, data in elsewhere.checkpoints:
            wrong = self.look(name, data, here=False)
            self.findings += [Finding(wrong[0], name, 0, wrong[1])] if wrong else []
        self.elsewhere = self.findings[before:]
        del self.findings[before:]
        self.given += [name for name, _ in elsewhere.checkpoints]
        self.all = sorted(set(self.all))
        times = [time for _, _, time in self.all]
        self.sizes = [size for size, _, _ in self.all]
        self.earliest = list(itertools.accumulate(reversed(times), min))[::-1]

    def look(self, name: str, data: bytes, here: bool = True) -> Optional[Wrong]:
        note = read_note(data)
        head = read_checkpoint(note)
        if head is None:
            return "checkpoint", "this is no checkpoint"
        try:
            if self.planner is None or signed_by(note, self.planner, NOTE) is None:
                return "checkpoint-signature", "the planner has not signed it"
        except Forged:
            return "checkpoint-signature", "the signature is not the planner's"
        if head.origin != self.course.origin or head.more or here and size_of_checkpoint(name) != head.size:
            return "checkpoint", "it is of another ledger, or another number of lines, than its place says"
        if not 1 <= head.size <= len(self.leaves) or tree_over(self.leaves[:head.size]) != head.root:
            return "checkpoint" if here else "forked", "the planner signed %d other lines" % head.size
        self.look_at_auditors(name, note, head.size)
        return None

    def look_at_auditors(self, name: str, note: Note, size: int) -> None:
        for auditor in self.auditors:
            try:
                time = signed_by(note, auditor, COSIGNATURE)
                counts = time is not None and auditor["name"] in self.trusted
                self.all += [(size, auditor["name"], time)] if counts else []
            except Forged:
                self.findings.append(Finding("cosignature", name, 0, "the cosignature of `%s` is not theirs" % auditor["name"]))

    def first_to_see(self, line: int) -> Optional[int]:
        """The earliest time at which an auditor had seen so many lines."""
        at = bisect.bisect_left(self.sizes, line)
        return self.earliest[at] if at < len(self.earliest) else None


def tree_over(hashes: List[bytes]) -> str:
    """The Merkle tree hash over leaves that are hashed already."""
    level = list(hashes) or [H(b"")]
    while len(level) > 1:
        pairs = [H(b"\1" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0].hex()


def is_before(time: int, beacon: Row) -> bool:
    """Whether nothing could be known of a beacon at that time."""
    if beacon["kind"] == "quicknet":
        return beacon["round"] >= 1 and time < time_of_round(beacon["round"])
    if "time" in beacon:
        hours, minutes = map(int, beacon["time"].split(":"))
        return time < 86400 * read_day(beacon["date"]) + 3600 * hours + 60 * minutes
    return time // 86400 <= read_day(beacon["date"])


# ---- DRAW.md 17. Receipts --------------------------------------------------------------------------------------------------------

RECEIPT_LINE = row_of({
    "checkpoint": must(text), "entry": must(text), "entry_proof": must(list_of(text)), "format": must(text), "inspector": must(text),
    "opened": must(list_of(row_of({
        "key": must(text), "number": must(LARGE), "proof": must(list_of(text)), "salt": must(text), "table": must(text),
        "text": must(text),
    }))),
})
OF_RECEIPT = {
    "format": "the receipt is one line in its one spelling",
    "checkpoint": "the planner signed the checkpoint, and an auditor cosigned it",
    "published": "the checkpoint is the one that was published",
    "entry": "the entry has its place in the ledger of the checkpoint",
    "opened": "what is shown has its place in the root of the entry",
    "about": "what is shown is about this inspector: all that was entered, or visits on which they go",
}


def verify_receipt(name: str, data: bytes, parties: List[Row], published: Optional[bytes]) -> "Verdict":
    """A receipt, by the parties whom its reader knows, and the checkpoint as it was published, if there is one."""
    verdict, flaws = Verdict(OF_RECEIPT), Flaws()
    rows = lines_of(data, name, RECEIPT_LINE, flaws)
    if len(rows) > 1:
        flaws.add("repeated", name, rows[1][0], "a receipt is one line")
    receipt = rows[0][1] if rows else None
    if receipt is None and not len(flaws):
        flaws.add("malformed", name, 0, "there is no line in it")
    if receipt and receipt["format"] != "foureyes/v1/receipt":
        flaws.add("bad-value", name, 1, "the format is unknown")
    verdict.add("format", flaws.found)
    wrong = look_at_receipt(receipt, parties, published) if receipt else dict.fromkeys(list(OF_RECEIPT)[1:])
    for claim, found in wrong.items():
        named = "receipt-" + {"published": "checkpoint", "opened": "leaf", "about": "stranger"}.get(claim, claim)
        findings = None if found is None else [Finding(named, name, 1, says) for says in found]
        verdict.add(claim, findings, "not-given" if claim == "published" and published is None else "sound")
    return verdict


def look_at_receipt(receipt: Row, parties: List[Row], published: Optional[bytes]) -> Dict[str, Optional[List[str]]]:
    """What is wrong with a receipt, by claim; none where a claim can't be checked."""
    note = read_note(receipt["checkpoint"].encode())
    head = read_checkpoint(note)
    entries = read_ledger(receipt["entry"].encode(), Flaws())[:1]
    entry = entries[0].row if entries else None
    placed = entry and head and proves(receipt["entry"].encode(), max(entry["line"] - 1, 0), head.size, receipt["entry_proof"], head.root)
    has_root = entry is not None and "root" in entry
    return {
        "checkpoint": wrong_in_head(note if head else None, parties),
        "published": [] if published is None else None if head is None else other_head(head, published),
        "entry": None if not entry or not head else [] if placed else ["the entry has no such place"],
        "opened": [one["key"] for one in receipt["opened"] if not is_opened(one, entry)] if has_root else None,
        "about": None if entry is None else not_about(receipt, entry),
    }


def wrong_in_head(note: Optional[Note], parties: List[Row]) -> List[str]:
    if note is None:
        return ["this is no checkpoint"]
    wrong = []
    for role, kind in (("planner", NOTE), ("auditor", COSIGNATURE)):
        known = [party for party in parties if party["role"] == role and can_sign(party)]
        try:
            if all(signed_by(note, party, kind) is None for party in known):
                wrong.append("no %s whom you know signed it" % role)
        except Forged:
            wrong.append("a signature of the %s is forged" % role)
    return wrong


def other_head(head: Checkpoint, published: bytes) -> List[str]:
    return [] if read_checkpoint(read_note(published)) == head else ["another checkpoint was published"]


def is_opened(opened: Row, entry: Row) -> bool:
    if not re.fullmatch("[0-9a-f]{64}", opened["salt"]):
        return False
    leaf = leaf_of(opened["table"], opened["key"], bytes.fromhex(opened["salt"]), opened["text"])
    return proves(leaf, opened["number"], entry["leaves"], opened["proof"], entry["root"])


def not_about(receipt: Row, entry: Row) -> List[str]:
    """What is shown that is not about the inspector, and what is not shown though it should be."""
    who, frozen = receipt["inspector"], entry["kind"] == "freeze"
    def is_about(opened: Row) -> bool:
        if frozen:
            return opened["table"] == "inspectors" and opened["key"] == who
        try:
            line = parsed(opened["text"])
        except Malformed:
            return False
        line = dict(line) if isinstance(line, Pairs) else {}
        team = line.get("team")
        return opened["table"] == "schedule" and line.get("visit") == opened["key"] and isinstance(team, list) and who in team
    wrong = ["`%s` is not about `%s`" % (shortened(one["key"]), shortened(who)) for one in receipt["opened"] if not is_about(one)]
    count = len(receipt["opened"])
    return wrong + (["it shows %d leaves" % count] if not count or frozen and count > 1 else [])


# ---- DRAW.md 18. Verifying a ceremony --------------------------------------------------------------------------------------------

OF_CEREMONY = {
    "ledger": "every line goes on from the one above, and nothing is left out or out of order",
    "parties": "the parties whose files you gave are those of the ledger",
    "elsewhere": "the ledger is the one that was seen elsewhere, as far as that goes",
    "checkpoints": "the signed heads are those of this ledger, and their signatures genuine",
    "commitments": "every draw was fixed and witnessed before its beacon, none was dropped, and none was made twice",
    "beacons": "every draw was decided by the number that its commitment named, and that number is genuine",
    "signatures": "whatever undoes or changes a draw was signed by two, not by planners alone",
    "secrets": "the secrets that took part are those that were fixed before anything was drawn",
    "frozen": "the frozen inputs are those that the ledger named before anything was drawn",
    "records": "each record is sound, and what its commitment, its beacon and the secrets of the parties give",
    "amendments": "only vacant seats changed hands, by the order that the draw fixed, and what was declared stays declared",
    "executed": "on each day those went who were to go, and every visit of the day is told of",
}


class Nonce(NamedTuple):
    """A secret that was shown: for which draw, which, and where."""

    counter: int
    nonce: bytes
    file: str
    line: int


class Ceremony:
    """Everything that can be read of a ceremony's files, and the claims that they make."""

    def __init__(self, files: Files, beacon: bool = False, thorough: bool = False, elsewhere: Elsewhere = Elsewhere()) -> None:
        self.files, self.beacon, self.thorough, self.elsewhere, self.flaws = files, beacon, thorough, elsewhere, Flaws()
        self.entries = read_ledger(files.get(LEDGER, b""), self.flaws)
        self.course = Course(self.entries)
        self.heads = Heads(files, self.course, self.entries, elsewhere)
        self.records: Dict[int, Optional[Row]] = {}
        for made in self.course.drawn():
            name = "draws/%03d/%s" % (made.counter, RECORD)
            rows = lines_of(files[name], RECORD, RECORD_LINE, Flaws()) if name in files else []
            self.records[made.counter] = rows[0][1].get("ceremony") if rows else None

        self.masters: Dict[int, bytes] = {}  # by number of the freeze, where its inputs are what the ledger names
        self.readers: Dict[int, Optional[Reader]] = {}

    @functools.cached_property
    def history(self) -> "History":
        return History(self)

    def verdict(self) -> "Verdict":
        verdict = Verdict(OF_CEREMONY)
        verdict.loud, verdict.beside, verdict.notices = self.loud(), self.beside(), self.notices()
        verdict.more = {"cosignatures": self.cosignatures(), "draws": self.draws(), "head": self.head(), "parties": self.parties()}
        verdict.add("ledger", self.check_ledger())
        for claim in list(OF_CEREMONY)[1:]:
            if claim == "parties" and not self.elsewhere.parties or claim == "elsewhere" and self.elsewhere[1:] == ([], []):
                continue
            found, state = getattr(self, "check_" + claim)() if self.course.opening else (None, "unchecked")
            verdict.add(claim, found, state)
        return verdict

    def head(self) -> Row:
        root = bytes.fromhex(tree_over(self.heads.leaves))
        return {"lines": len(self.entries), "root": base64.b64encode(root).decode()}

    def parties(self) -> List[Row]:
        return [{"given": party in self.elsewhere.parties, "key": party["key"], "name": party["name"], "role": party["role"]}
                for party in self.course.parties]

    def cosignatures(self) -> List[Row]:
        return [{"lines": size, "name": name, "time": time} for size, name, time in self.heads.all]

    def draws(self) -> List[Row]:
        """What is told of each draw."""
        told = []
        for entry, made in self.draws_made() if self.course.opening else ():
            reader = self.reader(made.counter)
            draw = {"counter": made.counter, "line": entry.line, "tickets": made.row["tickets"], "worst": made.row["worst"]}
            draw.update({"bound": made.row["bound"]} if "bound" in made.row else {})
            draw.update({"outcomes": reader.stage_lines[0][1]["outcomes"]} if reader and reader.stage_lines else {})
            draw.update({"rules_off": rules_off(reader.case)} if reader and reader.case else {})
            told.append(draw)
        return told

    def draws_made(self) -> Iterator[Tuple[Entry, Made]]:
        """The draws on the ledger, each with the commitment that it names."""
        for entry in self.entries_of("draw"):
            if entry.row["counter"] in self.course.of_counter:
                yield entry, self.course.of_counter[entry.row["counter"]]

    def check_parties(self) -> Tuple[Findings, str]:
        unknown = [party for party in self.elsewhere.parties if party not in self.course.parties]
        return [Finding("party-unknown", LEDGER, 1, "the ledger has no `%s` like the file" % party["name"]) for party in unknown], "sound"

    def check_elsewhere(self) -> Tuple[Findings, str]:
        found = list(self.heads.elsewhere)
        for name, data in self.elsewhere.ledgers:
            pairs = zip(whole_lines(self.files.get(LEDGER, b"")), whole_lines(data))
            line = next((line for line, (ours, other) in enumerate(pairs, 1) if ours != other), None)
            found += [Finding("forked", LEDGER, line, "it is another line in %s" % name)] if line else []
        return found, "sound"

    def entries_of(self, *kinds: str) -> List[Entry]:
        return [entry for entry in self.entries if entry.row["kind"] in kinds]

    def beside(self) -> List[str]:
        """Folders and files of inputs, draws and changes that no line of the ledger names."""
        named = {"frozen/%03d" % entry.row["number"] for entry in self.entries_of("freeze")}
        named |= {"draws/%03d" % entry.row["counter"] for entry in self.entries_of("draw")}
        named |= {"changes/%03d.json" % entry.row["number"] for entry in self.entries_of("amend", "override", "executed")}
        beside = set()
        for name in self.files:
            folder, _, rest = name.partition("/")
            number, _, inner = rest.partition("/")
            place = folder + "/" + number
            if folder in ("changes", "draws", "frozen") and rest:
                if place not in named:
                    beside.add(place)
                elif folder == "frozen" and inner not in INPUTS + [SALT]:
                    beside.add(name)
        return sorted(beside, key=lambda name: name.encode())

    def loud(self) -> List[Row]:
        """Overrides, voids, and draws from the dice of a fallback, which nobody should miss."""
        loud = []
        for entry in self.entries_of("draw", "override", "void"):
            kind = "fallback" if entry.row["kind"] == "draw" else entry.row["kind"]
            if kind == "fallback" and not self.fell_back(entry.row):
                continue
            signed = ["%s (%s)" % (party["name"], party["role"]) for party in self.hands(entry)[0]]
            loud.append({"kind": kind, "line": entry.line, "reason": entry.row.get("reason", ""), "signed": signed})
        return loud

    def fell_back(self, draw: Row) -> bool:
        """Whether dice decided a draw that a round was to decide."""
        made = self.course.of_counter.get(draw["counter"])
        return made is not None and draw["beacon"]["kind"] == "dice" and made.row["beacon"]["kind"] == "quicknet"

    def notices(self) -> List[Row]:
        """What no claim can say and a reader must know."""
        told = [one for made in self.course.made for one in few_tickets(made.row["tickets"], made.entry.line, "commitment %d" % made.counter)]
        told += self.keys_unproved() + self.not_cosigned() + self.told_of_dice() + Times(self).notices() + self.told_of_days()
        for draw in self.draws():
            if draw.get("rules_off"):
                says = "draw %d was made without rules that are on by default: %s" % (draw["counter"], ", ".join(draw["rules_off"]))
                told.append(notice("rules-off", draw["line"], says))
        told += self.history.notices + Between(self).notices() + self.left_out()
        told += [one for entry in self.entries_of("amend") for one in self.leaver_chosen(entry)]
        return sorted(told, key=lambda one: (NOTICES.index(one["name"]), one.get("line", 0)))

    def keys_unproved(self) -> List[Row]:
        unproved = [party["name"] for party in self.parties() if not party["given"]]
        if not unproved:
            return []
        if len(unproved) == len(self.course.parties):
            return [notice("keys-unproved", 1, "the keys are those of line 1, whoever that is: no file of a party was given to hold them against")]
        return [notice("keys-unproved", 1, "no file was given to hold these keys against: %s" % ", ".join(unproved))]

    def not_cosigned(self) -> List[Row]:
        """The lines behind the last that a cosignature which counts is of."""
        first, last = max((size for size, _, _ in self.heads.all), default=0) + 1, len(self.entries)
        if last < first:
            return []
        lines = "line %d is" % first if first == last else "lines %d to %d are" % (first, last)
        says = "%s not cosigned, as far as these files show: those who sign can still make other lines of them" % lines
        return [notice("not-cosigned", first, says)]

    def told_of_dice(self) -> List[Row]:
        """Draws that rest on the word of those who saw a throw."""
        told = []
        for entry, made in self.draws_made():
            if entry.row["beacon"]["kind"] == "dice":
                hands = self.hands(entry)[0]
                saw = " and ".join("%s (%s)" % (party["name"], party["role"]) for party in hands) or "nobody who can be named"
                alone = "" if any(party["role"] == "auditor" for party in hands) else ", and no auditor among them"
                says = "draw %d rests on dice that nobody is known to have seen but %s%s" % (made.counter, saw, alone)
                told.append(notice("dice", entry.line, says))
        return told

    def told_of_days(self) -> List[Row]:
        """Draws of days on which nobody works, where their inputs say so."""
        told = []
        for entry, made in self.draws_made():
            reader, (first, last) = self.reader(made.counter), (read_day(made.row["from"]), read_day(made.row["to"]))
            if reader and reader.is_whole() and not any(first <= day <= last for day in reader.case.days):
                says = "draw %d is of %s to %s, and no day of these is worked" % (made.counter, made.row["from"], made.row["to"])
                told.append(notice("no-working-day", entry.line, says))
        return told

    def left_out(self) -> List[Row]:
        """Draws that leave out what the record of one before them had."""
        told, had = [], set()
        for entry in self.entries_of("draw"):
            name = "draws/%03d/%s" % (entry.row["counter"], RECORD)
            record = read_record({RECORD: self.files[name]}, Flaws()) if name in self.files else None
            for field, name, says in LEFT_OUT if record else ():
                if field in had and field not in record:
                    told.append(notice(name, entry.line, "draw %d %s" % (entry.row["counter"], says)))
                had |= {field} & {*record}
        return told

    def leaver_chosen(self, entry: Entry) -> List[Row]:
        """An amendment for a conflict between two whose writer chose who of them leaves."""
        number = entry.row["number"]
        name = "%s%03d.json" % (CHANGES, number)
        change = read_change(self.files[name], name, Flaws()) if name in self.files else None
        conflict = change.get("conflict") if change else None
        if not conflict or conflict["target_kind"] != "inspector" or "leaves" in change:
            return []
        says = "change %d is for a conflict between two; whoever wrote it chose who leaves: %s, with %s" % (
            number, conflict["inspector"], conflict["target"])
        return [notice("leaver-chosen", entry.line, says)]

    def hands(self, entry: Entry) -> Tuple[List[Row], List[str]]:
        """The parties who signed a line, and what is wrong with the signatures of others."""
        said, hands, wrong = entry.signed_text(self.course.origin), [], []
        for signed in entry.row.get("signed", []):
            party = self.course.party(signed["name"])
            if party and key_of_party(party) and ed25519_holds(key_of_party(party), said, bytes.fromhex(signed["signature"])):
                hands.append(party)
            else:
                wrong.append("the signature of `%s` is not that of a party" % shortened(signed["name"]))
        return hands, wrong

    # Step 1.

    def check_ledger(self) -> List[Finding]:
        if LEDGER not in self.files:
            return [Finding("missing-file", LEDGER, 0, "there is no ledger")]
        found = list(self.flaws.found)
        if not self.entries and not found:
            found.append(Finding("ledger-order", LEDGER, 0, "the ledger is empty"))
        line, previous = 0, bytes(32)
        for entry in self.entries:
            if entry.line != line + 1 or entry.row["line"] != entry.line or entry.row["previous"] != previous.hex():
                found.append(Finding("ledger-chain", LEDGER, entry.line, "the line does not go on from the one above"))
            line, previous = entry.line, entry.hash()
        return found + [stray for stray in self.course.strays if stray.name == "ledger-order"]

    # Step 2.

    def check_checkpoints(self) -> Tuple[Findings, str]:
        found = self.heads.findings + (Times(self).of_cosignatures() if self.heads.given else [])
        return found, "sound" if self.heads.given else "not-given"

    # Step 3.

    def check_commitments(self) -> Tuple[Findings, str]:
        found = [stray for stray in self.course.strays if stray.name != "ledger-order"] + Times(self).of_commitments()
        if self.course.drawn() and not self.heads.given:
            return found, "not-given"
        for made in self.course.drawn():
            seen = self.heads.first_to_see(made.entry.line)
            if seen is None:
                says = "no auditor cosigned a checkpoint that has commitment %d" % made.counter
                found.append(Finding("commitment-unwitnessed", LEDGER, made.entry.line, says))
            elif not is_before(seen, made.row["beacon"]):
                says = "commitment %d was first cosigned %d seconds after 1970" % (made.counter, seen)
                found.append(Finding("commitment-late", LEDGER, made.entry.line, says))
        return found, "sound"

    # Step 4.

    def check_beacons(self) -> Tuple[Findings, str]:
        found, partly = [], False
        for entry in self.entries_of("draw"):
            made = self.course.of_counter.get(entry.row["counter"])
            wrong = self.wrong_beacon(entry.row["beacon"], made.row) if made else None
            found += [Finding(wrong[0], LEDGER, entry.line, wrong[1])] if wrong else []
            partly |= not self.beacon and entry.row["beacon"]["kind"] == "quicknet"
        return found, "not-given" if partly else "sound"

    def wrong_beacon(self, shown: Row, commit: Row) -> Optional[Wrong]:
        named = commit["beacon"] if shown["kind"] == commit["beacon"]["kind"] else commit.get("fallback")
        same = named and shown["kind"] == named["kind"] and all(shown[name] == named[name] for name in ("round", "faces") if name in shown)
        if not same:
            return "beacon-swapped", "the commitment names another beacon"
        if shown["kind"] == "dice":
            return None if dice_randomness(shown["faces"], shown["throws"]) else ("beacon-forged", "these are no throws of such dice")
        genuine = not self.beacon or round_holds(shown["round"], bytes.fromhex(shown["signature"]))
        return None if genuine else ("beacon-forged", "the round has another signature")

    # Step 5.

    def check_signatures(self) -> Tuple[Findings, str]:
        found = []
        for entry in self.entries:
            if not needs_two(entry.row):
                continue
            hands, wrong = self.hands(entry)
            found += [Finding("signature", LEDGER, entry.line, says) for says in wrong]
            if len({party["name"] for party in hands}) < 2 or all(party["role"] == "planner" for party in hands):
                found.append(Finding("signature-missing", LEDGER, entry.line, "it takes two, not planners alone"))
        return found, "sound"

    # Step 6.

    def check_secrets(self) -> Tuple[Findings, str]:
        shown: Dict[str, List[Nonce]] = {}
        for entry in self.entries_of("disclose"):
            for one in entry.row["nonces"] if entry.row["counter"] in self.course.of_counter else ():
                nonce = Nonce(entry.row["counter"], bytes.fromhex(one["nonce"]), LEDGER, entry.line)
                shown.setdefault(one["name"], []).append(nonce)
        found = self.recorded_nonces(shown)
        for name, nonces in sorted(shown.items()):
            party = self.course.party(name)
            found += self.wrong_nonces(party, nonces) if party else [
                Finding("nonce", nonce.file, nonce.line, "`%s` is no party" % shortened(name)) for nonce in nonces]
        whole = all(made.disclosed or self.records[made.counter] for made in self.course.drawn())
        return found, "sound" if whole else "not-given"

    def recorded_nonces(self, shown: Dict[str, List[Nonce]]) -> List[Finding]:
        """Adds the nonces that records state; what is wrong with them before any is looked at."""
        found = []
        for counter, stated in self.records.items():
            names, file = self.course.of_counter[counter].row["nonces"], "draws/%03d/%s" % (counter, RECORD)
            if stated and len(names) != len(stated["nonces"]):
                found.append(Finding("nonce", file, 0, "the commitment names %d secrets" % len(names)))
            for name, nonce in zip(names, stated["nonces"] if stated else ()):
                if re.fullmatch("[0-9a-f]{64}", nonce):
                    shown.setdefault(name, []).append(Nonce(counter, bytes.fromhex(nonce), file, 0))
                else:
                    found.append(Finding("nonce", file, 0, "the secret of `%s` is not 64 hexadecimal digits" % shortened(name)))
        return found

    def wrong_nonces(self, party: Row, nonces: List[Nonce]) -> List[Finding]:
        """The nonces that do not lead to the last good one, and the first to the anchor."""
        counter, link, found = 0, bytes.fromhex(party["anchor"]), []
        for one in sorted(nonces, key=lambda nonce: nonce.counter):
            steps = one.counter - counter
            if one.nonce == link if steps == 0 else leads_to(party["name"], one.nonce, steps, link):
                counter, link = one.counter, one.nonce
            else:
                says = "this is not the secret of `%s` for draw %d" % (party["name"], one.counter)
                found.append(Finding("nonce", one.file, one.line, says))
            if len(found) > TOLD_MAX:
                break
        return found

    # Step 7.

    def check_frozen(self) -> Tuple[Findings, str]:
        found, missing = [], 0
        for freeze in self.course.freezes:
            folder = "frozen/%03d" % freeze["number"]
            files = below(self.files, folder)
            missing += not files
            says = self.wrong_freeze(freeze, files) if files else None
            if files and says is None:
                self.masters[freeze["number"]] = read_master(files[SALT])
            found += [Finding("inputs-root", folder, 0, says)] if says else []
        return found, "not-given" if missing else "sound"

    def wrong_freeze(self, freeze: Row, files: Files) -> Optional[str]:
        """Why the files are not those of the freeze."""
        missing = [name for name in INPUTS + [SALT] if name not in files]
        master = None if missing else read_master(files[SALT])
        if master is None:
            return "%s is not there, or not as it should be" % (missing + [SALT])[0]
        same = inputs_tree(files, master, "freeze/%d" % freeze["number"]) == Tree(freeze["root"], freeze["leaves"])
        return None if same else "the ledger names another root for freeze %d" % freeze["number"]

    # Step 8.

    def check_records(self) -> Tuple[Findings, str]:
        found, partly = [], False
        for entry in self.entries_of("draw"):
            made = self.course.of_counter.get(entry.row["counter"])
            reader = self.reader(made.counter) if made else None
            if reader:
                verdict = reader.verdict()
                folder = "draws/%03d/" % made.counter
                wrong = verdict.findings + RecordOf(self, entry, made, reader).findings()
                found += [one._replace(file=folder + one.file) for one in wrong]
                partly |= "not-given" in verdict.claims.values() or made.row["freeze"] not in self.masters
                partly |= "bound" in made.row and BOUNDS not in reader.files
            partly |= made is not None and reader is None
        return found, "not-given" if partly else "sound"

    def reader(self, counter: int) -> Optional["Reader"]:
        """The record of a draw, where any of it is there."""
        if counter not in self.readers:
            files = below(self.files, "draws/%03d" % counter)
            self.readers[counter] = Reader(files, self.thorough) if files else None
        return self.readers[counter]

    # Steps 9 to 11.

    def check_amendments(self) -> Tuple[Findings, str]:
        return self.history.amended, "sound" if self.history.amendments == self.history.amendments_seen else "not-given"

    def check_executed(self) -> Tuple[Findings, str]:
        return self.history.executed, "sound" if self.history.days == self.history.days_seen else "not-given"


def rules_off(case: Case) -> List[str]:
    """Rules that the policy turned off although they are on by default."""
    return [name for name, parameters in RULES.items() if parameters["enabled"].default and not case.rules[name]["enabled"]]


def whole_lines(data: bytes) -> List[bytes]:
    """The lines that end; the last of a copy may be torn."""
    return data.split(b"\n")[:-1]


CLOCK, DAY, LONG = 600, 86400, 86400


class Times:
    """The times that cosignatures state and commitments name, held against one another."""

    def __init__(self, ceremony: Ceremony) -> None:
        self.ceremony, self.heads, self.course = ceremony, ceremony.heads, ceremony.course

    def seen(self) -> Iterator[Tuple[int, str, int, Optional[Tuple[int, int]], bool]]:
        """Each cosignature with the round that came after it though it stands in its lines, and whether its auditor saw fewer lines later."""
        draws = [(entry.line, entry.row["beacon"].get("round", 0)) for entry in self.ceremony.entries_of("draw")]
        at, last, latest = 0, 0, {}
        for size, same in itertools.groupby(self.heads.all, key=lambda one: one[0]):
            while at < len(draws) and draws[at][0] <= size:
                at, last = at + 1, max(last, draws[at][1])
            here = list(same)
            for _, name, time in here:
                by = time_of_round(last) - time if last else 0
                yield size, name, time, (last, by) if by > 0 else None, latest.get(name, time) > time
            for _, name, time in here:
                latest[name] = max(latest.get(name, time), time)

    def of_cosignatures(self) -> List[Finding]:
        found = []
        for size, name, time, ahead, back in self.seen():
            file = "%s%06d.note" % (CHECKPOINTS, size)
            if time < time_of_round(1) - DAY or ahead and ahead[1] > CLOCK:
                found.append(Finding("cosigned-early", file, 0, "`%s` states %s" % (name, utc(time))))
            if back:
                found.append(Finding("cosigned-back", file, 0, "`%s` saw fewer lines after %s" % (name, utc(time))))
        return found

    def of_commitments(self) -> List[Finding]:
        late = [made for made in self.course.made if (self.decided(made) or 0) >= over_everywhere(made.row["from"])]
        return [Finding("decided-late", LEDGER, made.entry.line, "its first day was over by then") for made in late]

    def notices(self) -> List[Row]:
        told = []
        for size, name, _, ahead, _ in self.seen():
            if ahead and ahead[1] <= CLOCK:
                says = "`%s` cosigned these lines %d seconds before round %d, which stands in them: a clock is slow" % (name, ahead[1], ahead[0])
                told.append(notice("slow-clock", size, says))
        for made in self.course.made:
            told += self.day_begun(made)
        for entry, made in self.ceremony.draws_made():
            told += self.drawn_unseen(entry, made)
        return told + self.left_open()

    def day_begun(self, made: Made) -> List[Row]:
        when, first = self.decided(made), made.row["from"]
        begun, over = noon(first), over_everywhere(first)
        if when is None or not begun <= when < over:
            return []
        says = "commitment %d is decided on %s, %d seconds after its first day %s had begun everywhere" % (made.counter, utc(when), when - begun, first)
        return [notice("day-begun", made.entry.line, says)]

    def drawn_unseen(self, entry: Entry, made: Made) -> List[Row]:
        seen, last = self.heads.first_to_see(entry.line), made.row["to"]
        over = over_everywhere(last)
        if seen is None or seen < over:
            return []
        says = "draw %d was first cosigned on %s, %d seconds after its last day %s was over; nobody shows that it was made before" % (
            made.counter, utc(seen), seen - over, last)
        return [notice("drawn-unseen", entry.line, says)]

    def left_open(self) -> List[Row]:
        made = self.course.made[-1] if self.course.made else None
        when = self.decided(made) if made and made.ending == "open" else None
        now = max((time for _, _, time in self.heads.all), default=None)
        if when is None or now is None or now - when <= LONG:
            return []
        says = "commitment %d was still open at %s, %d seconds after its beacon" % (made.counter, utc(now), now - when)
        return [notice("left-open", made.entry.line, says)]

    def decided(self, made: Made) -> Optional[int]:
        """When what decides a commitment is known; dice are taken to be thrown at the beginning of their day, in UTC."""
        beacon = made.row["beacon"]
        if beacon["kind"] == "dice":
            return read_day(beacon["date"]) * 86400
        return time_of_round(beacon["round"]) if beacon["round"] >= 1 else None


def noon(date: str) -> int:
    """When a day has begun everywhere: the last zone is twelve hours behind UTC."""
    return read_day(date) * 86400 + 43200


def over_everywhere(date: str) -> int:
    return noon(date) + 86400


def below(files: Files, folder: str) -> Files:
    """The files in a folder, by their names there."""
    return {name[len(folder) + 1:]: data for name, data in files.items() if name.startswith(folder + "/")}


class RecordOf:
    """The record of a draw, beside what the ledger says of it."""

    def __init__(self, ceremony: Ceremony, entry: Entry, made: Made, reader: Reader) -> None:
        self.ceremony, self.draw, self.made, self.commit, self.reader = ceremony, entry.row, made, made.row, reader

    def findings(self) -> List[Finding]:
        wrong = (self.of_record(self.reader.record) if self.reader.record else []) + self.of_urn()
        master = self.ceremony.masters.get(self.commit["freeze"])
        wrong += (self.of_salted(master) if master else []) + self.of_held()
        return [Finding(name, file, 0, "it is not what the ledger has for draw %d" % self.made.counter) for name, file in wrong]

    def of_record(self, record: Row) -> List[Wrong]:
        said, commit = record.get("ceremony"), self.commit
        if said is None:
            wrong = [("record-of-another", RECORD)]
        else:
            stated = said["counter"], said["commit"], said["from"], said["to"], record["builder"]
            named = self.made.counter, self.made.entry.hash().hex(), commit["from"], commit["to"], commit["builder"]
            cases = [freeze["case"] for freeze in self.ceremony.course.freezes if freeze["number"] == commit["freeze"]][:1]
            wrong = [("record-of-another", RECORD)] if stated != named or cases and cases[0] != record["case"] else []
            seed = self.seed(said["nonces"])
            wrong += [("seed-of-ceremony", RECORD)] if seed is not None and seed != record["seed"] else []
        counts = record["counts"]
        same = (counts["staffed"], counts["seats"]) == (self.draw["staffed"], self.draw["seats"])
        return wrong + ([] if same else [("draw-counts", RECORD)])

    def seed(self, nonces: List[str]) -> Optional[str]:
        """The seed that the commitment, its beacon and these secrets give; none where one of them can't be read."""
        beacon = self.draw["beacon"]
        quicknet = beacon["kind"] == "quicknet"
        randomness = H(bytes.fromhex(beacon["signature"])) if quicknet else dice_randomness(beacon["faces"], beacon["throws"])
        pairs = list(zip(self.commit["nonces"], nonces))
        if randomness is None or not all(re.fullmatch("[0-9a-f]{64}", nonce) for _, nonce in pairs):
            return None
        parts = [part for name, nonce in pairs for part in (name.encode(), bytes.fromhex(nonce))]
        return H(LP(b"foureyes/v1/ceremony", self.made.entry.hash(), beacon["kind"].encode(), randomness, *parts)).hex()

    def of_urn(self) -> List[Wrong]:
        if not self.reader.stage_lines:
            return []
        line, commit = self.reader.stage_lines[0][1], self.commit
        same = (line["root"], line["tickets"]) == (commit.get("urn", line["root"]), commit["tickets"])
        wrong = [] if same else [("urn-committed", "urns/%03d.urn" % self.made.counter)]
        worst = line["worst"]["n"] if "worst" in line else 0
        wrong += [] if worst == commit["worst"] else [("odds-committed", STAGES)]
        proved = self.bound()
        return wrong + ([] if proved is None or commit.get("bound", proved) == proved else [("odds-committed", BOUNDS)])

    def bound(self) -> Optional[int]:
        """What no lottery could beat, as the record states of the stage with the worst odds."""
        if self.reader.stages is None:
            return None
        line = max((row for _, row in self.reader.stage_lines), key=lambda row: row["worst"]["n"] if "worst" in row else 0)
        stated = (row["odds"] for _, row in self.reader.bounds if row["stage"] == line["stage"] and "worst" in line)
        return next(stated, None)

    def of_held(self) -> List[Wrong]:
        """Whether what was fixed is what the draws and changes before the commitment left."""
        history, counter = self.ceremony.history, self.made.counter
        held, past = history.at_commit.get(counter), next((draw for draw in history.draws if draw.counter == counter), None)
        if held is None or past is None or self.reader.files.get(FIXED) == schedule_lines(past.case, held.schedule(past.case)):
            return []
        return [("fixed-held", FIXED)]

    def of_salted(self, master: bytes) -> List[Wrong]:
        """What the ledger has of the record's files, salted."""
        scope, files = "draw/%d" % self.made.counter, self.reader.files
        def digest(what: str, file: str) -> str:
            return H(LP(b"foureyes/v1/" + what.encode(), salt_of(master, scope, what, ""), files.get(file, b""))).hex()
        frozen = below(self.ceremony.files, "frozen/%03d" % self.commit["freeze"])
        holds = [
            ("fixed-committed", FIXED, digest("fixed", FIXED) == self.commit["fixed"]),
            ("record-drawn", RECORD, digest("record", RECORD) == self.draw["record"]),
            ("schedule-drawn", SCHEDULE, schedule_tree(files.get(SCHEDULE, b""), master, scope) == Tree(self.draw["root"], self.draw["leaves"])),
            ("urn-committed", "urns/%03d.urn" % self.made.counter, self.is_urn_salted(master, scope)),
            ("record-inputs", INPUTS[0], all(files.get(name) == frozen.get(name) for name in INPUTS)),
        ]
        return [(name, file) for name, file, same in holds if not same]


    def is_urn_salted(self, master: bytes, scope: str) -> bool:
        """Whether the root is the one whose salted digest was committed to, where one was."""
        if "urn_salted" not in self.commit or not self.reader.stage_lines:
            return True
        root = self.reader.stage_lines[0][1]["root"]
        salted = H(LP(b"foureyes/v1/urn", salt_of(master, scope, "urn", ""), bytes.fromhex(root))) if re.fullmatch("[0-9a-f]{64}", root) else b""
        return salted.hex() == self.commit["urn_salted"]


# ---- DRAW.md 16. Changes ---------------------------------------------------------------------------------------------------------

Team = List[str]
TEAM = list_of(text)
CHANGE_LINE = row_of({
    "absence": may(row_of({"from": must(day), "inspector": must(text), "to": must(day)})), "cancelled": may(text),
    "conflict": may(LINES[CONFLICTS]), "date": may(day), "evidence": may(text),
    "held": may(list_of(row_of({"team": many(text), "visit": must(text)}))),
    "leaves": may(text),
    "moves": many(row_of({
        "by": may(text), "date": must(day), "for": must(text), "from": must(text), "level": may(LARGE),
        "passed": many(row_of({"inspector": may(text), "level": may(LARGE), "rules": many(text), "team": many(text)})),
        "team": many(text), "visits": must(TEAM),
    })),
    "restored": may(text), "salt": must(DIGEST), "withdrawn": may(LINES[CONFLICTS]),
    "teams": may(list_of(row_of({"date": may(day), "slot": may(text), "team": many(text), "visit": must(text)}))),
})


def read_change(data: bytes, name: str, flaws: Flaws) -> Optional[Row]:
    """A change with its `kind`; none where it can't be read."""
    rows = lines_of(data, name, CHANGE_LINE, flaws)
    if len(rows) > 1:
        flaws.add("repeated", name, rows[1][0], "a change is one line")
    if not data:
        flaws.add("blank-line", name, 0, "the file is empty")
    return ChangeCheck(name, flaws).kinded(rows[0][1]) if rows else None


class ChangeCheck:
    """Whether a change says what one kind of change says."""

    def __init__(self, name: str, flaws: Flaws) -> None:
        self.name, self.flaws = name, flaws

    def wrong(self, name: str, says: str) -> None:
        self.flaws.add(name, self.name, 1, says)

    def in_order(self, values: Sequence[Any]) -> None:
        if not ascending(values):
            self.wrong("order", "a list is not in order, or something stands there twice")

    def kinded(self, row: Row) -> Optional[Row]:
        if "leaves" in row and row.get("conflict", {}).get("target_kind") != "inspector":
            self.wrong("malformed", "only of a conflict between two inspectors it is said who leaves")
            return None
        if row.get("leaves", DRAWN) != DRAWN:
            self.wrong("bad-value", "who leaves can only be drawn")
        moves = row.get("moves", [])
        for move in moves:
            if not self.is_of_level(move):
                self.wrong("malformed", "a move does not say what a move of its level does")
                return None
            if not all(self.team(one) for one in [*move.get("passed", []), move]):
                return None
            self.in_order(move["visits"])
            if not move["visits"]:
                self.wrong("bad-value", "a move has no visits")
            for passed in move.get("passed", []):
                self.in_order(passed.get("rules", []))
        alone = [[move["visits"][0]] if "level" in move else [] for move in moves]
        self.in_order([(read_day(move["date"]), move["for"], visit) for move, visit in zip(moves, alone)])
        fields = set(row) - {"leaves", "salt", "moves"}
        causes = fields & set(CAUSES)
        if len(causes) == 1 and fields == causes | {"evidence"}:
            return self.amend(row, causes.pop())
        if fields == {"evidence", "teams"} and not moves:
            return self.override(row)
        if fields == {"date", "held"} and not moves:
            self_held = all(self.team(went) for went in row["held"])
            if self_held:
                self.in_order([went["visit"] for went in row["held"]])
            return {**row, "kind": "executed"} if self_held else None
        self.wrong("malformed", "a change is an amendment, an override or an execution, with the fields of one of them")
        return None

    @staticmethod
    def is_of_level(move: Row) -> bool:
        """Whether a move is of a seat on all its visits, or of one visit: at level 2 by somebody, at level 3 by a team or by nobody."""
        level, passed = move.get("level", 1), move.get("passed", [])
        says = {1: "team" not in move, 2: "by" in move and "team" not in move, 3: "by" not in move}
        is_said = ("level" in move) == (level != 1) and says.get(level, False) and (level == 1 or len(move["visits"]) == 1)
        levels = all(("level" in one) == (one.get("level", 1) != 1) and one.get("level", 1) in range(1, level + 1) for one in passed)
        return is_said and levels and all(("team" in one) == (one.get("level", 1) == 3) != ("inspector" in one) for one in passed)

    def amend(self, row: Row, cause: str) -> Optional[Row]:
        if cause == "absence" and row["absence"]["from"] > row["absence"]["to"]:
            self.wrong("bad-value", "the absence ends before it starts")
        if cause in ("cancelled", "restored", "withdrawn") and row.get("moves"):
            self.wrong("malformed", "nobody moves where a visit is cancelled or restored, or a conflict withdrawn")
            return None
        self.said(row["evidence"])
        return {**row, "kind": "amend", "why": cause}

    def override(self, row: Row) -> Optional[Row]:
        for given in row["teams"]:
            if not self.team(given):
                return None
            if not {"date", "slot", "team"} <= set(given) and set(given) != {"visit"}:
                self.wrong("malformed", "a visit has a day, a slot and a team, or none of them")
                return None
        self.in_order([given["visit"] for given in row["teams"]])
        if not row["teams"]:
            self.wrong("bad-value", "an override sets nothing")
        self.said(row["evidence"])
        return {**row, "kind": "override"}

    def said(self, evidence: str) -> None:
        if is_blank(evidence):
            self.wrong("bad-value", "the evidence is blank")

    def team(self, row: Row) -> bool:
        team = row.get("team", [])
        if len(team) > TEAM_MAX:
            self.wrong("team-size", "%d people on one visit" % len(team))
            return False
        self.in_order(team)
        return True


def last_day(conflict: Row, rule: Row) -> Optional[int]:
    """The last day on which a conflict excludes, by what a policy says of it; none where it has no end."""
    category, end = conflict.get("category"), conflict.get("to")
    if category is None or end is None or folded(category) in map(folded, rule["endless"]):
        return None
    cools = folded(category) not in map(folded, rule["no_cooling"])
    return months_after(end, rule["cooling_months"]) if cools else end


class HeldVisit(NamedTuple):
    """A visit that is held, by the words of people: ids and slots differ in place from freeze to freeze."""

    day: int
    slot: str
    seats: Dict[str, str]  # by who goes: for whom the seat was drawn


def held_by(day: int, slot: str, team: Iterable[str], before: Optional[HeldVisit] = None) -> HeldVisit:
    """Whoever went on the visit on that day already keeps their seat."""
    seats = before.seats if before and before.day == day else {}
    return HeldVisit(day, slot, {who: seats.get(who, who) for who in team})


def taken_over(held: HeldVisit, team: Sequence[str]) -> HeldVisit:
    """Another whole team, in the seats that were there, in the order of those for whom they were drawn; who has none is there for themselves."""
    members = sorted(held.seats.values())
    return held._replace(seats={who: members[at] if at < len(members) else who for at, who in enumerate(team)})


class Off(NamedTuple):
    """A visit that was held and was taken off, and how many draws there were before."""

    visit: HeldVisit
    draws: int


class PastRow(NamedTuple):
    """A visit that was made, as far as rules look back at it; `people` in order, those among them whom no roster has."""

    day: int
    place: str
    people: Tuple[str, ...]

    def says(self) -> str:
        return "%s on %s by %s" % (self.place, spelled_day(self.day), " and ".join(self.people) or "nobody")


def past_row(row: Row) -> PastRow:
    return PastRow(row["date"], row["establishment"], tuple(sorted({*row.get("team", []), *row.get("others", [])}, key=str.encode)))


def spelled_conflict(conflict: Row) -> str:
    """The line of a conflict whose days are numbers."""
    days = ("from", "to", "declared_on")
    return spelled({name: spelled_day(value) if name in days else value for name, value in conflict.items()})


class HeldState:
    """What is held, and what was declared."""

    def __init__(self) -> None:
        self.visits: Dict[str, HeldVisit] = {}
        self.cancelled: Dict[str, Off] = {}
        self.dropped: Dict[str, Off] = {}  # taken off by an override
        self.over: Dict[str, Off] = {}  # either of these, on a day that is over
        self.executed: Set[int] = set()
        self.absences: List[Row] = []
        self.conflicts: List[Row] = []
        self.draws = 0
        self.known: Dict[str, Row] = {}  # the conflicts that draws were made with, by their line
        self.withdrawn: Set[str] = set()
        self.went: List[Tuple[int, str, Team, int]] = []  # day, visit, team, and how many draws there were before

    def copy(self) -> "HeldState":
        other = HeldState()
        other.visits, other.cancelled, other.executed = dict(self.visits), dict(self.cancelled), set(self.executed)
        other.over = dict(self.over)
        other.absences, other.conflicts, other.dropped = list(self.absences), list(self.conflicts), dict(self.dropped)
        other.draws, other.known, other.withdrawn, other.went = self.draws, dict(self.known), set(self.withdrawn), list(self.went)
        return other

    def stands(self, conflict: Row) -> bool:
        """Whether a draw was made with the conflict, or an amendment declared it, and nothing withdrew it."""
        line = spelled_conflict(conflict)
        return line in self.known or line in map(spelled_conflict, self.conflicts)

    def rows(self, draws: List["PastDraw"]) -> Iterator[Tuple[str, PastRow]]:
        """Who went where on days that were executed."""
        for day, visit, team, before in self.went:
            had = [past.case for past in draws[:before] if visit in past.case.visits]
            if had:
                yield visit, PastRow(day, had[-1].visits[visit]["establishment"], tuple(team))

    def draw(self, past: "PastDraw") -> None:
        for visit, held in past.schedule.items():
            if visit not in past.before:
                self.cancelled.pop(visit, None)
                self.dropped.pop(visit, None)
                self.over.pop(visit, None)
                self.visits[visit] = held_by(held.day, past.case.slots[held.slot], held.team)
        self.draws += 1
        for conflict in past.case.conflicts:
            line = spelled_conflict(conflict)
            if line not in self.withdrawn:
                self.known.setdefault(line, conflict)

    def declare(self, change: Row) -> None:
        why = change["why"]
        if why == "absence":
            self.absences.append(with_days(change["absence"]))
        elif why == "conflict":
            self.conflicts.append(with_days(change["conflict"]))
            self.withdrawn.discard(spelled_conflict(self.conflicts[-1]))
        elif why == "withdrawn":
            line = spelled_conflict(with_days(change["withdrawn"]))
            self.conflicts = [one for one in self.conflicts if spelled_conflict(one) != line]
            self.known.pop(line, None)
            self.withdrawn.add(line)
        elif why == "cancelled":
            visit = self.visits.get(change["cancelled"])
            if visit and visit.day not in self.executed:
                self.cancelled[change["cancelled"]] = Off(self.visits.pop(change["cancelled"]), self.draws)
        elif change["restored"] in self.cancelled:
            self.visits[change["restored"]] = self.cancelled.pop(change["restored"]).visit

    def change(self, change: Row) -> None:
        """Takes a change as it is stated."""
        if change["kind"] == "amend":
            self.declare(change)
            for move in change.get("moves", []):
                self.move(move)
        elif change["kind"] == "override":
            for given in change["teams"]:
                self.cancelled.pop(given["visit"], None)
                before = self.visits.pop(given["visit"], None)
                if "date" in given:
                    self.visits[given["visit"]] = held_by(read_day(given["date"]), given["slot"], given["team"], before)
                    self.dropped.pop(given["visit"], None)
                    self.over.pop(given["visit"], None)
                elif before and before.day not in self.executed:
                    self.dropped[given["visit"]] = Off(before, self.draws)
        else:
            self.execute(read_day(change["date"]), change["held"])

    def move(self, move: Row) -> None:
        for visit in move["visits"] if read_day(move["date"]) not in self.executed else ():
            held = self.visits.get(visit)
            if held is None or held.day != read_day(move["date"]) or move["from"] not in held.seats:
                continue
            seats = {who: member for who, member in held.seats.items() if who != move["from"]}
            if move.get("team"):
                self.visits[visit] = taken_over(held, move["team"])
            elif move.get("by") is None or move["by"] in seats:
                del self.visits[visit]
            else:
                self.visits[visit] = held._replace(seats={**seats, move["by"]: move["for"]})

    def execute(self, day: int, told: List[Row]) -> None:
        for went in told:
            before = self.visits.get(went["visit"])
            if before is None or before.day != day:
                continue
            if went.get("team"):
                self.visits[went["visit"]] = held_by(day, before.slot, went["team"], before)
                if day not in self.executed:
                    self.went.append((day, went["visit"], went["team"], self.draws))
            else:
                del self.visits[went["visit"]]
        self.executed.add(day)
        self.over.update({visit: off for off_of in (self.cancelled, self.dropped) for visit, off in off_of.items() if off.visit.day == day})
        self.cancelled = {visit: off for visit, off in self.cancelled.items() if off.visit.day != day}
        self.dropped = {visit: off for visit, off in self.dropped.items() if off.visit.day != day}

    def on(self, day: int) -> Dict[str, Team]:
        return {visit: sorted(held.seats) for visit, held in sorted(self.visits.items()) if held.day == day}

    def schedule(self, case: Case) -> Schedule:
        """What is held, as far as these inputs have it."""
        found = {}
        for visit, held in self.visits.items():
            inside = visit in case.visits and held.slot in case.slots and case.first <= held.day <= case.last
            if inside and set(held.seats) <= set(case.people) and 1 <= len(held.seats) <= TEAM_MAX:
                found[visit] = Held(held.day, case.slots.index(held.slot), tuple(sorted(held.seats)))
        return found

    def declared(self, case: Case) -> Case:
        """The inputs, with all that was declared, as far as they have the people and places."""
        more = copy.copy(case)
        # Only seats of the days themselves change hands: it names every slot, and closes nothing on the evening before.
        whole = list(range(len(case.slots)))
        more.absences = case.absences + [{**one, "slots": whole} for one in self.absences if one["inspector"] in case.people]
        more.conflicts = case.conflicts + [one for one in self.conflicts if knows(case, one)]
        return more


def knows(case: Case, conflict: Row) -> bool:
    """Whether the inputs have those whom a conflict is about."""
    among = {"establishment": case.places, "inspector": case.people}.get(conflict["target_kind"], {conflict["target"]: {}})
    return conflict["inspector"] in case.people and conflict["target"] in among


class PastDraw:
    """A draw, as changes look back at it."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.case, self.rules = reader, reader.case, reader.rules
        self.counter, self.first, self.last = reader.course()[0]
        self.schedule, self.before = reader.published.schedule, reader.before
        self.stand_ins: Optional[StandIns] = None

    def is_its_period(self, day: int) -> bool:
        return self.case.first <= day <= self.case.last

    def judges(self, day: int, visits: Iterable[str]) -> bool:
        return self.is_its_period(day) and all(visit in self.case.visits for visit in visits)

    def served(self, day: int, member: str) -> List[str]:
        """The visits that the member serves on a day that was drawn."""
        there = self.schedule.items() if self.first <= day <= self.last else ()
        return sorted(visit for visit, held in there if held.day == day and member in held.team)

    def order(self, day: int, member: str) -> List[str]:
        """Everybody who may step in for the member, in the order of section 7, not cut."""
        if self.stand_ins is None:
            self.stand_ins = StandIns(self.case, self.rules, self.schedule, self.reader.excused, self.reader.thorough)
            self.holds = self.reader.check_rules() == []
        may = self.stand_ins.may_step_in(day, member, self.served(day, member)) if self.holds else []
        words = Words(key_of(self.reader.root, "reserve", "%d/%s/%s" % (self.counter, spelled_day(day), member)))
        return words.shuffle(may)

    @property
    def has_levels(self) -> bool:
        return self.reader.record.get("levels") == LEVELS

    def orders_on(self, day: int, member: str, visit: str) -> Tuple[List[str], List[Tuple[str, ...]]]:
        """Everybody who may step in on one visit alone, and every team that may go instead, in the orders of section 7, not cut."""
        visits = self.served(day, member)
        if visit not in visits or not self.holds:
            return [], []
        asked = OnVisit(self.stand_ins, self.reader.root, self.counter, day, member)
        return asked.with_open(visits, lambda: (asked.people(visit), asked.teams(visit)))


class Refused(Exception):
    """An amendment can't be; the name of the finding."""


class Amending:
    """What an amendment does, made from nothing: whose seats fall vacant, and who steps in."""

    def __init__(self, draws: List[PastDraw], held: HeldState, change: Row) -> None:
        self.draws, self.before, self.cause, self.last = draws, held, change, draws[-1].case
        self.held = held.copy()
        self.held.declare(change)
        self.judging: Dict[int, Rules] = {}

    def moves(self) -> List[Row]:
        why = self.cause["why"]
        if why == "cancelled":
            self.may_cancel(self.cause["cancelled"])
            return []
        if why == "restored":
            self.may_restore(self.cause["restored"])
            return []
        if why == "withdrawn":
            if not self.before.stands(with_days(self.cause["withdrawn"])):
                raise Refused("amended-otherwise")
            return []
        who = self.cause[why]["inspector"]
        if who not in self.last.people and not any(who in held.seats for held in self.before.visits.values()):
            raise Refused("amended-otherwise")
        days = self.absent_days() if why == "absence" else self.days_of_conflict(with_days(self.cause["conflict"]))
        if "leaves" in self.cause:
            who = self.leaver(min(days, default=None), who, self.cause["conflict"]["target"])
        vacant: Dict[Tuple[int, str], List[str]] = {}
        for visit, held in sorted(self.before.visits.items()):
            if held.day in days and held.day not in self.before.executed and who in held.seats:
                vacant.setdefault((held.day, held.seats[who]), []).append(visit)
        if not vacant:
            raise Refused("amended-otherwise")
        return self.fill(who, vacant)

    def may_cancel(self, visit: str) -> None:
        if visit not in self.before.visits:
            raise Refused("amended-otherwise")
        if self.before.visits[visit].day in self.before.executed:
            raise Refused("late-absence")

    def may_restore(self, visit: str) -> None:
        off = self.before.cancelled.get(visit)
        held = off.visit if off else None
        judge = self.judge(held.day, [visit]) if held else None
        if judge is None:
            raise Refused("amended-otherwise")
        rules = self.rules_of(judge)
        after = self.held.schedule(rules.case)
        new = self.broken(rules, after) - self.broken(rules, self.before.schedule(rules.case))
        if visit not in after or new:
            raise Refused("amended-otherwise")

    def judge(self, day: int, visits: List[str]) -> Optional[int]:
        """Whose inputs rules are asked under: those of the last draw that has the day in its period, and the visits."""
        return next((at for at in reversed(range(len(self.draws))) if self.draws[at].judges(day, visits)), None)

    def rules_of(self, judge: int) -> Rules:
        """The rules under the inputs of a draw, with all that was declared so far."""
        if judge not in self.judging:
            self.judging[judge] = Rules(self.held.declared(self.draws[judge].case))
        return self.judging[judge]

    @staticmethod
    def broken(rules: Rules, schedule: Schedule) -> Set[Broken]:
        return set(rules.broken(Board(schedule)))

    # Whose seats.

    def absent_days(self) -> range:
        absence = with_days(self.cause["absence"])
        days = range(absence["from"], absence["to"] + 1)
        if not days:
            raise Refused("amended-otherwise")
        if any(held.day in days and held.day in self.before.executed and absence["inspector"] in held.seats for held in self.before.visits.values()):
            raise Refused("late-absence")
        return days

    def days_of_conflict(self, conflict: Row) -> Set[int]:
        """Days on which the person goes on a visit that the conflict names."""
        kind, target = conflict["target_kind"], conflict["target"]
        there = {"establishment": set(self.last.places), "inspector": set(self.last.people) - {conflict["inspector"]}}.get(kind)
        if target not in (there if there is not None else {place.get(kind) for place in self.last.places.values()}):
            raise Refused("amended-otherwise")
        named = [(at, visit) for at, draw in enumerate(self.draws) for visit in self.named(draw, conflict)]
        days = [(at, visit, self.before.visits[visit].day) for at, visit in named]
        return {day for at, visit, day in days if self.judge(day, [visit]) == at}

    def leaver(self, first: Optional[int], one: str, other: str) -> str:
        """Which of two leaves, by the words of the last draw that has the first of their common days."""
        has_day = (draw for draw in reversed(self.draws) if first is not None and draw.first <= first <= draw.last)
        root, both = next(has_day, self.draws[-1]).reader.root, "|".join(sorted((one, other)))
        return max(one, other, key=lambda who: key_of(root, "leave", "%s|%s" % (both, who)))

    def named(self, draw: PastDraw, conflict: Row) -> Set[str]:
        """Visits of a violation that is there with this conflict and no other, and not without it."""
        if not knows(draw.case, conflict):
            return set()
        schedule = {visit: held for visit, held in self.before.schedule(draw.case).items()
                    if conflict["inspector"] in held.team and held.day not in self.before.executed}
        alone, none = copy.copy(draw.case), copy.copy(draw.case)
        alone.conflicts, none.conflicts = [conflict], []
        return {visit for _, visit, _ in self.broken(Rules(alone), schedule) - self.broken(Rules(none), schedule)}

    # Who steps in.

    def fill(self, who: str, vacant: Dict[Tuple[int, str], List[str]]) -> List[Row]:
        moves = []
        for day, seats in itertools.groupby(sorted(vacant), lambda seat: seat[0]):
            members = [member for _, member in seats]
            waiting = {visit: self.held.visits.pop(visit) for member in members for visit in vacant[day, member]}
            for member in members:
                moves += self.seat(day, member, who, {visit: self.without(waiting[visit], who) for visit in vacant[day, member]})
        return moves

    def seat(self, day: int, member: str, leaves: str, open: Dict[str, HeldVisit]) -> List[Row]:
        """Fills one seat: on all its visits, or where nobody can and the draw's reserves have levels, on one after the other."""
        move = {"date": spelled_day(day), "for": member, "from": leaves}
        judge = self.judge(day, list(open))
        drawn = next((draw for draw in reversed(self.draws) if draw.served(day, member)), None)
        if judge is None or drawn is None:
            return [{**move, "visits": list(open)}]
        rules = self.rules_of(judge)
        there = {leaves, *(who for held in open.values() for who in held.seats)}
        by, passed = self.first(rules, open, [(who,) for who in drawn.order(day, member)], lambda asked: asked[0] in there, member)
        if by or not drawn.has_levels:
            return [filled({**move, "visits": list(open)}, 1, by, passed)]
        moves = []
        for visit, held in open.items():
            people, teams = drawn.orders_on(day, member, visit)
            there, level = {leaves, *held.seats}, 2
            by, more = self.first(rules, {visit: held}, [(who,) for who in people], lambda asked: asked[0] in there, member)
            passed += [{**one, "level": 2} for one in more]
            if not by:
                level = 3
                whole = held._replace(seats={**held.seats, leaves: member})
                by, more = self.first(rules, {visit: whole}, teams, lambda asked: leaves in asked, None)
                passed += [{**one, "level": 3} for one in more]
            moves.append(filled({**move, "visits": [visit]}, level, by, passed))
            passed = []
        return moves

    def first(self, rules: Rules, open: Dict[str, HeldVisit], order: Sequence[Tuple[str, ...]], is_out: Callable[[Tuple[str, ...]], bool],
              member: Optional[str]) -> Tuple[Optional[Tuple[str, ...]], List[Row]]:
        """The first in the order with whom nothing is broken that is not broken without these visits, and who was passed. They are put in: beside those
        who stay in the seat of `member`, or as the whole team where there is no member."""
        schedule = self.held.schedule(rules.case)
        broken = self.broken(rules, schedule)
        passed: List[Row] = []
        for asked in order:
            def seated(held: HeldVisit) -> HeldVisit:
                return held._replace(seats={**held.seats, asked[0]: member}) if member is not None else taken_over(held, asked)
            after = {visit: seated(held) for visit, held in open.items()}
            new = None if is_out(asked) else self.with_them(rules, schedule, after)
            if new is not None and new <= broken:
                self.held.visits.update(after)
                return asked, passed
            names = sorted({rule for rule, _, _ in new - broken}) if new is not None else []
            who = {"inspector": asked[0]} if member is not None else {"team": list(asked)}
            passed.append({**who, "rules": names} if names else who)
        return None, passed

    @staticmethod
    def without(held: HeldVisit, who: str) -> HeldVisit:
        return held._replace(seats={one: member for one, member in held.seats.items() if one != who})

    def with_them(self, rules: Rules, schedule: Schedule, after: Dict[str, HeldVisit]) -> Optional[Set[Broken]]:
        """What is broken with these visits; none where the inputs don't have everybody on them."""
        tried = HeldState()
        tried.visits = after
        more = tried.schedule(rules.case)
        return self.broken(rules, {**schedule, **more}) if set(more) == set(after) else None


def filled(move: Row, level: int, by: Optional[Tuple[str, ...]], passed: List[Row]) -> Row:
    """A move with who steps in, at which level, and who was passed over."""
    who: Row = {} if not by else {"team": list(by)} if level == 3 else {"by": by[0]}
    return {**move, **who, **({"level": level} if level > 1 else {}), **({"passed": passed} if passed else {})}


class History:
    """Draws and changes, walked through once, each change held against what follows from all before it.

    A change is taken as it is stated, so that one that is wrong is told once.
    """

    def __init__(self, ceremony: Ceremony) -> None:
        self.ceremony, self.held, self.known = ceremony, HeldState(), True
        self.draws: List[PastDraw] = []
        self.at_commit: Dict[int, HeldState] = {}
        self.amended: List[Finding] = []
        self.executed: List[Finding] = []
        self.amendments = self.amendments_seen = self.days = self.days_seen = 0
        self.notices: List[Row] = []
        self.told: Set[Tuple[str, str]] = set()  # facts of notices, each told once
        self.drawn: Dict[str, int] = {}  # visits that were drawn or given by hand, with the line that did it first
        for entry in ceremony.entries:
            kind = entry.row["kind"]
            if kind == "commit" and self.known:
                self.at_commit.setdefault(entry.row["counter"], self.held.copy())
            elif kind == "draw":
                self.draw(entry)
            elif kind in ("amend", "override", "executed"):
                self.change(entry)

    def draw(self, entry: Entry) -> None:
        counter = entry.row["counter"]
        reader = self.ceremony.reader(counter)
        if reader is None or not reader.is_whole():
            self.known = False
            return
        past = PastDraw(reader)
        if past.counter in self.at_commit:
            held = self.at_commit[past.counter]
            self.amended += [Finding(name, LEDGER, entry.line, says) for name, says in forgotten(held, self.draws, past)]
            made = self.ceremony.course.of_counter.get(counter)
            if made:
                self.carried(entry.line, made.row["freeze"], held, past)
        self.drawn = {**{visit: entry.line for visit in past.schedule if visit not in past.before}, **self.drawn}
        if self.known:
            self.held.draw(past)
        self.draws.append(past)

    def change(self, entry: Entry) -> None:
        row, executed = entry.row, entry.row["kind"] == "executed"
        self.days, self.amendments = self.days + executed, self.amendments + (not executed)
        name = "%s%03d.json" % (CHANGES, row["number"])
        data = self.ceremony.files.get(name)
        if data is None:
            self.told_of_change(entry, None)
            self.known = False
            return
        found = [] if H(data).hex() == row["change"] else [Finding("change-digest", name, 0, "the ledger names another change")]
        flaws = Flaws()
        change = read_change(data, name, flaws)
        found += flaws.found
        self.told_of_change(entry, change)
        if change is None:
            self.known = False
        else:
            if self.known and self.draws:
                self.days_seen, self.amendments_seen = self.days_seen + executed, self.amendments_seen + (not executed)
                found += ChangeOf(self, entry, name, change).findings()
            self.held.change(change)
        (self.executed if executed else self.amended).extend(found)


    def told_of_change(self, entry: Entry, change: Optional[Row]) -> None:
        if change and change["kind"] == "override":
            self.drawn = {**{given["visit"]: entry.line for given in change["teams"] if "date" in given}, **self.drawn}
        if entry.row.get("why") == "withdrawn":
            conflict = (change or {}).get("withdrawn")
            fact = ": %s with %s" % (conflict["inspector"], conflict["target"]) if conflict else ""
            self.notices.append(notice("conflict-withdrawn", entry.line, "amendment %d withdraws a conflict%s" % (entry.row["number"], fact)))

    def carried(self, line: int, freeze: int, held: HeldState, past: PastDraw) -> None:
        """Days that are past and of which nothing was told, and visits that may be ones that were taken off."""
        untold = ["%s on %s" % (visit, spelled_day(one.day)) for visit, one in sorted(held.visits.items(), key=lambda item: item[0].encode())
                  if one.day < past.case.first and one.day not in held.executed]
        says = "visits held before the period of freeze %d that were never told of as executed" % freeze
        self.notices += told_of("never-executed", line, says, self.new("never-executed", untold))
        says = "visits of freeze %d that may be ones that were taken off, drawn again" % freeze
        self.notices += told_of("cancelled-like", line, says, self.new("cancelled-like", Again(held, self.draws, past.case).alike()))

    def new(self, name: str, facts: List[str]) -> List[str]:
        new = [fact for fact in facts if (name, fact) not in self.told]
        self.told |= {(name, fact) for fact in new}
        return new


class Again:
    """Visits of some inputs that would be drawn again under another name, after one was taken off."""

    def __init__(self, held: HeldState, draws: List[PastDraw], case: Case) -> None:
        self.held, self.draws, self.case = held, draws, case

    def was(self, visit: str, off: Off) -> Optional[Case]:
        """The inputs by which a visit that was taken off was known last."""
        had = [past.case for past in self.draws[:off.draws] if visit in past.case.visits]
        return had[-1] if had else None

    def has_day_of(self, case: Case, visit: str, was: Case, id: str, off: Off) -> bool:
        (first, last), (start, end), day = window_of(case, visit), window_of(was, id), off.visit.day
        return first <= end and start <= last or first <= day <= last

    def suspects(self, taken_off: Dict[str, Off]) -> Iterator["Suspect"]:
        """Each visit that is free, beside one after which it may be drawn once more."""
        for id, off in taken_off.items():
            was = self.was(id, off)
            for visit in self.case.visits if was else ():
                place, old = self.case.place_of(visit), was.place_of(id)
                same, days = is_one_place(place, old), self.has_day_of(self.case, visit, was, id, off)
                near = same or days and place.get("owner") is not None and place.get("owner") == old.get("owner")
                if visit in self.held.visits or not near:
                    continue
                had = [past.case for past in self.draws[:off.draws] if visit in past.case.visits]
                knew = any(case.place_of(visit)["id"] == place["id"] and (not days or self.has_day_of(case, visit, was, id, off)) for case in had)
                if visit == id or not knew:
                    yield Suspect(visit, place["id"], id, old["id"], same, days)

    def is_again(self, one: "Suspect") -> bool:
        programs_own = self.case.places_planned and one.visit == "P-" + one.place
        return one.visit != one.after and one.same and one.days and not programs_own

    def renamed(self) -> List[str]:
        return [one.visit for one in self.suspects(self.held.cancelled) if self.is_again(one)]

    def alike(self) -> List[str]:
        found = [one for one in self.suspects(self.held.cancelled) if one.visit != one.after and not self.is_again(one)]
        found += self.suspects(self.held.dropped)
        found += [one for one in self.suspects(self.held.over) if one.visit == one.after or one.same]
        return ["%s (%s) after %s (%s)" % part for part in sorted({one[:4] for one in found})]


class Suspect(NamedTuple):
    """A visit, where it is, the one that was taken off, where that was; whether this is one place, and whether they have a day in common."""

    visit: str
    place: str
    after: str
    of: str
    same: bool
    days: bool


def window_of(case: Case, visit: str) -> Tuple[int, int]:
    """The first and the last day on which a visit may be held."""
    row = case.visits[visit]
    return row.get("earliest", case.first), row.get("latest", case.last)


def is_one_place(one: Row, other: Row) -> bool:
    """One place under two ids has one address."""
    return one["id"] == other["id"] or one.get("address") is not None and one.get("address") == other.get("address")


def has_days(case: Case, who: str, first: int, last: int, since: int, slots: Sequence[str] = ()) -> bool:
    """Whether the inputs have somebody absent on all these days that are worked in their period, not before `since`; or in these slots of them."""
    def enough(one: Row) -> bool:
        named = {case.slots[slot] for slot in one.get("slots", [])}
        return len(named) in (0, len(case.slots)) or bool(slots) and named.issuperset(slots)
    own = [one for one in case.absences if one["inspector"] == who and enough(one)]
    asked = [day for day in case.days if day >= since and first <= day <= last]
    return who not in case.people or all(any(one["from"] <= day <= one["to"] for one in own) for day in asked)


def has_conflict(case: Case, conflict: Row) -> bool:
    return not knows(case, conflict) or any(lasts_as_long(one, conflict) for one in case.conflicts)


class Frozen(NamedTuple):
    """Inputs that were frozen, and the first line of their policy."""

    line: int
    number: int
    case: Case
    policy: Row


def asked_of(case: Case, rule: str) -> Row:
    """The parameters of a rule; of one that nobody asks only that it is off."""
    own = case.rules[rule]
    return own if own["enabled"] or rule in ASKED_WHEN_OFF else {"enabled": False}


class Between:
    """What a freeze lacks that the one before had, history that nobody knows, and what a policy says otherwise: all of it may be lawful."""

    def __init__(self, ceremony: Ceremony) -> None:
        self.ceremony, self.history = ceremony, ceremony.history
        self.frozen = [one for one in map(self.read, ceremony.entries_of("freeze")) if one]

    def read(self, entry: Entry) -> Optional[Frozen]:
        """A freeze whose inputs are those of the ledger, and have no flaw."""
        if not self.ceremony.course.opening:
            return None
        number = entry.row["number"]
        files, flaws = below(self.ceremony.files, "frozen/%03d" % number), Flaws()
        case = read_case(files, flaws) if files and self.ceremony.wrong_freeze(entry.row, files) is None else None
        return Frozen(entry.line, number, case, json.loads(lines_in(files[POLICY])[0][1])) if case and not len(flaws) else None

    def notices(self) -> List[Row]:
        told: List[Row] = []
        rows = {past_row(row) for row in self.frozen[0].case.history} if self.frozen else set()
        went = {row for _, row in self.history.held.rows(self.history.draws)}
        for before, now in zip(self.frozen, self.frozen[1:]):
            for kind, facts in self.gone(before.case, now.case, now.line):
                told += told_of("vanished", now.line, "freeze %d lacks %s of freeze %d" % (now.number, kind, before.number), facts)
            says = "freeze %d has another policy than freeze %d" % (now.number, before.number)
            told += told_of("policy-changed", now.line, says, self.policy(before, now))
            if self.history.known:
                added = {past_row(row) for row in now.case.history} - rows - went
                says = "history of freeze %d that neither freeze %d nor the ledger knows" % (now.number, self.frozen[0].number)
                told += told_of("history-added", now.line, says, sorted((row.says() for row in added), key=str.encode))
                rows |= added
        return told

    def gone(self, was: Case, now: Case, line: int) -> List[Tuple[str, List[str]]]:
        drawn = {visit for visit, first in self.history.drawn.items() if first < line}
        same = lambda id, row: id in now.visits and all(now.visits[id][field] == row[field] for field in ("establishment", "kind"))
        registered = lambda id: id in now.places and now.places[id]["registered"]
        ends = {id(one): last_day(one, now.rules["conflict-of-interest"]) for one in was.conflicts}
        excludes = lambda one: ends[id(one)] is None or ends[id(one)] >= now.first
        has_rows = {past_row(row) for row in now.history}
        waived = {(one["rule"], one["inspector"], one["visit"]) for one in now.waivers}
        parts = lambda one: [was.slots[slot] for slot in one.get("slots", ())]
        return [
            ("visits that were not drawn", ["%s (%s)" % (id, row["kind"]) for id, row in was.visits.items()
                                            if row["kind"] != "programmed" and id not in drawn and not same(id, row)]),
            ("conflicts", ["%s with %s" % (one["inspector"], one["target"]) for one in was.conflicts if excludes(one) and not has_conflict(now, one)]),
            ("absences", ["%s from %s to %s%s" % (one["inspector"], spelled_day(one["from"]), spelled_day(one["to"]), "".join(", " + slot for slot in parts(one)))
                          for one in was.absences if not has_days(now, one["inspector"], one["from"], one["to"], now.first, parts(one))]),
            ("rows of history", [past_row(row).says() for row in was.history if past_row(row) not in has_rows]),
            ("people", [id for id, row in was.people.items() if "left_on" not in row and id not in now.people]),
            ("places", [id for id, row in was.places.items() if row["registered"] and not registered(id)]),
            ("waivers", ["%s for %s on %s" % (one["rule"], one["inspector"], one["visit"]) for one in was.waivers
                         if (one["rule"], one["inspector"], one["visit"]) not in waived
                         and one["inspector"] in now.people and one["visit"] in now.visits]),
        ]

    def policy(self, before: Frozen, now: Frozen) -> List[str]:
        facts = []
        for name in sorted(RULES, key=str.encode):
            old, new = asked_of(before.case, name), asked_of(now.case, name)
            for parameter in sorted({*old} & {*new}):
                if old[parameter] == new[parameter]:
                    continue
                if parameter == "enabled":
                    facts.append("rule %s is %s" % (name, "on" if new[parameter] else "off"))
                else:
                    facts.append(self.differs("rule %s: %s" % (name, parameter), old, new, parameter))
        was, is_now = before.policy, now.policy
        fields = sorted({*was, *is_now} - {"edition", "from", "name", "to"})
        return facts + [self.differs(name, was, is_now, name) for name in fields if was.get(name) != is_now.get(name)]

    def differs(self, what: str, was: Row, now: Row, field: str) -> str:
        old, new = ("nothing" if row.get(field) is None else spelled(row[field]) for row in (was, now))
        return "%s is another" % what if max(len(old), len(new)) > 40 else "%s %s instead of %s" % (what, new, old)


def forgotten(held: HeldState, draws: List[PastDraw], past: PastDraw) -> List[Wrong]:
    """What the freeze of a commitment has forgotten of what was held and declared before it, and days drawn that were over."""
    case, wrong = past.case, []
    for absence in held.absences:
        if not has_days(case, absence["inspector"], absence["from"], absence["to"], past.first):
            wrong.append(("conflict-lost", "the freeze does not say that `%s` is absent" % absence["inspector"]))
    for conflict in held.known.values():
        last = last_day(conflict, case.rules["conflict-of-interest"])
        if not has_conflict(case, conflict) and (last is None or past.first <= last):
            wrong.append(("conflict-lost", "an earlier draw was made with a conflict of `%s`, which excludes on" % conflict["inspector"]))
    before = {past_row(row) for row in case.history}
    for visit, row in held.rows(draws):
        if row.day < case.first and row not in before:
            wrong.append(("history-lost", "visit `%s` was executed: %s; the history does not have it" % (visit, row.says())))
    wrong += [("cancelled-drawn", "visit `%s` is one that is cancelled, under another name" % visit) for visit in Again(held, draws, case).renamed()]
    for conflict in held.conflicts:
        if not has_conflict(case, conflict):
            wrong.append(("conflict-lost", "the freeze does not have a conflict of `%s`" % conflict["inspector"]))
    for visit, one in held.visits.items():
        there = visit in case.visits and one.slot in case.slots and set(one.seats) <= set(case.people)
        if past.is_its_period(one.day) and not there:
            wrong.append(("visit-lost", "the freeze does not have visit `%s`, or whoever goes" % visit))
    wrong += [("cancelled-drawn", "visit `%s` is cancelled" % visit) for visit in held.cancelled if visit in case.visits]
    over = [day for day in case.days if past.first <= day <= past.last and day in held.executed]
    return wrong + [("day-over", "%s was executed before" % spelled_day(day)) for day in over]


def lasts_as_long(one: Row, conflict: Row) -> bool:
    same = all(one[field] == conflict[field] for field in ("inspector", "target_kind", "target"))
    category, to, last = one.get("category"), one.get("to"), conflict.get("to")
    return same and category in (None, conflict.get("category")) and (to is None or last is not None and to >= last)


class ChangeOf:
    """A change, beside what the ledger says of it and what follows from all before."""

    def __init__(self, history: History, entry: Entry, file: str, change: Row) -> None:
        self.history, self.row, self.line, self.file, self.change = history, entry.row, entry.line, file, change
        self.held, self.draws, self.case = history.held, history.draws, history.draws[-1].case
        self.found: List[Finding] = []

    def tell(self, name: str, says: str, in_ledger: bool = False) -> None:
        self.found.append(Finding(name, LEDGER if in_ledger else self.file, self.line if in_ledger else 1, says))

    def findings(self) -> List[Finding]:
        kind = self.row["kind"]
        if kind != self.change["kind"]:
            self.tell("executed-list" if kind == "executed" else "amended-otherwise", "the change is of another kind", True)
            return self.found
        {"amend": self.amend, "override": self.override, "executed": self.execute}[kind]()
        self.secret()
        return self.found

    def amend(self) -> None:
        done = self.change.get("moves", [])
        for move in done:
            if read_day(move["date"]) in self.held.executed:
                self.tell("late-absence", "a seat changes hands on %s, which was executed before" % move["date"])
        try:
            wrong = compare_moves(Amending(self.draws, self.held, self.change).moves(), done)
            if wrong:
                self.tell(*wrong)
        except Refused as refused:
            self.tell(str(refused), "this amendment can't be")
        counted = {"seats": len(done), "unfilled": sum("by" not in move and "team" not in move for move in done), "why": self.change["why"]}
        if any(self.row[name] != value for name, value in counted.items()):
            self.tell("amended-otherwise", "the change has %s" % spelled(counted), True)

    def override(self) -> None:
        names = (self.wrong_by_hand(given) for given in self.change["teams"])
        wrong = next((name for name in names if name), None)
        visits = [given["visit"] for given in self.change["teams"]]
        if wrong or not visits or len(set(visits)) < len(visits):
            self.tell(wrong or "amended-otherwise", "this override can't be")
        if sum(len(given.get("team", [])) for given in self.change["teams"]) != self.row["seats"]:
            self.tell("amended-otherwise", "the change gives another number of seats", True)

    def wrong_by_hand(self, given: Row) -> Optional[str]:
        visit, before = given["visit"], self.held.visits.get(given["visit"])
        if before and before.day in self.held.executed:
            return "day-over"
        if "date" not in given:
            return None if before else "amended-otherwise"
        day = read_day(given["date"])
        if visit in self.case.visits and day in self.held.executed:
            return "day-over"
        inside = visit in self.case.visits and self.case.first <= day <= self.case.last and given["slot"] in self.case.slots
        return None if inside and self.is_team(given["team"]) else "amended-otherwise"

    def is_team(self, team: Team) -> bool:
        return set(team) <= set(self.case.people) and len(set(team)) == len(team)

    def execute(self) -> None:
        date, told = self.change["date"], self.change["held"]
        planned = self.held.on(read_day(date))
        visits = [went["visit"] for went in told]
        if read_day(date) in self.held.executed:
            self.tell("day-over", "%s was executed before" % date)
        elif not visits or sorted(visits) != sorted(planned) or not all(self.is_team(went.get("team", [])) for went in told):
            self.tell("executed-list", "another list of visits than is held on %s" % date)
        otherwise = [went["visit"] for went in told if went.get("team", []) != planned.get(went["visit"], [])]
        for visit in otherwise[:100]:
            self.tell("executed-otherwise", "others went on visit `%s` than were to go" % shortened(visit))
        counted = {"as_drawn": len(told) - len(otherwise), "date": date, "otherwise": len(otherwise)}
        if any(self.row[name] != value for name, value in counted.items()):
            self.tell("executed-list", "the change has %s" % spelled(counted), True)

    def secret(self) -> None:
        """The salt, and the root of what is held afterwards; where the master of the last draw's freeze is there."""
        made = self.history.ceremony.course.of_counter.get(self.draws[-1].counter)
        name = "frozen/%03d/%s" % (made.row["freeze"], SALT) if made else ""
        master = read_master(self.history.ceremony.files.get(name, b""))
        if master is None:
            return
        scope = "change/%d" % self.row["number"]
        if self.change["salt"] != salt_of(master, scope, "change", "").hex():
            self.tell("change-salt", "the salt is not the one that the master gives")
        after = self.held.copy()
        after.change(self.change)
        tree = schedule_tree(schedule_lines(self.case, after.schedule(self.case)), master, scope)
        if "root" in self.row and tree != Tree(self.row["root"], self.row["leaves"]):
            self.tell("change-root", "the ledger names another root of what is held after this change", True)


def compare_moves(right: List[Row], done: List[Row]) -> Optional[Wrong]:
    """The first thing in which the moves that were made differ from those that follow."""
    for at, wanted in enumerate(right):
        made = done[at] if at < len(done) else {}
        if any(wanted[field] != made.get(field) for field in ("date", "for", "from", "visits")):
            return "amended-otherwise", "the seat of `%s` on %s falls vacant" % (wanted["for"], wanted["date"])
        if any(wanted.get(field) != made.get(field) for field in ("by", "level", "team")):
            whoever = wanted.get("by") or " and ".join(wanted.get("team", ["nobody"]))
            return "reserve-skipped", "the seat of `%s` on %s goes to `%s`" % (wanted["for"], wanted["date"], whoever)
        if wanted.get("passed", []) != made.get("passed", []):
            return "amended-otherwise", "others were passed over for the seat of `%s` on %s" % (wanted["for"], wanted["date"])
    return ("amended-otherwise", "a seat moves that does not fall vacant") if len(done) > len(right) else None


# ---- Whether the arithmetic is right ---------------------------------------------------------------------------------------------


def self_test() -> List[str]:
    """What does not give its published vector: RFC 8439 (2.3.2), RFC 5869 (A.1), RFC 6962 (the empty tree) and RFC 8032 (7.1)."""
    block = chacha20_block(bytes(range(32)), 1, bytes.fromhex("000000090000004a00000000"))
    root = hkdf_extract(bytes(range(13)), b"\x0b" * 22)
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    quicknet = bytes.fromhex("b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39")
    more = (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")
    holds = {
        "ChaCha20": block.startswith(bytes.fromhex("10f1e7e4d13b5915500fdd1fa32071c4")),
        "HKDF": hkdf_expand(root, bytes(range(0xF0, 0xFA))).startswith(bytes.fromhex("3cb25f25faacd57a90434f64d0362f2a")),
        "Merkle tree": merkle_root([]) == H(b""),
        "calendar": all(day_number(*calendar_day(day)) == day for day in range(-719528, 2932897, 97)),
        "week": spelled_week(week(day_number(2027, 1, 3))) == "2026-W53" and spelled_week(week(day_number(2027, 1, 4))) == "2027-W01",
        "Ed25519": ed25519_holds(key, b"\x72", signature) and not ed25519_holds(key, b"\x73", signature),
        "Ed25519, S of L or more": not ed25519_holds(key, b"\x72", signature[:32] + more),
        "Ed25519, Y of P or more": point_of((P + 1).to_bytes(32, "little")) is None,
        "quicknet": round_holds(1000, quicknet) and not round_holds(1001, quicknet),
    }
    return [name for name, right in holds.items() if not right]


# ---- Folders and the command line ------------------------------------------------------------------------------------------------


class CouldNotRead(Exception):
    """A folder can't be read at all, or is beyond every bound."""


Takes = Callable[[str], Optional[bool]]  # whether a file's bytes are read, or its name alone, or (none) it is let be


def load(folder: str) -> Files:
    """The files of a folder. Links are not followed; the bytes of a file that no record has are not read."""
    if not os.path.isdir(folder):
        raise CouldNotRead("%s is not a folder; name the folder that holds record.json or ledger.jsonl" % folder)
    files: Files = {}
    try:
        ceremony = is_ceremony(os.listdir(folder))
        Walk(files, of_ceremony if ceremony else of_record, CEREMONY_FILES_MAX if ceremony else FILES_MAX).walk(folder, "", 0)
    except OSError as error:
        raise CouldNotRead(str(error)) from None
    return files


def is_ceremony(names: Iterable[str]) -> bool:
    """Whether a folder with these names is a ceremony's, or a part of one, and not a record."""
    tops = {name.partition("/")[0] for name in names}
    return RECORD not in tops and bool(tops & {LEDGER, "checkpoints", "frozen", "draws", "changes"})


def of_record(name: str) -> Optional[bool]:
    return name in REQUIRED or name in (BOUNDS, FIXED) or stage_of_urn(name) is not None


def of_ceremony(name: str) -> Optional[bool]:
    """What lies beside a ceremony's files is let be; but in the folder of a record it is named."""
    folder, _, rest = name.partition("/")
    number, _, inner = rest.partition("/")
    if name == LEDGER or folder + "/" in (CHECKPOINTS, CHANGES) and not inner and re.search("[.](note|json)$|^$", rest):
        return True
    if folder not in ("frozen", "draws") or rest.startswith(".foureyes-") or rest and not inner and not rest.endswith("/"):
        return None
    return of_record(inner) if folder == "draws" else inner == SALT or inner in INPUTS


class Walk:
    """Goes through a folder and those in it, within bounds."""

    def __init__(self, files: Files, takes: Takes, most: int) -> None:
        self.files, self.takes, self.most, self.bytes = files, takes, most, 0

    def walk(self, folder: str, prefix: str, depth: int) -> None:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            name = prefix + entry.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            mode = entry.stat(follow_symlinks=False).st_mode
            takes = self.takes(name + "/" if stat.S_ISDIR(mode) else name)
            if takes is None:
                continue
            if len(self.files) >= self.most or depth >= DEPTH_MAX:
                raise CouldNotRead("%s has more than %d files, or folders more than %d deep" % (folder, self.most, DEPTH_MAX))
            if stat.S_ISDIR(mode):
                before = len(self.files)
                self.walk(entry.path, name + "/", depth + 1)
                if len(self.files) == before:
                    self.files[name + "/"] = b""
            elif stat.S_ISREG(mode):
                self.files[name] = read_file(entry.path, self.bytes) if takes else b""
                self.bytes += len(self.files[name])
            else:
                raise CouldNotRead("%s is not a regular file; a record holds its files themselves" % entry.path)


def read_file(path: str, before: int) -> bytes:
    most = min(FILE_BYTES_MAX, FOLDER_BYTES_MAX - before)
    with open(path, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise CouldNotRead("%s is too large" % path)
    return data


def verify(files: Files, options: argparse.Namespace) -> Verdict:
    """What is to be said of a record, or of a ceremony."""
    if is_ceremony(files):
        return Ceremony(files, options.beacon, options.thorough, elsewhere(options)).verdict()
    return Reader(files, options.thorough).verdict()


def elsewhere(options: argparse.Namespace) -> Elsewhere:
    """What was given to hold a ceremony against."""
    try:
        checkpoints = [(name, read_small(name)) for name in options.checkpoint]
        ledgers = []
        for copy in options.copy:
            for name, data in load(copy).items():
                if name == LEDGER:
                    ledgers.append((os.path.join(copy, name), data))
                elif size_of_checkpoint(name) is not None:
                    checkpoints.append((os.path.join(copy, name), data))
        return Elsewhere([read_party(name) for name in options.party], checkpoints, ledgers)
    except OSError as error:
        raise CouldNotRead(str(error)) from None


def verify_file(path: str, options: argparse.Namespace) -> Verdict:
    """What is to be said of a receipt."""
    try:
        parties = [party for name in options.party for party in [read_party(name)]]
        published = read_small(options.checkpoint[0]) if options.checkpoint else None
        return verify_receipt(path, read_small(path), parties, published)
    except OSError as error:
        raise CouldNotRead(str(error)) from None


def read_small(path: str) -> bytes:
    return read_file(path, FOLDER_BYTES_MAX - LINE_BYTES_MAX)


def read_party(path: str) -> Row:
    flaws = Flaws()
    rows = lines_of(read_small(path), path, PARTY_LINE, flaws)
    if len(rows) != 1 or len(flaws) or not is_party_name(rows[0][1]["name"]) or key_of_party(rows[0][1]) is None:
        raise CouldNotRead("%s is not the public file of a party" % path)
    return rows[0][1]


def report(path: str, options: argparse.Namespace) -> int:
    """Says what came of a folder or a receipt; the code to end with."""
    try:
        verdict = verify_file(path, options) if os.path.isfile(path) else verify(load(path), options)
    except CouldNotRead as error:
        print(spelled({"error": str(error), "folder": path}) if options.json else str(error), flush=True)
        return 2
    print(verdict.json(path) if options.json else verdict.show(path), flush=True)
    return 0 if verdict.is_sound() else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="A second, independent reader of foureyes records, ceremonies and receipts.")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="a folder that holds record.json or ledger.jsonl; or a receipt")
    parser.add_argument("--beacon", action="store_true", help="check the signatures of quicknet's rounds; a second each")
    parser.add_argument("--party", action="append", default=[], metavar="FILE", help="for a receipt or a ceremony: somebody whose signature you trust")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE",
                        help="for a receipt: the checkpoint as it was published; for a ceremony: one that somebody else was given")
    parser.add_argument("--copy", action="append", default=[], metavar="FOLDER", help="for a ceremony: another copy of its folder")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each folder")
    parser.add_argument("--thorough", action="store_true", help="recount every rule from nothing for every reserve; takes long")
    parser.add_argument("--self-test", action="store_true", help="check the arithmetic against published vectors")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    wrong = self_test() if options.self_test else []
    for name in wrong:
        print("%s does not give its published vector" % name)
    if not options.folders and not options.self_test:
        parser.error("name a folder or a receipt")
    return max([report(folder, options) for folder in options.folders] + [1 if wrong else 0])


if __name__ == "__main__":
    sys.exit(main())
