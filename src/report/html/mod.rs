//! Pages for people: one self-contained file each, that opens from a USB stick and prints.
//!
//! What a page shows is made elsewhere; here is what all pages share: the frame, the style, tables and [`chart`]s. Whatever
//! is put into a page is escaped by `maud`. A page loads nothing and sends nothing: its own policy (`Content-Security-Policy`)
//! forbids it, but for the one script that is named there by its hash.

pub mod chart;
#[cfg(test)]
mod tests;

use base64ct::{Base64, Encoding as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::draw::digest;

const STYLE: &str = include_str!("style.css");

/// Who made a page: by this a page of ours is known, which may be written anew.
const GENERATOR: &str = concat!("foureyes ", env!("CARGO_PKG_VERSION"));

/// Whether a file that begins with these bytes is a page that this program wrote, in this version or another.
///
/// ```
/// use foureyes::report::html::{Page, is_page};
/// let page = Page { title: "Harbour", subtitle: None, parts: Vec::new(), script: None }.to_html();
/// assert!(is_page(page.as_bytes()) && !is_page(b"<!DOCTYPE html><p>mine"));
/// ```
pub fn is_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default());
    head.starts_with("<!DOCTYPE html>") && head.contains("<meta name=\"generator\" content=\"foureyes ")
}

/// Bytes within which a page says who made it.
const HEAD: usize = 1024;

/// A page.
#[derive(Clone, Debug)]
pub struct Page<'p> {
    /// Its title, also that of the window.
    pub title: &'p str,
    /// What is said under the title, if anything.
    pub subtitle: Option<&'p str>,
    /// The parts, each of which can be jumped to.
    pub parts: Vec<Part>,
    /// What the page does where scripts run, and does without where they don't: filtering.
    pub script: Option<&'p str>,
}

/// A part of a page.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name in the page's address; letters and hyphens.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// What it shows.
    pub body: Markup,
}

impl Page<'_> {
    /// The whole file.
    ///
    /// ```
    /// # use foureyes::report::html::Page;
    /// let page = Page { title: "Harbour <district>", subtitle: None, parts: Vec::new(), script: None };
    /// assert!(page.to_html().contains("<h1>Harbour &lt;district&gt;</h1>"));
    /// ```
    pub fn to_html(&self) -> String {
        let whole = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(self.may());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="generator" content=(GENERATOR);
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a class="skip" href="#content" { "To the content" }
                    header {
                        h1 { (self.title) }
                        @if let Some(subtitle) = self.subtitle { p class="subtitle" { (subtitle) } }
                        (self.ways())
                    }
                    main id="content" {
                        @for part in &self.parts {
                            section id=(part.id) aria-labelledby={ (part.id) "-title" } {
                                h2 id={ (part.id) "-title" } { (part.title) }
                                (part.body)
                            }
                        }
                    }
                    @if let Some(script) = self.script { script { (PreEscaped(script)) } }
                }
            }
        };
        whole.into_string()
    }

    fn ways(&self) -> Markup {
        html! {
            @if self.parts.len() > 1 {
                nav aria-label="Parts of this page" {
                    @for part in &self.parts { a href={ "#" (part.id) } { (part.title) } }
                }
            }
        }
    }

    /// What the page may do: nothing but its own style, and its own script as it stands.
    fn may(&self) -> String {
        let script = self.script.map_or_else(
            || "'none'".to_owned(),
            |script| format!("'sha256-{}'", Base64::encode_string(&digest(script.as_bytes()))),
        );
        format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src {script}; base-uri 'none'; form-action 'none'"
        )
    }
}

/// A table that scrolls by itself where the screen is narrow. Columns are named with whether they hold numbers.
pub fn table(caption: &str, columns: &[(&str, bool)], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for (name, number) in columns { th scope="col" class=[number.then_some("number")] { (name) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (cell, (_, number)) in row.iter().zip(columns) {
                                td class=[number.then_some("number")] { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}
