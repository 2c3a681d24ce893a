#!/usr/bin/env python3
"""The derivation of DRAW.md once more, in Python's standard library alone.

  make.py                prints the vectors: python3 make.py > derivation.json
  make.py urn            prints those of tickets, trees and draws: python3 make.py urn > urn.json
  make.py sign FOLDER    writes FOLDER/record.json anew for the files that stand there, and the urns around its schedule

Written from the specification and not from the Rust code: where the two disagree, one of them is wrong.
"""
import datetime
import hashlib
import hmac
import json
import pathlib
import struct
import sys

MASK = 0xFFFFFFFF


def lp(*parts):
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def sha256(data):
    return hashlib.sha256(data).digest()


def extract(salt, material):
    return hmac.new(salt, material, hashlib.sha256).digest()


def expand(key, info, length):
    out, block, count = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([count]), hashlib.sha256).digest()
        out, count = out + block, count + 1
    return out[:length]


def rotate(x, n):
    return ((x << n) & MASK) | (x >> (32 - n))


def quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & MASK; s[d] = rotate(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & MASK; s[b] = rotate(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b]) & MASK; s[d] = rotate(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & MASK; s[b] = rotate(s[b] ^ s[c], 7)


def chacha20_block(key, counter, nonce=bytes(12)):
    start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
    start += [counter] + list(struct.unpack("<3I", nonce))
    s = list(start)
    for _ in range(10):
        quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15)
        quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14)
    return struct.pack("<16I", *((x + y) & MASK for x, y in zip(s, start)))


class Stream:
    def __init__(self, key):
        self.key, self.counter, self.words = key, 0, []

    def word(self):
        if not self.words:
            self.words = list(struct.unpack("<8Q", chacha20_block(self.key, self.counter)))
            self.counter += 1
        return self.words.pop(0)

    def below(self, n):
        excess = 2**64 % n
        while True:
            word = self.word()
            if word < 2**64 - excess:
                return word % n

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def root(inputs, seed):
    return extract(inputs, lp(b"foureyes/v1/seed", b"text", seed.encode()))


def key(root, purpose, id):
    return expand(root, lp(b"foureyes/v1/stream", purpose.encode(), id.encode()), 32)


def vectors():
    inputs = sha256(b"the frozen inputs")
    lps = [[], [""], ["a", "bc"], ["ab", "c"], ["foureyes/v1/seed", "text", ""], ["é", "x" * 300]]
    seeds = ["", "0", " ", "2027-01", "2027-01\n", "Lucky 7", "né", "ეს თესლია", "x" * 1000]
    keys = [("check", "1"), ("check", ""), ("build", "0"), ("build", "1"), ("", "build0"), ("ticket", "né")]
    of_root = root(inputs, "2027-01")
    drawn = Stream(key(of_root, "build", "0"))
    words = [drawn.word() for _ in range(1000)]
    limits = [1, 2, 3, 7, 10, 256, 1000, 2**32, 2**63, 2**63 + 1, 2**64 - 1]
    below = []
    for n in limits:
        stream = Stream(key(of_root, "below", str(n)))
        below.append({"n": str(n), "drawn": [str(stream.below(n)) for _ in range(12)], "next_word": "%016x" % stream.word()})
    shuffle = []
    for n in [0, 1, 2, 3, 10, 64]:
        stream = Stream(key(of_root, "shuffle", str(n)))
        shuffle.append({"n": n, "order": stream.shuffle(list(range(n))), "next_word": "%016x" % stream.word()})
    return {
        "inputs": inputs.hex(),
        "length_prefixed": [{"parts": parts, "bytes": lp(*(p.encode() for p in parts)).hex()} for parts in lps],
        "checks": [{"seed": seed, "root": root(inputs, seed).hex(), "check": key(root(inputs, seed), "check", "1").hex()} for seed in seeds],
        "keys": [{"seed": "2027-01", "purpose": p, "id": i, "key": key(of_root, p, i).hex()} for p, i in keys],
        "words": {"seed": "2027-01", "purpose": "build", "id": "0", "first": ["%016x" % w for w in words[:16]],
                  "thousandth": "%016x" % words[999], "sha256": sha256(struct.pack("<1000Q", *words)).hex()},
        "below": below,
        "shuffle": shuffle,
    }


def merkle_root(leaves):
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + merkle_root(leaves[:half]) + merkle_root(leaves[half:]))


def pick(root, stage, tickets):
    return Stream(key(root, "draw", str(stage))).below(tickets)


class Layout:
    """How the tickets of a stage are laid out: `sizes` has each visit that may still be held and its team's size."""

    def __init__(self, sizes, days, slots, people):
        self.sizes = [(visit, size) for visit, size in sizes if 1 <= size <= 8]
        self.times = [(day, slot) for day in days for slot in slots]
        self.people = people
        self.time_bits, self.person_bits = len(self.times).bit_length(), max(len(people) - 1, 0).bit_length()
        bits = sum(self.time_bits + size * self.person_bits for _, size in self.sizes)
        self.bytes, self.filling = max(-(-bits // 8), 1), -bits % 8 if bits else 8

    def encode(self, ticket):
        """The bytes of `ticket`: by visit its day, slot and team."""
        number = 0
        for visit, size in self.sizes:
            day, slot, team = ticket.get(visit, (None, None, []))
            number = number << self.time_bits | (self.times.index((day, slot)) + 1 if team else 0)
            for person in sorted(self.people.index(one) for one in team) or [0] * size:
                number = number << self.person_bits | person
        return (number << self.filling).to_bytes(self.bytes, "big")

    def decode(self, data):
        number, ticket = int.from_bytes(data, "big") >> self.filling, {}
        fields = []
        for visit, size in reversed(self.sizes):
            people = []
            for _ in range(size):
                people.insert(0, number & (1 << self.person_bits) - 1)
                number >>= self.person_bits
            fields.append((visit, number & (1 << self.time_bits) - 1, people))
            number >>= self.time_bits
        for visit, time, people in reversed(fields):
            if time:
                ticket[visit] = self.times[time - 1] + ([self.people[one] for one in people],)
        assert self.encode(ticket) == data
        return ticket


def urn_vectors():
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    of_root = root(sha256(b"the frozen inputs"), "2027-01")
    days = ["2027-01-0%d" % day for day in range(4, 9)]
    layout = Layout([("v1", 2), ("v2", 3), ("v3", 9), ("v4", 2)], days, ["am", "pm"], ["p%02d" % n for n in range(11)])
    tickets = [
        {},
        {"v1": ("2027-01-04", "am", ["p00", "p01"])},
        {"v1": ("2027-01-08", "pm", ["p09", "p10"]), "v2": ("2027-01-05", "am", ["p02", "p05", "p07"])},
        {"v2": ("2027-01-06", "pm", ["p00", "p05", "p10"]), "v4": ("2027-01-04", "pm", ["p03", "p04"])},
    ]
    return {
        "roots": [{"leaves": leaves[:n], "root": merkle_root([bytes.fromhex(x) for x in leaves[:n]]).hex()} for n in range(9)],
        "picks": [{"stage": stage, "tickets": n, "drawn": pick(of_root, stage, n)} for stage in (1, 2, 7, 20) for n in (1, 2, 8, 1000, 1000000)],
        "tickets": {
            "days": days, "slots": ["am", "pm"], "people": 11, "sizes": [2, 3, 9, 2],
            "tickets": [{
                "bytes": layout.encode(ticket).hex(),
                "held": [{"visit": int(visit[1]) - 1, "day": day, "slot": slot, "team": [int(one[1:]) for one in team]}
                         for visit, (day, slot, team) in sorted(ticket.items())],
            } for ticket in tickets],
        },
    }


def spread(counts):
    return {"distinct": len(counts), "most": max(counts, default=0), "squares": sum(n * n for n in counts)}


def least_median(numbers):
    numbers = sorted(numbers)
    return {"least": numbers[0], "median": numbers[(len(numbers) - 1) // 2]} if numbers else {"least": 0, "median": 0}


def tally(items):
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def pairs(team):
    team = sorted(team)
    return [(a, b) for at, a in enumerate(team) for b in team[at + 1:]]


def leak(parts, people, see):
    """Tickets that remain, in tenths, to each who serves at all; `see` makes what they see of their own visits."""
    left = []
    for one in people:
        own = [sorted((held[0], held[1], visit, held[2]) for visit, held in part.items() if one in held[2]) for part in parts]
        if any(own):
            left.append(sum(n * n for n in tally(repr(see(visits)) for visits in own).values()) * 10 // len(parts))
    return least_median(left)


def odds_of(parts, stage, slots):
    """By visit the line of odds.jsonl that it would have."""
    lines = {}
    for visit in sorted({visit for part in parts for visit in part}):
        held = [part[visit] for part in parts if visit in part]
        people = tally(one for _, _, team in held for one in team)
        times = tally((day, slots.index(slot)) for day, slot, _ in held)
        lines[visit] = {
            "held": len(held), "inspectors": [[one, people[one]] for one in sorted(people)],
            "pairs": spread(list(tally(pair for _, _, team in held for pair in pairs(team)).values())),
            "stage": stage, "teams": spread(list(tally(tuple(team) for _, _, team in held).values())),
            "times": [[day, slots[slot], times[day, slot]] for day, slot in sorted(times)], "visit": visit,
        }
    return lines


def stage_of(tickets, parts, lines, people, layout, drawn):
    """What stages.jsonl says, but for days and number."""
    ranked = [(n, visit, one) for visit in sorted(lines) for one, n in lines[visit]["inspectors"]]
    worst = max(ranked, key=lambda each: each[0], default=None)
    met = tally(pair for part in parts for pair in {pair for _, _, team in part.values() for pair in pairs(team)})
    served = {one for part in parts for _, _, team in part.values() for one in team}
    most = max(met.values(), default=0)
    return {
        "bytes": layout.bytes, "distinct": len(set(tickets)), "drawn": drawn,
        "effective": least_median([line["held"] ** 2 * 10 // line["teams"]["squares"] for line in lines.values()]),
        "held": sum(line["held"] for line in lines.values()),
        "leak": {"all": leak(parts, people, lambda own: own), "first": leak(parts, people, lambda own: own[:1])},
        "meetings": dict(spread=spread(list(met.values())), **({"pair": min(p for p in met if met[p] == most)} if met else {})),
        "never": len(people) - len(served), "outcomes": len({repr(sorted(part.items())) for part in parts}),
        "root": merkle_root(tickets).hex(), "seats": sum(n for n, _, _ in ranked), "squares": sum(n * n for n, _, _ in ranked),
        "support": len(ranked), "tickets": len(tickets), "visits": len(lines),
        **({"worst": {"inspector": worst[2], "n": worst[0], "visit": worst[1]}} if worst else {}),
        "worst_sum": sum(max(n for _, n in line["inspectors"]) for line in lines.values()),
    }


def spelled(value):
    return (json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def spans(stage, days):
    group = {"day": lambda day: day, "week": lambda day: day.isocalendar()[:2], "period": lambda day: 0}[stage]
    found = []
    for day in days:
        if found and group(found[-1][0]) == group(day):
            found[-1][1] = day
        else:
            found.append([day, day])
    return [(str(first), str(last)) for first, last in found]


def chosen(drawn, index, count, pool):
    """`count` tickets, of which `drawn` is number `index` in the order of digests; one of the others lies there twice."""
    order = lambda ticket: (sha256(ticket), ticket)
    pool = [ticket for ticket in pool if ticket != drawn]
    low, high = ([ticket for ticket in pool if (order(ticket) < order(drawn)) == below] for below in (True, False))
    high = high[:1] + high
    tickets = low[:index] + [drawn] + high[:count - 1 - index]
    return sorted(tickets, key=order) if len(tickets) == count else [drawn] * count


def reserves(folder, of_root, schedule, stages):
    """The lines of reserves.jsonl. Who may step in takes the rules to know; ../reserves.list says so: `DATE MEMBER: PERSON ...`"""
    listed = [line.split(":") for line in (folder.parent / "reserves.list").read_text(encoding="utf-8").splitlines()]
    may = {tuple(served.split()): sorted(people.split()) for served, people in listed}
    served = {}
    for visit in sorted(schedule):
        day, _, team = schedule[visit]
        for member in team:
            served.setdefault((day, member), []).append(visit)
    lines = []
    for day, member in sorted(served):
        stage = next(number for number, (start, end) in enumerate(stages, 1) if start <= day <= end)
        order = Stream(key(of_root, "reserve", "%d/%s/%s" % (stage, day, member))).shuffle(list(may[day, member]))
        lines.append({"date": day, "member": member, "of": len(order), "order": order[:10], "stage": stage, "visits": served[day, member]})
    return lines


def build_urns(folder, inputs, of_root):
    """urns/, stages.jsonl, odds.jsonl and reserves.jsonl around what schedule.jsonl says: tickets come from ../tickets/NNN.hex, where
    there are enough of them; else every ticket is the same."""
    read = lambda name: [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
    case, rules = read("inputs/policy.jsonl")[0], {line["rule"]: line["parameters"] for line in read("inputs/policy.jsonl")[1:]}
    visits, people = read("inputs/visits.jsonl"), [one["id"] for one in read("inputs/inspectors.jsonl")]
    sizes = [(visit["id"], visit.get("team_size", rules["team-size"]["size"])) for visit in visits]
    first, last = (datetime.date.fromisoformat(case[name]) for name in ("from", "to"))
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    days = [first + datetime.timedelta(n) for n in range((last - first).days + 1)]
    days = [day for day in days if names[day.weekday()] in case["weekdays"]]
    schedule = {line["visit"]: (line["date"], line["slot"], line["team"]) for line in read("schedule.jsonl") if "team" in line}
    before, stages, odds = {}, [], {}
    (folder / "urns").mkdir(exist_ok=True)
    for number, (start, end) in enumerate(spans(case["stage"], days), 1):
        layout = Layout([(v, n) for v, n in sizes if v not in before], [str(d) for d in days if str(d) >= start], case["slots"], people)
        index = pick(of_root, number, case["tickets"])
        pool = folder.parent / "tickets" / ("%03d.hex" % number)
        pool = [bytes.fromhex(line) for line in pool.read_text().split()] if pool.exists() else []
        rest = {visit: held for visit, held in schedule.items() if held[0] >= start}
        tickets = chosen(layout.encode(rest), index, case["tickets"], [one for one in pool if len(one) == layout.bytes])
        parts = [{v: held for v, held in layout.decode(one).items() if held[0] <= end} for one in tickets]
        lines = odds_of(parts, number, case["slots"])
        earlier = b"".join(spelled({"date": before[v][0], "slot": before[v][1], "team": before[v][2], "visit": v} if v in before
                                   else {"unstaffed": True, "visit": v}) for v, _ in sizes)
        head = {"before": sha256(earlier).hex(), "bytes": layout.bytes, "format": "foureyes/v1/urn", "from": start,
                "inputs": inputs.hex(), "stage": number, "tickets": len(tickets), "to": end}
        (folder / "urns" / ("%03d.urn" % number)).write_bytes(spelled(head) + b"".join(tickets))
        stages.append(dict(stage_of(tickets, parts, lines, people, layout, index), **{"from": start, "stage": number, "to": end}))
        odds.update({visit: lines[visit] for visit in parts[index]})
        before.update(parts[index])
    (folder / "stages.jsonl").write_bytes(b"".join(map(spelled, stages)))
    (folder / "odds.jsonl").write_bytes(b"".join(spelled(odds[visit]) for visit in sorted(odds)))
    (folder / "reserves.jsonl").write_bytes(b"".join(map(spelled, reserves(folder, of_root, schedule, spans(case["stage"], days)))))


INPUTS = ["absences", "conflicts", "establishments", "history", "inspectors", "policy", "visits", "waivers"]


def sign(folder):
    """Everything that record.json states, recounted here from the files."""
    names = ["inputs/%s.jsonl" % name for name in INPUTS]
    digests = {name: sha256((folder / name).read_bytes()) for name in names}
    inputs = sha256(lp(b"foureyes/v1/inputs", *(part for name in names for part in (name.encode(), digests[name]))))
    read = lambda name: [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
    schedule, visits = read("schedule.jsonl"), read("inputs/visits.jsonl")
    mandatory = {visit["id"] for visit in visits if visit["kind"] != "programmed"}
    staffed = [line for line in schedule if "team" in line]
    seed = "2027-01"
    build_urns(folder, inputs, root(inputs, seed))
    record = {
        "builder": "3",
        "case": read("inputs/policy.jsonl")[0]["name"],
        "check": key(root(inputs, seed), "check", "3").hex(),
        "counts": {
            "mandatory": len(mandatory),
            "mandatory_staffed": sum(line["visit"] in mandatory for line in staffed),
            "seats": sum(len(line["team"]) for line in staffed),
            "staffed": len(staffed),
            "visits": len(visits),
            "waivers": len(read("inputs/waivers.jsonl")),
        },
        "files": {name: digests[name].hex() for name in names},
        "format": "foureyes/v1",
        "inputs": inputs.hex(),
        "kind": "seed",
        "odds": sha256((folder / "odds.jsonl").read_bytes()).hex(),
        "reserves": sha256((folder / "reserves.jsonl").read_bytes()).hex(),
        "schedule": sha256((folder / "schedule.jsonl").read_bytes()).hex(),
        "seed": seed,
        "stages": sha256((folder / "stages.jsonl").read_bytes()).hex(),
        "unstaffed": [line["visit"] for line in schedule if "team" not in line],
    }
    (folder / "record.json").write_bytes(spelled(record))


if __name__ == "__main__":
    if sys.argv[1:2] == ["sign"]:
        sign(pathlib.Path(sys.argv[2]))
    elif sys.argv[1:2] == ["urn"]:
        print(json.dumps(urn_vectors(), indent=1))
    else:
        print(json.dumps(vectors(), indent=1, ensure_ascii=False))
