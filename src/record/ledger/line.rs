//! The one spelling of a ledger's line: the fields of its kind among `kind`, `line`, `previous` and `signed`, all in order
//! of name.
//!
//! The kind decides which fields there are, and stands among them, so no struct alone gives the order. A line goes through
//! [`Value`] therefore, and is written with every object's keys sorted.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::body::Body;
use super::hexed;
use super::signed::Signed;
use crate::draw::Digest;

/// Numbers of a record lie below this, so that every reader of JSON keeps them.
const NUMBER_END: u64 = 1 << 53;

/// A line as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub body: Body,
    pub line: u64,
    pub previous: Digest,
    pub signed: Vec<Signed>,
}

/// A line that is still to be put on the ledger: what it says, and who signed it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub body: Body,
    /// Who signed it, in order of name.
    pub signed: Vec<Signed>,
}

impl Serialize for Draft {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = fields_of(&self.body).map_err(S::Error::custom)?;
        let signed = serde_json::to_value(&self.signed).map_err(S::Error::custom)?;
        fields.insert("signed".to_owned(), signed);
        Sorted(&Value::Object(fields)).serialize(to)
    }
}

impl<'d> Deserialize<'d> for Draft {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let mut rest = Map::deserialize(from)?;
        let signed = rest.remove("signed").ok_or_else(|| D::Error::missing_field("signed"))?;
        let signed = serde_json::from_value(signed).map_err(D::Error::custom)?;
        let body = body_of(rest).map_err(D::Error::custom)?;
        Ok(Self { body, signed })
    }
}

/// What the fields of a kind say.
fn body_of(fields: Map<String, Value>) -> Result<Body, String> {
    let body = Value::Object(fields);
    if has_large_number(&body) {
        return Err("a number is 2^53 or more".to_owned());
    }
    serde_json::from_value(body).map_err(|error| error.to_string())
}

/// The fields of a line that those of its kind stand among.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    line: u64,
    #[serde(with = "hexed")]
    previous: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signed: Option<Vec<Signed>>,
}

/// The fields of [`Frame`].
const FRAME: [&str; 3] = ["line", "previous", "signed"];

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let signed = (!self.signed.is_empty()).then(|| self.signed.clone());
        let frame = Frame { line: self.line, previous: self.previous, signed };
        let mut fields = fields_of(&self.body).map_err(S::Error::custom)?;
        fields.extend(fields_of(&frame).map_err(S::Error::custom)?);
        Sorted(&Value::Object(fields)).serialize(to)
    }
}

impl<'d> Deserialize<'d> for Line {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let mut rest = Map::deserialize(from)?;
        let frame: Map<String, Value> = FRAME.iter().filter_map(|name| rest.remove_entry(*name)).collect();
        let frame: Frame = serde_json::from_value(Value::Object(frame)).map_err(D::Error::custom)?;
        if frame.line >= NUMBER_END {
            return Err(D::Error::custom("the number of a line is 2^53 or more"));
        }
        let body = body_of(rest).map_err(D::Error::custom)?;
        let signed = match frame.signed {
            Some(_) if !body.needs_two() => {
                return Err(D::Error::custom(format!("a `{}` has no field `signed`", body.kind())));
            }
            signed => signed.unwrap_or_default(),
        };
        Ok(Self { body, line: frame.line, previous: frame.previous, signed })
    }
}

fn fields_of(value: &impl Serialize) -> Result<Map<String, Value>, String> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("a line is an object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn has_large_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_none_or(|number| number >= NUMBER_END),
        Value::Array(items) => items.iter().any(has_large_number),
        Value::Object(fields) => fields.values().any(has_large_number),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// A value with the keys of every object in order, whatever a map of `serde_json` is made of.
pub(super) struct Sorted<'v>(pub &'v Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let fields: BTreeMap<&String, &Value> = fields.iter().collect();
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, &Sorted(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Sorted(item))?;
                }
                list.end()
            }
            plain => plain.serialize(to),
        }
    }
}

/// The line of a body alone, as it is signed: with its kind, without its place in the ledger, with its line feed.
pub(super) fn line_of_body(body: &Body) -> String {
    let fields = fields_of(body).expect("bodies have text keys and whole numbers, and are objects");
    crate::record::canonical::line(&Sorted(&Value::Object(fields)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::every_kind;
    use super::super::{Body, Entry, read_ledger};

    /// The names of the flaws of one line.
    fn flaws(text: &str) -> Vec<&'static str> {
        read_ledger(text.as_bytes()).1.iter().map(|flaw| flaw.name).collect()
    }

    fn text(entry: &Entry) -> String {
        String::from_utf8(entry.bytes.clone()).unwrap()
    }

    #[test]
    fn a_line_of_every_kind_reads_as_it_was_written() {
        for entry in every_kind() {
            let (read, flaws) = read_ledger(&entry.bytes);
            assert_eq!(flaws, [], "{}", text(&entry));
            assert_eq!((&read[0].body, &read[0].signed, read[0].hash), (&entry.body, &entry.signed, entry.hash));
        }
    }

    #[test]
    fn the_kind_stands_among_the_other_fields() {
        let entries = every_kind();
        assert!(text(&entries[1]).starts_with(r#"{"case":"Harbour","kind":"freeze","leaves":7,"line":2,"number":1,"#));
        let beacon = r#"{"beacon":{"chain":"52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971","kind":"quicknet","round":1000},"bound":300,"#;
        assert!(text(&entries[2]).starts_with(beacon), "{}", text(&entries[2]));
        let dice = r#"{"date":"2027-01-03","faces":6,"kind":"dice","place":"Town hall","throws":100}"#;
        assert!(text(&entries[2]).contains(dice));
        assert!(text(&entries[8]).contains(r#""beacon":{"faces":6,"kind":"dice","throws":"6 1 3"},"counter":2,"#));
    }

    #[test]
    fn a_line_has_one_spelling() {
        let entries = every_kind();
        let (freeze, commit, void) = (text(&entries[1]), text(&entries[2]), text(&entries[10]));
        assert!(matches!(entries[10].body, Body::Void(_)));
        let zeros = "0".repeat(64);
        for (line, from, to, name) in [
            (&freeze, r#"{"case":"Harbour","kind":"freeze""#, r#"{"kind":"freeze","case":"Harbour""#, "not-canonical"),
            (&freeze, r#""leaves":7"#, r#""leaves": 7"#, "not-canonical"),
            (&freeze, r#""leaves":7"#, r#""leaves":7,"leaves":7"#, "not-canonical"),
            (&freeze, r#""leaves":7"#, r#""leaves":7.0"#, "malformed"),
            (&freeze, r#""leaves":7"#, r#""leaves":-7"#, "malformed"),
            (&freeze, r#""leaves":7"#, r#""leaves":9007199254740992"#, "malformed"),
            (&freeze, r#""leaves":7"#, r#""leaves":7,"less":1"#, "malformed"),
            (&freeze, r#""leaves":7,"#, "", "malformed"),
            (&freeze, r#""line":2"#, r#""line":9007199254740992"#, "malformed"),
            (&freeze, r#""line":2"#, r#""line":null"#, "malformed"),
            (&freeze, r#""kind":"freeze","#, "", "malformed"),
            (&freeze, r#""kind":"freeze""#, r#""kind":"frieze""#, "malformed"),
            (&freeze, r#""root":"03"#, r#""root":"0A"#, "malformed"),
            (&freeze, r#""root":"03"#, r#""root":""#, "malformed"),
            (&freeze, "}\n", "}{}\n", "malformed"),
            (&freeze, "}\n", ",\"signed\":[]}\n", "malformed"),
            (&commit, r#""bound":300"#, r#""bound":null"#, "not-canonical"),
            (&commit, r#""place":"Town hall""#, r#""place":"Town hall","places":1"#, "malformed"),
            (&commit, r#"3","faces":6,"kind":"dice""#, r#"3","kind":"dice","faces":6"#, "not-canonical"),
            (&commit, r#""kind":"dice""#, r#""kind":"quicknet""#, "malformed"),
            (&commit, r#""from":"2027-01-04""#, r#""from":"2027-1-4""#, "malformed"),
            (&void, r#""name":"officer""#, r#""name":"officer","role":"officer""#, "malformed"),
            (&void, r#""name":"officer""#, r#""name":"quaestor""#, "order"),
            (&void, r#""name":"officer""#, r#""name":"planner""#, "repeated"),
            (&void, r#""reason":"The"#, "\"reason\":\"The\u{301}\u{323}", "not-nfc"),
            (&void, r#""counter":3"#, &format!("\"counter\":{zeros}3"), "malformed"),
        ] {
            let changed = line.replacen(from, to, 1);
            assert_ne!(&changed, line, "{from} is not in it");
            assert!(flaws(&changed).contains(&name), "{changed}: {:?} instead of {name}", flaws(&changed));
        }
        for strange in ["[]", "1", "null", "{}", "\"open\"", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)] {
            assert_eq!(flaws(&format!("{strange}\n")), ["malformed"]);
        }
    }
}
