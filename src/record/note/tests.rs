//! Notes that other implementations made, and what may not pass for one.

use ed25519_dalek::VerifyingKey;

use super::*;

/// From the tests of `golang.org/x/mod/sumdb/note`, where the format comes from.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const BY_PETER: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const BY_ENOCH: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

/// A checkpoint of a public log as it was served, with signatures of several kinds under it. The two keys are the log's own and
/// that of one of its witnesses.
const ARCHE: &[u8] = include_bytes!("../../../tests/vectors/arche2025h1.note");
const ARCHE_KEY: &str = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
const REMORA_KEY: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";

fn key(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn secret() -> SigningKey {
    let bytes = from_base64(PETER_SECRET).unwrap();
    SigningKey::from_bytes(bytes[1..].try_into().unwrap())
}

fn signed_by(note: &str, keys: &[VerifierKey]) -> Result<Vec<String>, NoteFlaw> {
    let note = Note::parse(note.as_bytes())?;
    Ok(note.verified(keys)?.iter().map(|signed| signed.key.name().to_owned()).collect())
}

#[test]
fn signing_gives_the_bytes_of_the_first_implementation() {
    let mut note = Note::new(TEXT).unwrap();
    note.sign("PeterNeumann", &secret()).unwrap();
    assert_eq!(note.to_string(), format!("{TEXT}\n{BY_PETER}"));
    note.sign("PeterNeumann", &secret()).unwrap();
    assert_eq!(note.to_string(), format!("{TEXT}\n{BY_PETER}"), "the new one takes the place of the old one");
}

#[test]
fn signatures_of_known_keys_are_told_and_others_ignored() {
    let (peter, enoch) = (key(PETER), key(ENOCH));
    let both = format!("{TEXT}\n{BY_PETER}{BY_ENOCH}");
    assert_eq!(signed_by(&both, &[key(PETER)]).unwrap(), ["PeterNeumann"]);
    assert_eq!(signed_by(&both, &[enoch.clone(), peter.clone()]).unwrap(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(signed_by(&both, &[]), Err(NoteFlaw::Unsigned));
    let twice = format!("{TEXT}\n{BY_PETER}{BY_PETER}{BY_ENOCH}");
    assert_eq!(signed_by(&twice, &[peter.clone(), peter.clone()]).unwrap(), ["PeterNeumann"]);
    assert_eq!(Note::parse(both.as_bytes()).unwrap().to_string(), both);
}

#[test]
fn a_false_signature_of_a_known_key_condemns_the_note() {
    let (peter, enoch) = (key(PETER), key(ENOCH));
    let longer = format!("{TEXT}\n{}ABCD{}{BY_ENOCH}", &BY_PETER[..60], &BY_PETER[60..]);
    assert_eq!(signed_by(&longer, &[enoch.clone(), peter.clone()]), Err(NoteFlaw::Forged("PeterNeumann".to_owned())));
    assert_eq!(signed_by(&longer, &[enoch]).unwrap(), ["EnochRoot"]);
    for (from, to) in [("answer", "Answer"), ("x08go/ZJ", "x08go/ZK"), ("\n\n", "\n\n\n")] {
        let changed = format!("{TEXT}\n{BY_PETER}").replacen(from, to, 1);
        assert_eq!(signed_by(&changed, &[key(PETER)]), Err(NoteFlaw::Forged("PeterNeumann".to_owned())));
    }
}

#[test]
fn the_same_name_or_the_same_id_is_not_the_same_key() {
    let renamed = format!("{TEXT}\n{}", BY_PETER.replace("PeterNeumann", "PeterNeuman"));
    assert_eq!(signed_by(&renamed, &[key(PETER)]), Err(NoteFlaw::Unsigned));
    let other_id = format!("{TEXT}\n{}", BY_PETER.replace("x08go/", "x08gp/"));
    assert_eq!(signed_by(&other_id, &[key(PETER)]), Err(NoteFlaw::Unsigned));
}

#[test]
fn nothing_else_is_a_note() {
    let open = BY_PETER.trim_end();
    let cases = [
        (TEXT.to_owned(), NoteFlaw::NoSignatures),
        (format!("{TEXT}\n"), NoteFlaw::NoSignatures),
        (format!("{TEXT}\n{open}"), NoteFlaw::NoSignatures),
        (format!("\u{1}{TEXT}\n{BY_PETER}"), NoteFlaw::Control),
        (format!("{TEXT}\r\n{BY_PETER}"), NoteFlaw::Control),
        (format!("{TEXT}\n— a\u{1}b {}\n", "QUJDRAA="), NoteFlaw::Control),
        (format!("{TEXT}\n— Bad Name QUJDRAA=\n"), NoteFlaw::SignatureLine(1)),
        (format!("{TEXT}\n— Bad+Name QUJDRAA=\n"), NoteFlaw::SignatureLine(1)),
        (format!("{TEXT}\n— Bad\u{a0}Name QUJDRAA=\n"), NoteFlaw::SignatureLine(1)),
        (format!("{TEXT}\n—  QUJDRAA=\n"), NoteFlaw::SignatureLine(1)),
        (format!("{TEXT}\n{BY_PETER}Unexpected line.\n"), NoteFlaw::SignatureLine(2)),
        (format!("{TEXT}\n- name QUJDRAA=\n"), NoteFlaw::SignatureLine(1)),
        (format!("{TEXT}\n{}", BY_PETER.repeat(SIGNATURES_MAX + 1)), NoteFlaw::TooMany),
    ];
    for (note, flaw) in cases {
        assert_eq!(Note::parse(note.as_bytes()), Err(flaw), "{note}");
    }
    assert_eq!(Note::parse(format!("{TEXT}\n{BY_PETER}").replace("If", "\u{fffd}").as_bytes()).map(|_| ()), Ok(()));
    assert_eq!(Note::parse(b"\xff\n\nx\n"), Err(NoteFlaw::NotUtf8));
    let large = vec![b'a'; NOTE_BYTES_MAX + 1];
    assert_eq!(Note::parse(&large), Err(NoteFlaw::TooLarge(NOTE_BYTES_MAX + 1)));
    assert_eq!(Note::new("abc"), Err(NoteFlaw::OpenText));
    assert!(Note::parse(format!("{TEXT}\n{}", BY_PETER.repeat(SIGNATURES_MAX)).as_bytes()).is_ok());
}

#[test]
fn base64_has_one_spelling() {
    for wrong in [
        "QUJDRA",
        "QUJDRAA",
        "QUJDRAB=",
        "QUJDRAA==",
        "QUJD RAA=",
        "QUJDRAA=\u{85}",
        "QUJDRA_=",
        "",
        "QUJDRA==",
        "QUJD",
    ] {
        let note = format!("{TEXT}\n— name {wrong}\n");
        assert_eq!(Note::parse(note.as_bytes()), Err(NoteFlaw::SignatureLine(1)), "{wrong}");
    }
    assert!(Note::parse(format!("{TEXT}\n— name QUJDRAA=\n").as_bytes()).is_ok());
}

/// The example of the specification, which signs no checkpoint, and has blank lines in its text.
#[test]
fn the_text_ends_at_the_last_blank_line() {
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let parsed = Note::parse(note.as_bytes()).unwrap();
    assert!(parsed.text().ends_with(":\n\ned è subito sera.\n"));
    assert_eq!(parsed.to_string(), note);
}

#[test]
fn keys_are_read_from_one_spelling() {
    for text in [PETER, ENOCH, ARCHE_KEY, REMORA_KEY, "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"] {
        assert_eq!(key(text).to_string(), text);
    }
    for (start, end) in (0..PETER.len()).flat_map(|start| (start + 1..=PETER.len()).map(move |end| (start, end))) {
        assert_eq!(PETER[start..end].parse::<VerifierKey>().is_ok(), end - start == PETER.len());
    }
    for at in 0..PETER.len() {
        let mut bytes = PETER.as_bytes().to_vec();
        bytes[at] += 1;
        assert!(String::from_utf8(bytes).unwrap().parse::<VerifierKey>().is_err());
    }
    let flaw = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    let long = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==";
    assert!(matches!(flaw(long), KeyFlaw::Spelling | KeyFlaw::Weak));
    assert_eq!(flaw("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), KeyFlaw::Kind(0x65));
    assert_eq!(flaw(&PETER.replace("c74f", "C74F")), KeyFlaw::Spelling);
    assert!(matches!(flaw(&PETER.replace("Peter", "peter")), KeyFlaw::Id { .. }));
}

#[test]
fn no_key_is_taken_with_which_anybody_could_sign() {
    let (mut one, mut above) = ([0; 32], [0xff; 32]);
    one[0] = 1;
    // y = p + 3, the second spelling of y = 3, which is on the curve.
    (above[0], above[31]) = (0xf0, 0x7f);
    for bytes in [one, [0; 32], above] {
        let Ok(key) = VerifyingKey::from_bytes(&bytes) else { continue };
        assert_eq!(VerifierKey::new("name", SignatureKind::Note, key), Err(KeyFlaw::Weak), "{bytes:?}");
    }
    assert!(VerifyingKey::from_bytes(&one).is_ok() && VerifyingKey::from_bytes(&above).is_ok());
}

#[test]
fn names_stand_before_a_signature_and_can_be_read_back() {
    let public = secret().verifying_key();
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{7f}", "a\u{85}b", &"a".repeat(256)] {
        assert!(matches!(VerifierKey::new(name, SignatureKind::Note, public), Err(KeyFlaw::Name(_))), "{name:?}");
        assert!(matches!(Note::new(TEXT).unwrap().sign(name, &secret()), Err(NoteFlaw::Key(_))));
    }
    assert!(VerifierKey::new("Inspekció/Győr", SignatureKind::Note, public).is_ok());
}

#[test]
fn a_checkpoint_of_a_public_log_is_verified() {
    let keys = [key(ARCHE_KEY), key(REMORA_KEY)];
    let (checkpoint, signed) = Checkpoint::open(ARCHE, &keys).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532));
    let told: Vec<_> = signed.iter().map(|signed| (signed.key.name(), signed.time)).collect();
    assert_eq!(told, [(checkpoint.origin(), None), ("remora.n621.de", Some(1_779_573_024))]);
    assert_eq!(Note::parse(ARCHE).unwrap().to_string().as_bytes(), ARCHE);
}

#[test]
fn a_cosignature_stands_for_its_time_and_its_text() {
    let text = std::str::from_utf8(ARCHE).unwrap();
    let forged = Err(NoteFlaw::Forged("remora.n621.de".to_owned()));
    for (from, to) in
        [("2net5wAAAABqEiEg", "2net5wAAAABqEiEh"), ("1432088532", "1432088533"), ("2net5wAAAABq", "2net5///////")]
    {
        assert_eq!(signed_by(&text.replace(from, to), &[key(REMORA_KEY)]), forged);
    }
    let short = text.replace(
        "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==",
        "2net5wAAAABq",
    );
    assert_eq!(signed_by(&short, &[key(REMORA_KEY)]), forged);
}

#[test]
fn only_checkpoints_are_cosigned_and_only_since_1970() {
    let mut note = Note::new(TEXT).unwrap();
    assert!(matches!(note.cosign("auditor", &secret(), 0), Err(NoteFlaw::Checkpoint(_))));
    let mut note = Note::new(&Checkpoint::new("log", 0, [0; 32]).unwrap().to_string()).unwrap();
    assert_eq!(note.cosign("auditor", &secret(), -1), Err(NoteFlaw::Time));
    for time in [i64::MAX, 5, 6] {
        note.cosign("auditor", &secret(), time).unwrap();
        let keys = [VerifierKey::new("auditor", SignatureKind::Cosignature, secret().verifying_key()).unwrap()];
        let (_, signed) = Checkpoint::open(note.to_string().as_bytes(), &keys).unwrap();
        assert_eq!(signed, [Signed { key: &keys[0], time: Some(time) }]);
        let other = [VerifierKey::new("auditor", SignatureKind::Note, secret().verifying_key()).unwrap()];
        assert_eq!(note.verified(&other), Err(NoteFlaw::Unsigned));
    }
}

#[test]
fn checkpoints_have_one_spelling() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let text = format!("example.com/behind-the-sofa\n20852163\n{root}\n");
    for good in [
        text.clone(),
        format!("a b+c\n0\n{root}\n"),
        format!("{text}one\n two\n"),
        format!("a\n{}\n{root}\n", u64::MAX),
    ] {
        assert_eq!(Checkpoint::parse(&good).unwrap().to_string(), good);
    }
    assert_eq!(Checkpoint::parse(&format!("{text}one\n two\n")).unwrap().extensions(), ["one", " two"]);
    for (from, to) in [
        ("example.com/behind-the-sofa", ""),
        ("behind", "be\u{9b}hind"),
        ("20852163", "020852163"),
        ("20852163", "+20852163"),
        ("20852163", "-1"),
        ("20852163", ""),
        ("20852163", "18446744073709551616"),
        ("20852163", "1e3"),
        ("q2I=", "q2J="),
        ("q2I=", "q2I"),
        ("q2I=", "AAAA"),
        ("I=\n", "I=\n\n"),
        ("I=\n", "I=\none\n\ntwo\n"),
        ("I=\n", "I="),
        (root, ""),
    ] {
        assert!(Checkpoint::parse(&text.replace(from, to)).is_err(), "{from} {to}");
    }
    assert!(Checkpoint::parse("").is_err() && Checkpoint::parse("\n").is_err() && Checkpoint::parse("a\n1\n").is_err());
    assert!(Checkpoint::new("a\nb", 0, [0; 32]).is_err() && Checkpoint::new("", 0, [0; 32]).is_err());
}
