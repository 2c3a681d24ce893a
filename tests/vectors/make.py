#!/usr/bin/env python3
"""The derivation of DRAW.md once more, in Python's standard library alone.

  make.py                prints the vectors: python3 make.py > derivation.json
  make.py sign FOLDER    writes FOLDER/record.json anew for the files that stand there

Written from the specification and not from the Rust code: where the two disagree, one of them is wrong.
"""
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
    record = {
        "builder": "1",
        "case": read("inputs/policy.jsonl")[0]["name"],
        "check": key(root(inputs, seed), "check", "1").hex(),
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
        "schedule": sha256((folder / "schedule.jsonl").read_bytes()).hex(),
        "seed": seed,
        "unstaffed": [line["visit"] for line in schedule if "team" not in line],
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / "record.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["sign"]:
        sign(pathlib.Path(sys.argv[2]))
    else:
        print(json.dumps(vectors(), indent=1, ensure_ascii=False))
