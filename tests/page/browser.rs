//! A real browser, where there is one: it opens pages from the disk, as somebody with a USB stick does.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where a Chromium may lie when nobody names it.
const USUAL: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What is handed to it besides a page: no window, no network, nothing kept.
const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--enable-logging=stderr",
    "--v=0",
];

/// The browser that FOUREYES_BROWSER names, which must then be there; else one from the usual places; else none, and it is said.
pub fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("FOUREYES_BROWSER").filter(|named| !named.is_empty()) {
        let found = Command::new(&named).arg("--version").output().is_ok_and(|output| output.status.success());
        assert!(found, "FOUREYES_BROWSER names {named:?}, and that can't be started");
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = USUAL.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    let found = usual.into_iter().find(|path| path.is_file());
    if found.is_none() {
        eprintln!("no Chromium was found, so no page was opened in one; FOUREYES_BROWSER=PATH names one");
    }
    found
}

/// Opens `page` in the browser, with more arguments.
pub fn open(browser: &Path, page: &Path, more: &[&str]) -> Output {
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new(browser);
    command.args(ARGUMENTS).arg(format!("--user-data-dir={}", profile.path().display())).args(more);
    command.arg(format!("file://{}", page.display())).output().unwrap()
}

/// What the console of the page says: nothing, where all is well.
pub fn console(output: &Output) -> Vec<String> {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
}

/// Shows `page` in a frame so many pixels wide, runs `script` in it with `frame` its window, and gives the text that it returns; and what
/// the console said.
pub fn asked(browser: &Path, page: &Path, width: u32, script: &str) -> (String, Vec<String>) {
    let harness = page.with_extension("harness.html");
    let name = page.file_name().unwrap().to_string_lossy();
    let text = format!(
        "<!DOCTYPE html><meta charset=utf-8><iframe id=f src=\"{name}\" style=\"width:{width}px;height:800px;border:0\"></iframe>\
         <pre id=told>nothing</pre><script>document.getElementById('f').onload = function () {{\
         var frame = this.contentWindow; document.getElementById('told').textContent = '[[' + (function () {{ {script} }})() + ']]'; }};</script>"
    );
    fs::write(&harness, text).unwrap();
    let output = open(browser, &harness, &["--window-size=1280,1000", "--virtual-time-budget=20000", "--dump-dom"]);
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = dom.split_once("<pre id=\"told\">[[").and_then(|(_, rest)| rest.split_once("]]"));
    let told =
        told.unwrap_or_else(|| panic!("the browser did not answer: {}", String::from_utf8_lossy(&output.stderr)));
    (told.0.to_owned(), console(&output))
}
