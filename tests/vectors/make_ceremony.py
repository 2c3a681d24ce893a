#!/usr/bin/env python3
"""The parts of a ceremony once more, in Python's standard library alone: nonces, dice, proofs in trees, signed notes.

  make_ceremony.py       prints the vectors: python3 make_ceremony.py > ceremony.json

Written from the specifications (DRAW.md, RFC 6962, RFC 8032, and signed-note, tlog-checkpoint and tlog-cosignature of C2SP) and not
from the Rust code: where the two disagree, one of them is wrong.
"""
import base64
import hashlib
import json

from make import lp, merkle_root, sha256


def chain(party, first, length):
    """c[0] to c[length]; the last is the anchor, and draw k reveals c[length - k]."""
    links = [first]
    for _ in range(length):
        links.append(sha256(lp(b"foureyes/v1/chain", party.encode(), links[-1])))
    return links


def chains():
    for party, first, length in [("planner", bytes([0x11] * 32), 1000), ("integrity", bytes(range(32)), 7), ("né", bytes(32), 1)]:
        links = chain(party, first, length)
        draws = [k for k in (1, 2, 7, 999, 1000) if k <= length]
        yield {"party": party, "first": first.hex(), "length": length, "anchor": links[-1].hex(),
               "nonces": [{"draw": k, "nonce": links[length - k].hex()} for k in draws]}


def dice():
    for faces in [2, 6, 10, 12, 20, 100]:
        needed = next(m for m in range(1, 257) if faces**m >= 2**256)
        throws = [str(1 + (n * n + 3 * n) % faces) for n in range(needed)]
        randomness = sha256(lp(b"foureyes/v1/dice", str(faces).encode(), " ".join(throws).encode()))
        yield {"faces": faces, "needed": needed, "throws": " ".join(throws), "randomness": randomness.hex()}


def half(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def inclusion(m, leaves):
    """PATH(m, D[n]) of RFC 6962, section 2.1.1, as it is written there."""
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return inclusion(m, leaves[:k]) + [merkle_root(leaves[k:])]
    return inclusion(m - k, leaves[k:]) + [merkle_root(leaves[:k])]


def consistency(m, leaves, b=True):
    """SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if b else [merkle_root(leaves)]
    k = half(len(leaves))
    if m <= k:
        return consistency(m, leaves[:k], b) + [merkle_root(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [merkle_root(leaves[:k])]


def trees():
    """Leaf i of every tree is the text `leaf i`."""
    hexes = lambda path: [one.hex() for one in path]
    for size in [1, 2, 3, 6, 7, 8, 11]:
        leaves = [b"leaf %d" % number for number in range(size)]
        yield {"size": size, "root": merkle_root(leaves).hex(),
               "inclusion": [hexes(inclusion(index, leaves)) for index in range(size)],
               "consistency": [hexes(consistency(first, leaves)) for first in range(1, size + 1)]}


# Ed25519 as RFC 8032, section 6, writes it down; for vectors and not for secrets.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    x = x if x % 2 == 0 else P - x
    return (x, y, 1, x * y % P)


def compressed(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expanded(secret):
    hashed = hashlib.sha512(secret).digest()
    return (int.from_bytes(hashed[:32], "little") & (1 << 254) - 8) | 1 << 254, hashed[32:]


def public(secret):
    return compressed(times(expanded(secret)[0], base_point()))


def sign(secret, message):
    number, prefix = expanded(secret)
    modq = lambda data: int.from_bytes(hashlib.sha512(data).digest(), "little") % Q
    r = modq(prefix + message)
    start = compressed(times(r, base_point()))
    s = (r + modq(start + public(secret) + message) * number) % Q
    return start + s.to_bytes(32, "little")


def key_id(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


def verifier_key(name, kind, secret):
    key = public(secret)
    return "%s+%s+%s" % (name, key_id(name, kind, key).hex(), base64.b64encode(bytes([kind]) + key).decode())


def line(name, kind, secret, signature):
    return "— %s %s\n" % (name, base64.b64encode(key_id(name, kind, public(secret)) + signature).decode())


def notes():
    planner, auditor = sha256(b"the planner's secret"), sha256(b"the auditor's secret")
    log, witness = "inspectorate.example/ledger", "auditor.example/one"
    for size, extensions, time in [(0, [], 0), (5, [], 1793597400), (7, ["draw 7", "—"], 2**63 - 1)]:
        root = merkle_root([b"leaf %d" % number for number in range(size)])
        text = "".join(one + "\n" for one in [log, str(size), base64.b64encode(root).decode()] + extensions)
        signed = line(log, 1, planner, sign(planner, text.encode()))
        cosigned = sign(auditor, b"cosignature/v1\ntime %d\n" % time + text.encode())
        cosigned = line(witness, 4, auditor, time.to_bytes(8, "big") + cosigned)
        yield {"origin": log, "size": size, "root": root.hex(), "extensions": extensions, "time": str(time),
               "log_secret": planner.hex(), "log_key": verifier_key(log, 1, planner),
               "witness": witness, "witness_secret": auditor.hex(), "witness_key": verifier_key(witness, 4, auditor),
               "note": text + "\n" + signed + cosigned}


if __name__ == "__main__":
    vectors = {"chains": list(chains()), "dice": list(dice()), "trees": list(trees()), "notes": list(notes())}
    print(json.dumps(vectors, indent=1, ensure_ascii=False))
