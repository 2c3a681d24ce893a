//! A case as it would be: its folder, with some files in another form.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::super::source::{Folder, Source};

/// A case with some files as they would be.
pub(super) struct Overlay<'a> {
    pub(super) base: &'a Folder,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) names: Vec<String>,
}

impl<'a> Overlay<'a> {
    /// The case with one file in another form.
    pub(super) fn of(base: &'a Folder, name: &str, text: &str) -> Self {
        Self { base, files: BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())]), names: Vec::new() }
    }
}

impl Source for Overlay<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.names.clone())
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        self.files.get(name).map_or_else(|| self.base.size(name), |bytes| Ok(bytes.len() as u64))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.files.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => self.base.open(name),
        }
    }
}
