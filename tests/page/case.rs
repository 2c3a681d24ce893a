//! A small case whose every id, name and word of a person or a place is unlike any other word, so that it is seen wherever it leaks.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the case.
const FILES: &[(&str, &str)] = &[
    (
        "policy.toml",
        "[case]\nname = \"A small case\"\n[period]\nfrom = 2027-01-04\nto = 2027-01-06\nweekdays = [\"mon\", \"tue\", \"wed\"]\n\
         slots = [\"am\", \"pm\"]\n[urn]\ntickets = 40\n[rules.district-tenure]\nenabled = false\n",
    ),
    (
        "inspectors.csv",
        "id,name,unit,lead,skills,supervisor\n\
         QXI-1,Qxana Qxcastle,Qxunit,yes,,\n\
         QXI-2,Qxben <script>alert(1)</script>,Qxunit,yes,,QXI-1\n\
         QXI-3,قكس ليلى,Qxunit,no,,\n\
         QXI-4,\"Qxdora \"\"&\"\" Qxelm\",Qxunit,no,Qxdiving,\n\
         QXI-5,Qxeva,Qxunit,no,,\n\
         QXI-6,Qxfay,Qxunit,yes,,\n\
         QXI-7,Qxgus,Qxunit,no,,\n",
    ),
    (
        "establishments.csv",
        "id,name,owner,district,sector,address\n\
         QXP-1,Qxharbour Inn,Qxowner Ltd,Qxnorth,Qxsector,1 Qxstreet\n\
         QXP-2,Qxlaundry,Qxowner Ltd,Qxnorth,Qxsector,2 Qxstreet\n\
         QXP-3,<b>Qxmill</b>,Qxother,Qxnorth,Qxsector,3 Qxstreet\n\
         QXP-4,Qxquay,,Qxnorth,Qxsector,4 Qxstreet\n\
         QXP-5,\"Qxyard, east\",,Qxnorth,Qxsector,\n",
    ),
    (
        "visits.csv",
        "id,establishment,kind,skills,earliest,latest\n\
         QXV-1,QXP-1,mandatory,,,\n\
         QXV-2,QXP-2,complaint,,,\n\
         QXV-3,QXP-3,programmed,,,\n\
         QXV-4,QXP-4,mandatory,Qxjuggling,,\n\
         QXV-5,QXP-5,mandatory,Qxdiving,2027-01-05,2027-01-05\n\
         QXV-6,QXP-4,mandatory,Qxjuggling,,\n",
    ),
    (
        "conflicts.csv",
        "inspector,target_kind,target,category,from,to\nQXI-1,owner,Qxother,kin,,\nQXI-5,establishment,QXP-2,Qxcategory,2026-01-01,2026-12-31\n",
    ),
    (
        "absences.csv",
        "inspector,from,to,reason\nQXI-7,2027-01-04,2027-01-05,Qxreason\nQXI-6,2027-01-05,2027-01-06,Qxreason\n",
    ),
    ("history.csv", "date,establishment,inspectors\n2026-12-01,QXP-1,QXI-2|QXI-3\n"),
    (
        "waivers.csv",
        "rule,visit,inspector,reason,approver,date\nno-return,QXV-1,QXI-2,Qxbecause,Qxdirector,2026-12-20\n",
    ),
];

/// Writes the case in `folder`.
pub fn write(folder: &Path) -> PathBuf {
    let case = folder.join("qxcase");
    fs::create_dir_all(&case).unwrap();
    FILES.iter().for_each(|(name, text)| fs::write(case.join(name), text).unwrap());
    case
}

/// Every word that names somebody or something: whatever begins with `Qx`, in any case, and the name in another script.
pub fn words() -> Vec<String> {
    let text: String = FILES.iter().filter(|(name, _)| *name != "policy.toml").map(|(_, text)| *text).collect();
    let word = |c: char| !(c.is_alphanumeric() || c == '-');
    let own = text.split(word).filter(|word| word.to_lowercase().starts_with("qx"));
    let mut words: Vec<String> = own.map(str::to_lowercase).chain(["قكس".to_owned(), "ليلى".to_owned()]).collect();
    words.sort();
    words.dedup();
    words
}
