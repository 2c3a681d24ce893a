//! What a page may do, and what can't be put into it.

use maud::html;

use super::chart::{Chart, Series, Shape, short};
use super::{Page, Part, table};

fn page(title: &str, script: Option<&str>) -> String {
    let body = table("People", &[("id", false)], &[vec![html! { ("<b>&\"") }]]);
    Page { title, subtitle: None, parts: vec![Part { id: "people", title: "People".to_owned(), body }], script }
        .to_html()
}

#[test]
fn nothing_that_is_put_into_a_page_is_taken_for_markup() {
    let page = page("<script>alert(1)</script>", None);
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
}

#[test]
fn a_page_loads_nothing_and_runs_only_its_own_script() {
    assert!(page("p", None).contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'none'"));
    // The hash is by `printf %s 'f()' | openssl dgst -sha256 -binary | base64`.
    assert!(page("p", Some("f()")).contains("script-src 'sha256-GcEEE0IkDzIP5EQ6DXZaDPORqT5RTBELX8Fyzyg9yvo='"));
}

#[test]
fn a_chart_has_its_figures_in_a_table_and_in_colours_that_the_style_knows() {
    let labels = ["a<b".to_owned(), "c".to_owned()];
    let series = Series { name: "n", shape: Shape::Bars, colour: 0, values: &[Some(1.5), None] };
    let chart = Chart { caption: "A \"chart\"", across: "who", up: "n", labels: &labels, series: &[series] };
    let markup = chart.to_markup().into_string();
    assert!(markup.contains("aria-label=\"A &quot;chart&quot;\""), "{markup}");
    assert!(markup.contains("fill=\"#0B5FA5\"") && markup.contains("a&lt;b") && markup.contains("1.5"), "{markup}");
}

#[test]
fn a_chart_of_nothing_is_no_chart() {
    let chart = Chart { caption: "c", across: "a", up: "u", labels: &[], series: &[] };
    assert!(!chart.to_markup().into_string().contains("<svg"));
}

#[test]
fn figures_are_short() {
    for (value, text) in [(0.0, "0"), (3.0, "3"), (0.034, "0.034"), (0.25, "0.25"), (12.34, "12.3"), (123.4, "123")] {
        assert_eq!(short(value), text);
    }
}
