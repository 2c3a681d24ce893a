#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::disallowed_types, clippy::disallowed_methods, clippy::print_stdout)]
use std::collections::*;
use foureyes::{draw::*, read::read_case, rules::Book, urn::fill, model::*};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let case = read_case(a[1].as_ref()).case.unwrap();
    let k: usize = a[2].parse().unwrap();
    let stage = match a.get(3).map(String::as_str) { Some("day") => Stage::Day, Some("week") => Stage::Week, _ => Stage::Period };
    let book = Book::new(&case.settings).unwrap();
    let root = Root::from_seed(&digest(b"x"), "1");
    let t0 = std::time::Instant::now();
    let mut before = Schedule::default();
    let mut draws = root.stream("draw", "x");
    for (n, span) in stage.spans(&case.period).into_iter().enumerate() {
    let t = std::time::Instant::now();
    let f = fill(&case, &book, &root, n + 1, span, &before, k);
    let el = t.elapsed().as_secs_f64();
    let mut c: BTreeMap<(VisitId, InspectorId), u64> = BTreeMap::new();
    let mut held: BTreeMap<VisitId, u64> = BTreeMap::new();
    let mut distinct = BTreeSet::new();
    let mut cov: BTreeMap<usize, usize> = BTreeMap::new();
    let mut mand: BTreeMap<usize, usize> = BTreeMap::new();
    for s in &f.tickets {
        let part: Vec<_> = s.assignments.iter().filter(|(_, a)| span.contains(a.date)).collect();
        *cov.entry(s.assignments.len() + before.assignments.len()).or_default() += 1;
        *mand.entry(s.assignments.iter().chain(&before.assignments).filter(|(v, _)| case.visit(**v).kind.is_mandatory()).count()).or_default() += 1;
        distinct.insert(format!("{part:?}"));
        for (v, a) in part { *held.entry(*v).or_default() += 1; for i in a.team.members() { *c.entry((*v, *i)).or_default() += 1; } }
    }
    if let Ok(p) = std::env::var("DUMP") { std::fs::write(p, c.iter().map(|((v,i),n)| format!("{} {} {}\n", v.0, i.0, n)).collect::<String>()).unwrap(); }
    let worst = c.iter().max_by_key(|(_, n)| **n);
    let sq: u64 = c.values().map(|n| n * n).sum();
    println!("{} {} {:.2}s steps/ticket/visit {:.2} us/placement {:.1} coverage {:?} mandatory {:?} distinct {} worst {:?} avg held {:.1} squares {:.4} (per K^2)", case.name, span.from, el, f.steps as f64 / k as f64 / case.visits.len() as f64,
        el * 1e6 / k as f64 / case.visits.len() as f64,
        cov, mand, distinct.len(), worst.map(|((v, i), n)| (case.visit(*v).id.clone(), case.inspector(*i).id.clone(), n)), held.values().sum::<u64>() as f64 / k as f64, sq as f64 / (k * k) as f64);
    let at = draws.index(k);
    if n == 0 { for s in f.tickets.iter().take(3).chain(f.tickets.iter().rev().take(2)) {
        let mut u = before.clone(); u.assignments.extend(s.assignments.clone());
        println!("   check {:?}", book.check(&case, &u).len()); } }
    before.assignments.extend(f.tickets[at].assignments.iter().filter(|(_, a)| span.contains(a.date)).map(|(v, a)| (*v, a.clone())));
    }
    println!("total {:.2}s staffed {}", t0.elapsed().as_secs_f64(), before.assignments.len());
}
