"""Writes travel.json: pairs of points, and the least whole kilometres within which they lie by the formula of DRAW.md, section 2.

The pairs are chosen with floating point and another formula (vectors in space), and each answer is held against it: the formula of
whole numbers may be wrong by 0.03 %. The sines are made here, not copied."""
import decimal
import json
import math
import pathlib
import random

DEGREE, ONE = 10**6, 10**9
decimal.getcontext().prec = 60
PI = decimal.Decimal("3.14159265358979323846264338327950288419716939937510")


def sine_of(degrees):
    """The series of the sine, with sixty digits."""
    x = PI * degrees / 180
    term, total, n = x, x, 1
    while abs(term) > decimal.Decimal(10) ** -50:
        n += 2
        term = -term * x * x / (n * (n - 1))
        total += term
    return total


SINES = [int((sine_of(d) * ONE).to_integral_value()) for d in range(91)]


def S(x):
    d, rest = divmod(x, DEGREE)
    return SINES[90] if d == 90 else SINES[d] + (SINES[d + 1] - SINES[d]) * rest // DEGREE


def within(a, b, km):
    c = lambda lat: S(90 * DEGREE - abs(lat))
    along, across = S(abs(a[0] - b[0]) // 2) ** 2, S(abs(a[1] - b[1]) // 2) ** 2
    return along + c(a[0]) * c(b[0]) // ONE * across // ONE <= S(km * 4_496_602 // 1000) ** 2


def metres(a, b):
    point = lambda lat, lon: (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
    p, q = (point(*(math.radians(x / DEGREE) for x in one)) for one in (a, b))
    return 2 * 6_371_009 * math.asin(min(1, math.dist(p, q) / 2))


def least(a, b):
    return next(km for km in range(2001) if within(a, b, km))


def near_the_edge(words, km):
    """Two points a hair less or more than so many kilometres apart, by whole numbers."""
    while True:
        a = [words.randint(-80 * DEGREE, 80 * DEGREE), words.randint(-170 * DEGREE, 170 * DEGREE)]
        turn = words.uniform(0, 2 * math.pi)
        lat, lon = math.cos(turn), math.sin(turn) / math.cos(math.radians(a[0] / DEGREE))
        at = lambda step: [a[0] + int(lat * step), a[1] + int(lon * step)]
        low, high = 0, km * 12_000
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if within(a, at(middle), km) else (low, middle)
        if all(abs(one[0]) <= 80 * DEGREE and abs(one[1]) <= 180 * DEGREE for one in (at(low), at(high))):
            return [(a, at(low)), (a, at(high))]


words = random.Random(20270104)
pairs = [([41_149_450, -8_610_790], [41_550_322, -8_420_053]), ([0, 0], [0, 0]), ([80 * DEGREE, -90 * DEGREE], [80 * DEGREE, -60 * DEGREE]),
         ([-80 * DEGREE, 0], [-80 * DEGREE, 1]), ([0, 0], [0, 8_993]), ([0, 0], [0, 8_994]), ([0, 0], [8_993, 0])]
for km in [1, 1, 2, 3, 5, 8, 13, 21, 30, 50, 80, 130, 300, 700, 1500, 1999]:
    pairs += near_the_edge(words, km)
rows = []
for a, b in pairs:
    km, true = least(a, b), metres(a, b)
    assert true <= 1000 * km * 1.0003 + 1 and true >= 1000 * (km - 1) * 0.9997 - 1, (a, b, km, true)
    rows.append(json.dumps({"a": a, "b": b, "km": km}, separators=(",", ":")))
out = pathlib.Path(__file__).with_name("travel.json")
out.write_text("[\n" + ",\n".join(rows) + "\n]\n")
