//! The derivation against vectors that another implementation made, and those of the standards.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use ed25519_dalek::SigningKey;
use foureyes::draw::beacon::{BeaconFlaw, Round};
use foureyes::draw::dice::{Dice, Throws};
use foureyes::draw::nonce::{Chain, is_link};
use foureyes::draw::{Digest, Root, Stream, digest, length_prefixed, pick, to_hex};
use foureyes::model::{Assignment, InspectorId, Layout, Point, Schedule, SlotId, Span, Team, VisitId};
use foureyes::record::merkle::{self, consistency, inclusion, leaf_hash, verify_consistency, verify_inclusion};
use foureyes::record::note::{Checkpoint, Note, Signed, VerifierKey};
use foureyes::record::{merkle_root, read_beacon};
use foureyes::rules::is_within;
use hkdf::Hkdf;
use serde_json::Value;
use sha2::Sha256;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/derivation.json")).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().unwrap()
}

fn key_from(hex: &str) -> [u8; 32] {
    bytes(hex).try_into().unwrap()
}

fn root_of(vectors: &Value, seed: &str) -> Root {
    Root::from_seed(&key_from(text(vectors, "inputs")), seed)
}

fn spelled(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn parts_are_length_prefixed() {
    let vectors = vectors();
    assert_eq!(to_hex(&digest(b"the frozen inputs")), text(&vectors, "inputs"));
    for vector in list(&vectors, "length_prefixed") {
        let parts: Vec<&[u8]> = list(vector, "parts").iter().map(|part| part.as_str().unwrap().as_bytes()).collect();
        assert_eq!(spelled(&length_prefixed(&parts)), text(vector, "bytes"));
    }
}

#[test]
fn every_seed_has_its_root() {
    let vectors = vectors();
    for vector in list(&vectors, "checks") {
        let root = root_of(&vectors, text(vector, "seed"));
        assert_eq!(to_hex(&root.key("check", "1")), text(vector, "check"), "{vector}");
    }
}

#[test]
fn every_purpose_has_its_key() {
    let vectors = vectors();
    for vector in list(&vectors, "keys") {
        let key = root_of(&vectors, text(vector, "seed")).key(text(vector, "purpose"), text(vector, "id"));
        assert_eq!(to_hex(&key), text(vector, "key"), "{vector}");
    }
}

#[test]
fn words_are_read_from_the_key_stream() {
    let vectors = vectors();
    let vector = &vectors["words"];
    let mut stream = root_of(&vectors, text(vector, "seed")).stream(text(vector, "purpose"), text(vector, "id"));
    let words: Vec<u64> = (0..1000).map(|_| stream.word()).collect();
    for (word, stated) in words.iter().zip(list(vector, "first")) {
        assert_eq!(format!("{word:016x}"), stated.as_str().unwrap());
    }
    assert_eq!(format!("{:016x}", words[999]), text(vector, "thousandth"));
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(to_hex(&digest(&bytes)), text(vector, "sha256"));
}

#[test]
fn numbers_are_drawn_by_rejection() {
    let vectors = vectors();
    for vector in list(&vectors, "below") {
        let n = text(vector, "n");
        let mut stream = root_of(&vectors, "2027-01").stream("below", n);
        for drawn in list(vector, "drawn") {
            assert_eq!(stream.below(n.parse().unwrap()).to_string(), drawn.as_str().unwrap(), "below {n}");
        }
        assert_eq!(format!("{:016x}", stream.word()), text(vector, "next_word"), "words taken for below {n}");
    }
}

#[test]
fn orders_are_shuffled_from_the_end() {
    let vectors = vectors();
    for vector in list(&vectors, "shuffle") {
        let n = vector["n"].as_u64().unwrap();
        let mut stream = root_of(&vectors, "2027-01").stream("shuffle", &n.to_string());
        let mut order: Vec<u64> = (0..n).collect();
        stream.shuffle(&mut order);
        let stated: Vec<u64> = list(vector, "order").iter().map(|at| at.as_u64().unwrap()).collect();
        assert_eq!(order, stated, "shuffle of {n}");
        assert_eq!(format!("{:016x}", stream.word()), text(vector, "next_word"), "words taken for a shuffle of {n}");
    }
}

/// RFC 5869, appendix A.1.
#[test]
fn hkdf_is_that_of_the_standard() {
    let (key, expander) = Hkdf::<Sha256>::extract(Some(&bytes("000102030405060708090a0b0c")), &[0x0b; 22]);
    assert_eq!(spelled(&key), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    let mut out = [0; 42];
    expander.expand(&bytes("f0f1f2f3f4f5f6f7f8f9"), &mut out).unwrap();
    let stated = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(spelled(&out), stated);
}

/// RFC 8439, appendix A.1, vector 1: the key stream of the zero key.
#[test]
fn the_key_stream_is_that_of_the_standard() {
    let mut stream = Stream::from_key([0; 32]);
    let stated = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
                  da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586";
    let words: Vec<u8> = (0..8).flat_map(|_| stream.word().to_le_bytes()).collect();
    assert_eq!(spelled(&words), stated);
}

/// Made before this program was, by Python's standard library, and agreed on by three ChaCha20 crates.
#[test]
fn the_stream_is_that_of_the_study() {
    let key = key_from("1a8d48e4d7228e7fccc5731b94332e83b7aa0b9ef48e3e49b5df3302e53889c8");
    let mut stream = Stream::from_key(key);
    let first: Vec<String> = (0..4).map(|_| format!("{:016x}", stream.word())).collect();
    assert_eq!(first, ["3a5b4e5c97106611", "cd6a49834779e4de", "daa687b73bb38633", "4b1aba137cf8cdde"]);

    let mut stream = Stream::from_key(key);
    let drawn: Vec<u64> = (0..16).map(|_| stream.below(10)).collect();
    assert_eq!(drawn, [5, 2, 5, 0, 9, 6, 5, 7, 8, 3, 7, 1, 8, 2, 7, 7]);
    let mut order: Vec<u64> = (0..20).collect();
    stream.shuffle(&mut order);
    assert_eq!(order, [11, 9, 10, 16, 17, 14, 12, 0, 1, 15, 13, 3, 19, 18, 2, 5, 4, 8, 7, 6]);

    let mut stream = Stream::from_key(key);
    let wide: Vec<u64> = (0..6).map(|_| stream.below((1 << 63) + 1)).collect();
    let stated: [u64; 6] = [
        4205040836658882065,
        5411842495102897630,
        7353504561235380809,
        2793777230559865066,
        1278582702949252515,
        9070888191154733321,
    ];
    assert_eq!(wide, stated);
}

/// Rounds that the network published, from the tests and the documentation of three other implementations.
#[test]
fn real_rounds_of_quicknet_are_genuine() {
    let rounds = [
        (123, "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"),
        (1000, "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"),
        (657_413, "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"),
        (12_040_883, "173df1f57805453a8d2015268205d68147de12cafc2f451f7bc6adadca3571b3"),
    ];
    for (number, stated) in rounds {
        let file = std::fs::read(format!("tests/vectors/quicknet-{number}.json")).unwrap();
        let (round, randomness) = read_beacon(&file).unwrap();
        assert_eq!((round.round, to_hex(&randomness).as_str()), (number, stated));
        assert_eq!(Round { round: number + 1, ..round }.verify(), Err(BeaconFlaw::Forged(number + 1)));
    }
}

fn urn_vectors() -> Value {
    serde_json::from_str(include_str!("vectors/urn.json")).unwrap()
}

fn number(value: &Value, name: &str) -> usize {
    value[name].as_u64().unwrap().try_into().unwrap()
}

/// The first nine are the reference vectors of Certificate Transparency.
#[test]
fn every_tree_has_its_root() {
    let ours = urn_vectors();
    let known = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(list(&ours, "roots").len(), known.len());
    for (vector, known) in list(&ours, "roots").iter().zip(known) {
        let leaves: Vec<_> = list(vector, "leaves").iter().map(|leaf| bytes(leaf.as_str().unwrap())).collect();
        assert_eq!(to_hex(&merkle_root(leaves.iter().map(Vec::as_slice))), text(vector, "root"));
        assert_eq!(text(vector, "root"), known);
    }
}

#[test]
fn every_stage_draws_its_ticket() {
    let (ours, root) = (urn_vectors(), root_of(&vectors(), "2027-01"));
    for vector in list(&ours, "picks") {
        let tickets = u32::try_from(number(vector, "tickets")).unwrap();
        assert_eq!(pick(&root, number(vector, "stage"), tickets) as usize, number(vector, "drawn"), "{vector}");
    }
}

#[test]
fn every_ticket_has_its_bytes() {
    let ours = &urn_vectors()["tickets"];
    let mut case = foureyes::read::read_case("examples/harbour".as_ref()).case.unwrap();
    let sizes: Vec<_> = list(ours, "sizes").iter().map(|size| size.as_u64().unwrap() as usize).collect();
    case.inspectors.truncate(number(ours, "people"));
    case.visits.truncate(sizes.len());
    let days: Vec<_> = list(ours, "days").iter().map(|day| day.as_str().unwrap().parse().unwrap()).collect();
    (case.period.from, case.period.to) = (days[0], days[days.len() - 1]);
    case.period.slots = list(ours, "slots").iter().map(|slot| slot.as_str().unwrap().to_owned()).collect();
    let span = Span { from: case.period.from, to: case.period.from };
    let layout = Layout::new(&case, span, &Schedule::default(), |visit| sizes[visit.index()]);
    for vector in list(ours, "tickets") {
        let held = list(vector, "held").iter().map(|held| {
            let team = list(held, "team").iter().map(|who| InspectorId(who.as_u64().unwrap() as u32));
            let slot = case.period.slots.iter().position(|slot| slot == text(held, "slot")).unwrap();
            let (date, team) = (text(held, "day").parse().unwrap(), Team::new(team).unwrap());
            (VisitId::at(number(held, "visit")), Assignment { date, slot: SlotId::at(slot), team })
        });
        let (ticket, mut written) = (Schedule { assignments: held.collect() }, Vec::new());
        layout.encode(&ticket, &mut written);
        assert_eq!(spelled(&written), text(vector, "bytes"));
        assert_eq!(layout.decode(&written), Ok(ticket));
    }
}

fn ceremony() -> Value {
    serde_json::from_str(include_str!("vectors/ceremony.json")).unwrap()
}

#[test]
fn every_chain_has_its_anchor_and_its_nonces() {
    for vector in list(&ceremony(), "chains") {
        let (party, length) = (text(vector, "party"), number(vector, "length") as u32);
        let chain = Chain::new(party, key_from(text(vector, "first")), length).unwrap();
        assert_eq!(to_hex(&chain.anchor()), text(vector, "anchor"));
        for revealed in list(vector, "nonces") {
            let (draw, nonce) = (number(revealed, "draw") as u32, key_from(text(revealed, "nonce")));
            assert_eq!(chain.nonce(draw), Some(nonce));
            assert!(is_link(party, &chain.anchor(), draw, &nonce));
        }
    }
}

#[test]
fn every_list_of_throws_has_its_randomness() {
    for vector in list(&ceremony(), "dice") {
        let dice = Dice::with_faces(number(vector, "faces") as u8).unwrap();
        assert_eq!(dice.throws_needed(), number(vector, "needed"));
        let throws = Throws::from_spelled(dice, text(vector, "throws")).unwrap();
        assert_eq!(to_hex(&throws.randomness()), text(vector, "randomness"));
    }
}

fn path(value: &Value) -> Vec<Digest> {
    value.as_array().unwrap().iter().map(|digest| key_from(digest.as_str().unwrap())).collect()
}

#[test]
fn every_proof_in_a_tree_has_its_path() {
    for vector in list(&ceremony(), "trees") {
        let size = number(vector, "size");
        let leaves: Vec<_> = (0..size).map(|number| leaf_hash(format!("leaf {number}").as_bytes())).collect();
        let root = key_from(text(vector, "root"));
        assert_eq!(merkle::root_of(leaves.iter().copied()), root);
        for (index, stated) in list(vector, "inclusion").iter().enumerate() {
            assert_eq!(inclusion(&leaves, index), Some(path(stated)));
            assert!(verify_inclusion(&leaves[index], index as u64, size as u64, &path(stated), &root));
        }
        for (first, stated) in (1..).zip(list(vector, "consistency")) {
            assert_eq!(consistency(&leaves, first), Some(path(stated)));
            let before = merkle::root_of(leaves[..first].iter().copied());
            assert!(verify_consistency(first as u64, &before, size as u64, &root, &path(stated)));
        }
    }
}

/// The paths that Certificate Transparency's implementations share, over the leaves whose roots stand above: leaf or first size,
/// size, path. `transparency-dev/merkle` and others have them from the first implementation, in C++.
#[test]
fn paths_of_certificate_transparency_are_ours() {
    let ours = urn_vectors();
    let leaves: Vec<Digest> =
        list(&list(&ours, "roots")[8], "leaves").iter().map(|leaf| leaf_hash(&bytes(leaf.as_str().unwrap()))).collect();
    let root = |size: usize| merkle::root_of(leaves[..size].iter().copied());
    let [l0, l1, l4, l01, l23, l45, l67, l0123, l4567] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    .map(key_from);
    let included = [
        (0, 1, vec![]),
        (0, 8, vec![l1, l23, l4567]),
        (5, 8, vec![l4, l67, l0123]),
        (2, 3, vec![l01]),
        (1, 5, vec![l0, l23, l4]),
    ];
    for (index, size, path) in included {
        assert!(verify_inclusion(&leaves[index], index as u64, size as u64, &path, &root(size)));
        assert_eq!(inclusion(&leaves[..size], index), Some(path));
    }
    let consistent =
        [(1, 1, vec![]), (1, 8, vec![l1, l23, l4567]), (6, 8, vec![l45, l67, l0123]), (2, 5, vec![l23, l4])];
    for (first, size, path) in consistent {
        assert!(verify_consistency(first as u64, &root(first), size as u64, &root(size), &path));
        assert_eq!(consistency(&leaves[..size], first), Some(path));
    }
}

/// Ed25519 is deterministic, so Python's notes must be ours byte for byte.
#[test]
fn every_note_is_signed_and_verified() {
    for vector in list(&ceremony(), "notes") {
        let keys = ["log_key", "witness_key"].map(|name| text(vector, name).parse::<VerifierKey>().unwrap());
        let time: i64 = text(vector, "time").parse().unwrap();
        let (checkpoint, signed) = Checkpoint::open(text(vector, "note").as_bytes(), &keys).unwrap();
        assert_eq!((checkpoint.origin(), checkpoint.size()), (text(vector, "origin"), number(vector, "size") as u64));
        assert_eq!(to_hex(checkpoint.root()), text(vector, "root"));
        assert_eq!(Vec::from_iter(checkpoint.extensions()), Vec::from_iter(list(vector, "extensions")));
        assert_eq!(signed, [Signed { key: &keys[0], time: None }, Signed { key: &keys[1], time: Some(time) }]);

        let secret = |name| SigningKey::from_bytes(&key_from(text(vector, name)));
        let mut note = Note::new(&checkpoint.to_string()).unwrap();
        note.sign(text(vector, "origin"), &secret("log_secret")).unwrap();
        note.cosign(text(vector, "witness"), &secret("witness_secret"), time).unwrap();
        assert_eq!(note.to_string(), text(vector, "note"));
    }
}

/// Pairs of points, with the least whole kilometres within which they lie.
#[test]
fn two_points_are_within_so_many_kilometres_and_no_fewer() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/travel.json")).unwrap();
    for vector in vectors.as_array().unwrap() {
        let [a, b] = ["a", "b"].map(|name| {
            let [lat, lon] = [0, 1].map(|at| i32::try_from(vector[name][at].as_i64().unwrap()).unwrap());
            Point::new(lat, lon).unwrap()
        });
        let km = u32::try_from(number(vector, "km")).unwrap();
        assert!(is_within(a, b, km) && is_within(b, a, km), "{vector}");
        assert!(km == 0 || !is_within(a, b, km - 1) && !is_within(b, a, km - 1), "{vector}");
    }
}
