//! Bytes of a fixed length as a field of a line: lower-case hexadecimal digits, no other spelling.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

use crate::draw::{from_hex, to_hex};

pub(in crate::record) fn serialize<S: Serializer, const N: usize>(bytes: &[u8; N], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&to_hex(bytes))
}

pub(in crate::record) fn deserialize<'d, D: Deserializer<'d>, const N: usize>(from: D) -> Result<[u8; N], D::Error> {
    let text = String::deserialize(from)?;
    from_hex(&text).ok_or_else(|| D::Error::custom(format!("expected {} lower-case hexadecimal digits", 2 * N)))
}

/// The same for a field that may be absent.
pub(in crate::record) mod maybe {
    use serde::{Deserializer, Serializer};

    pub(in crate::record) fn serialize<S: Serializer, const N: usize>(
        bytes: &Option<[u8; N]>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => super::serialize(bytes, to),
            None => to.serialize_none(),
        }
    }

    pub(in crate::record) fn deserialize<'d, D: Deserializer<'d>, const N: usize>(
        from: D,
    ) -> Result<Option<[u8; N]>, D::Error> {
        super::deserialize(from).map(Some)
    }
}
