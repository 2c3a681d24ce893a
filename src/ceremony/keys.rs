//! A party's keys: an Ed25519 key and the beginning of a chain of secrets, both from the operating system's randomness.
//!
//! `NAME.secret` is for its owner alone, `NAME.party` is what the others get. Neither is ever overwritten: a lost key is a lost
//! party, and one that was made anew would sign what its owner never saw.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use super::{Access, CeremonyError, Disk};
use crate::draw::nonce::{Chain, LINKS_MAX};
use crate::draw::{Digest, from_hex, to_hex};
use crate::record::ledger::{Body, Party, Role, Signed, is_party_name};
use crate::record::{read_spelled, spelled};

/// The format of a secret.
const FORMAT: &str = "foureyes/v1/secret";

/// No file of a party is longer.
const BYTES_MAX: u64 = 16 * 1024;

/// A party's secrets.
#[derive(Clone, Debug)]
pub struct Keys {
    path: PathBuf,
    chain: Chain,
    key: SigningKey,
    role: Role,
}

/// What stands in `NAME.secret`: one line, fields in order of name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretLine {
    chain: String,
    format: String,
    key: String,
    links: u32,
    name: String,
    role: Role,
}

/// What making keys did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysMade {
    /// Both files are new.
    New,
    /// The secret was there, as an interrupted run leaves it; the party's file was written from it.
    Completed,
    /// Both were there, of this role and with as many links; nothing was written.
    AsBefore,
}

/// Whether `name` may be the name of a file on any system as well as that of a party.
///
/// ```
/// use foureyes::ceremony::is_file_name;
/// assert!(is_file_name("audit.example") && !is_file_name("audit/example") && !is_file_name(".audit") && !is_file_name("a b"));
/// ```
pub fn is_file_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte));
    is_party_name(name) && plain && !name.starts_with(['.', '-']) && !name.ends_with('.')
}

impl Keys {
    /// Makes `NAME.secret` and `NAME.party` in `folder`.
    ///
    /// # Errors
    /// A name that can't be, too many or no links, or other keys of that name that are there.
    pub fn create(
        disk: &Disk,
        folder: &Path,
        name: &str,
        role: Role,
        links: u32,
    ) -> Result<(Self, KeysMade), CeremonyError> {
        if !is_file_name(name) {
            let hint = "take letters, digits, and `-`, `_`, `.` or `@` between them, as in `audit.example`";
            return Err(CeremonyError::refused(
                format!("`{name}` can't be the name of a party and of its files"),
                hint,
            ));
        }
        let (secret, party) = (folder.join(format!("{name}.secret")), folder.join(format!("{name}.party")));
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        let made = match (is_there(&secret), is_there(&party)) {
            (false, false) => KeysMade::New,
            (true, false) => KeysMade::Completed,
            (true, true) => KeysMade::AsBefore,
            (false, true) => return Err(taken(folder, name)),
        };
        if made == KeysMade::New {
            let line = secret_line(name, role, links)?;
            disk.create_whole(&secret, line.as_bytes(), Access::Owner).map_err(CeremonyError::io(&secret))?;
        }
        let keys = Self::load(&secret)?;
        if (keys.name(), keys.role, keys.chain.length()) != (name, role, links) {
            return Err(taken(folder, name));
        }
        match made {
            KeysMade::AsBefore if read_party(&party)? != keys.party() => return Err(taken(folder, name)),
            KeysMade::AsBefore => {}
            KeysMade::New | KeysMade::Completed => {
                let line = spelled(&keys.party());
                disk.create_whole(&party, line.as_bytes(), Access::Everybody).map_err(CeremonyError::io(&party))?;
            }
        }
        Ok((keys, made))
    }

    /// The secrets in a file that [`create`](Self::create) made.
    ///
    /// # Errors
    /// Where the file can't be read or is none.
    pub fn load(path: &Path) -> Result<Self, CeremonyError> {
        let wrong = |says: &str| CeremonyError::File { path: path.to_owned(), says: says.to_owned() };
        let line: SecretLine = read(path)?.map_err(|_| wrong("is no file that `foureyes keys new` made"))?;
        let (first, key) = from_hex(&line.chain).zip(from_hex(&line.key)).ok_or_else(|| wrong("was changed"))?;
        if line.format != FORMAT || !is_party_name(&line.name) {
            return Err(wrong("is of another version of this program, or was changed"));
        }
        let chain = Chain::new(&line.name, first, line.links).ok_or_else(|| wrong("was changed"))?;
        Ok(Self { path: path.to_owned(), chain, key: SigningKey::from_bytes(&key), role: line.role })
    }

    /// Where the secrets stand.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose they are.
    pub fn name(&self) -> &str {
        self.chain.party()
    }

    /// What the party does.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The key that signs.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What everybody may know: the line of `NAME.party`.
    pub fn party(&self) -> Party {
        Party {
            anchor: self.chain.anchor(),
            key: self.key.verifying_key().to_bytes(),
            links: u64::from(self.chain.length()),
            name: self.name().to_owned(),
            role: self.role,
        }
    }

    /// The secret for the draw of commitment `counter`, from 1; none beyond the end of the chain.
    pub fn nonce(&self, counter: u64) -> Option<Digest> {
        self.chain.nonce(u32::try_from(counter).ok()?)
    }

    /// The party's signature of a line that says `body` in the ledger `origin`.
    pub fn sign(&self, origin: &str, body: &Body) -> Signed {
        Signed::new(self.name(), &self.key, origin, body)
    }
}

/// What a party's public file says.
///
/// # Errors
/// Where the file can't be read or is none.
pub fn read_party(path: &Path) -> Result<Party, CeremonyError> {
    let none = |says: &str| CeremonyError::File { path: path.to_owned(), says: says.to_owned() };
    read(path)?.map_err(|_| none("is no file of a party; `foureyes keys new` makes NAME.party"))
}

/// The one line of a small file.
fn read<T: Serialize + serde::de::DeserializeOwned>(path: &Path) -> Result<Result<T, ()>, CeremonyError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes));
    read.map_err(CeremonyError::io(path))?;
    Ok(read_spelled(&bytes, &path.to_string_lossy()).map_err(drop))
}

fn secret_line(name: &str, role: Role, links: u32) -> Result<String, CeremonyError> {
    if !(1..=LINKS_MAX).contains(&links) {
        let hint = format!("take 1 to {LINKS_MAX}: one for each draw, before the party makes new keys");
        return Err(CeremonyError::refused(format!("a chain of {links} links serves nobody"), hint));
    }
    let (chain, key) = (to_hex(&random()?), to_hex(&random()?));
    Ok(spelled(&SecretLine { chain, format: FORMAT.to_owned(), key, links, name: name.to_owned(), role }))
}

/// 32 bytes of the operating system's randomness.
pub fn random() -> Result<Digest, CeremonyError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        let source = io::Error::other(error.to_string());
        CeremonyError::Io { path: PathBuf::from("the system's randomness"), source }
    })?;
    Ok(bytes)
}

fn taken(folder: &Path, name: &str) -> CeremonyError {
    let says = format!("`{}` has keys of `{name}` already; they are never overwritten", folder.display());
    CeremonyError::refused(says, "use those, or take another name or folder")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::disk::{Cut, Fault};
    use super::*;
    use crate::draw::nonce::is_link;

    #[test]
    fn keys_come_back_as_they_were_made() {
        let scratch = tempfile::tempdir().unwrap();
        let (keys, made) = Keys::create(&Disk::new(), scratch.path(), "audit", Role::Auditor, 9).unwrap();
        assert_eq!(made, KeysMade::New);
        let again = Keys::load(&scratch.path().join("audit.secret")).unwrap();
        let party = read_party(&scratch.path().join("audit.party")).unwrap();
        assert_eq!((again.party(), keys.party()), (party.clone(), party.clone()));
        assert_eq!(party.flaws(), []);
        assert!(is_link("audit", &party.anchor, 9, &keys.nonce(9).unwrap()));
        assert_eq!((keys.nonce(0), keys.nonce(10), keys.nonce(u64::MAX)), (None, None, None));
    }

    #[test]
    fn no_two_keys_are_the_same_and_none_is_overwritten() {
        let scratch = tempfile::tempdir().unwrap();
        let make = |name| Keys::create(&Disk::new(), scratch.path(), name, Role::Officer, 3);
        let (one, other) = (make("one").unwrap().0.party(), make("other").unwrap().0.party());
        assert!(one.key != other.key && one.anchor != other.anchor);
        assert_eq!(make("one").map(|(keys, made)| (keys.party(), made)).unwrap(), (one.clone(), KeysMade::AsBefore));
        let otherwise =
            |role, links| Keys::create(&Disk::new(), scratch.path(), "one", role, links).unwrap_err().to_string();
        assert!(otherwise(Role::Auditor, 3).contains("never overwritten"));
        assert!(otherwise(Role::Officer, 4).contains("never overwritten"));
        fs::copy(scratch.path().join("other.party"), scratch.path().join("one.party")).unwrap();
        assert!(otherwise(Role::Officer, 3).contains("never overwritten"));
        fs::remove_file(scratch.path().join("one.secret")).unwrap();
        assert!(otherwise(Role::Officer, 3).contains("never overwritten"));
        make("one2").unwrap();
        fs::rename(scratch.path().join("one2.secret"), scratch.path().join("one.secret")).unwrap();
        assert!(otherwise(Role::Officer, 3).contains("never overwritten"), "somebody else's");
    }

    #[test]
    fn a_secret_stays_when_the_party_is_written_again() {
        let scratch = tempfile::tempdir().unwrap();
        let make = || Keys::create(&Disk::new(), scratch.path(), "one", Role::Officer, 3).unwrap();
        let one = make().0.party();
        fs::remove_file(scratch.path().join("one.party")).unwrap();
        assert_eq!(make().1, KeysMade::Completed);
        assert_eq!(Keys::load(&scratch.path().join("one.secret")).unwrap().party(), one);
    }

    #[test]
    fn stopped_anywhere_the_same_command_completes_it() {
        for cut in [Cut::Kill, Cut::Power] {
            for at in 0.. {
                let scratch = tempfile::tempdir().unwrap();
                let disk = Disk::failing(Fault { at, part: 50, cut });
                let make = |disk: &Disk| Keys::create(disk, scratch.path(), "audit", Role::Auditor, 3);
                let first = make(&disk);
                if !disk.has_failed() {
                    assert!(at > 8);
                    break;
                }
                let before = fs::read(scratch.path().join("audit.secret")).ok();
                assert!(first.is_err());
                assert!(make(&Disk::new()).is_ok());
                let after = fs::read(scratch.path().join("audit.secret")).unwrap();
                assert!(before.is_none_or(|before| before == after), "a secret that was there stays");
                assert!(read_party(&scratch.path().join("audit.party")).is_ok());
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        Keys::create(&Disk::new(), scratch.path(), "audit", Role::Auditor, 3).unwrap();
        let about = fs::metadata(scratch.path().join("audit.secret")).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_secret_is_never_printed() {
        let scratch = tempfile::tempdir().unwrap();
        let (keys, _) = Keys::create(&Disk::new(), scratch.path(), "audit", Role::Auditor, 3).unwrap();
        let (printed, file) = (format!("{keys:?}"), fs::read_to_string(keys.path()).unwrap());
        for secret in [to_hex(keys.key.as_bytes()), to_hex(&keys.nonce(3).unwrap())] {
            assert!(file.contains(&secret) && !printed.contains(&secret), "{printed}");
        }
        assert!(!printed.contains(&format!("{:?}", keys.key.as_bytes())));
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("a.secret");
        for text in ["", "{}\n", "[]\n", "{\"chain\":\"\"}\n", "\n"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(Keys::load(&path), Err(CeremonyError::File { .. })), "{text:?}");
            assert!(matches!(read_party(&path), Err(CeremonyError::File { .. })), "{text:?}");
        }
        assert!(matches!(Keys::load(&scratch.path().join("none")), Err(CeremonyError::Io { .. })));
        for (name, links) in [("a b", 3), ("a+b", 3), ("../a", 3), ("", 3), ("b", 0), ("b", 1_000_001)] {
            let made = Keys::create(&Disk::new(), scratch.path(), name, Role::Officer, links);
            assert!(matches!(made, Err(CeremonyError::Refused { .. })), "{name} {links}");
        }
    }
}
