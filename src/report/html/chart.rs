//! Charts as SVG within a page, each with its figures in a table for whoever doesn't see it.
//!
//! They are drawn by `plotters`, in a handful of colours that stand for what they mean. The page's style puts its own in
//! their place ([`INK`], [`FAINT`], [`SERIES`]), so a chart is light by day, dark by night and black on paper.

use std::error::Error;
use std::ops::Range;

use maud::{Markup, PreEscaped, html};
use plotters::coord::ranged1d::{KeyPointHint, Ranged, ValueFormatter};
use plotters::prelude::*;

/// Text and axes; `style.css` knows it as `#000000`.
pub const INK: RGBColor = RGBColor(0, 0, 0);
/// The grid; `style.css` knows it as `#CCCCCC`.
pub const FAINT: RGBColor = RGBColor(0xcc, 0xcc, 0xcc);
/// What is shown, what it is held against, and what stands out; `style.css` knows them by these.
pub const SERIES: [RGBColor; 3] = [RGBColor(0x0b, 0x5f, 0xa5), RGBColor(0x7a, 0x7a, 0x7b), RGBColor(0xb0, 0x3a, 0x2e)];

const WIDTH: u32 = 720;
const HEIGHT: u32 = 300;
/// More labels than this would lie on each other.
const LABELS_MAX: usize = 16;

/// A chart.
#[derive(Clone, Debug)]
pub struct Chart<'c> {
    /// What it shows, in a sentence.
    pub caption: &'c str,
    /// What the horizontal axis is.
    pub across: &'c str,
    /// What the vertical axis is.
    pub up: &'c str,
    /// The labels along the horizontal axis, one a place.
    pub labels: &'c [String],
    /// What is drawn, in the order in which it is laid over each other.
    pub series: &'c [Series<'c>],
}

/// One row of figures of a chart.
#[derive(Clone, Debug)]
pub struct Series<'c> {
    /// What it is.
    pub name: &'c str,
    /// How it is drawn.
    pub shape: Shape,
    /// Its colour, a position in [`SERIES`].
    pub colour: usize,
    /// A figure for each label; none leaves a gap. What is not finite counts as none.
    pub values: &'c [Option<f64>],
}

/// How figures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A bar each.
    Bars,
    /// A line through them.
    Line,
    /// A dot each.
    Dots,
}

impl Chart<'_> {
    /// The chart with its caption and, folded, its figures.
    pub fn to_markup(&self) -> Markup {
        let drawn = self.draw().unwrap_or_default();
        html! {
            figure class="chart" {
                figcaption { (self.caption) }
                @if !drawn.is_empty() { (PreEscaped(named(&drawn, self.caption))) }
                @if self.series.len() > 1 {
                    ul class="legend" aria-hidden="true" {
                        @for series in self.series {
                            li { span class={ "key series-" (series.colour + 1) } {} (series.name) }
                        }
                    }
                }
                details { summary { "The figures" } (self.figures()) }
            }
        }
    }

    /// The figures as a table.
    fn figures(&self) -> Markup {
        let mut columns = vec![(self.across, false)];
        columns.extend(self.series.iter().map(|series| (series.name, true)));
        let cell = |value: Option<f64>| html! { @if let Some(value) = value { (short(value)) } @else { "–" } };
        let row = |(at, label): (usize, &String)| {
            let mut cells = vec![html! { (label) }];
            cells.extend(self.series.iter().map(|series| cell(series.at(at))));
            cells
        };
        let rows: Vec<Vec<Markup>> = self.labels.iter().enumerate().map(row).collect();
        super::table(self.caption, &columns, &rows)
    }

    /// As SVG; none where there is nothing to draw.
    fn draw(&self) -> Option<String> {
        let all = || self.series.iter().flat_map(|series| (0..self.labels.len()).filter_map(|at| series.at(at)));
        let most = all().fold(f64::NEG_INFINITY, f64::max);
        let least = all().fold(0.0, f64::min);
        let top = if most > least { most + (most - least) * 0.05 } else { least + 1.0 };
        let mut svg = String::new();
        (most > f64::NEG_INFINITY).then_some(())?;
        self.draw_on(&mut svg, least..top).ok()?;
        Some(svg)
    }

    fn draw_on(&self, svg: &mut String, up: Range<f64>) -> Result<(), Box<dyn Error>> {
        let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
        let across = Places(self.labels);
        let mut builder = ChartBuilder::on(&area);
        let mut chart =
            builder.margin(8).x_label_area_size(42).y_label_area_size(56).build_cartesian_2d(across, up.clone())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(FAINT)
            .light_line_style(TRANSPARENT)
            .axis_style(INK)
            .label_style(("sans-serif", 12, &INK))
            .x_labels(self.labels.len().min(LABELS_MAX))
            .y_labels(6)
            .x_desc(self.across)
            .y_desc(self.up)
            .y_label_formatter(&|value| short(*value))
            .draw()?;
        let base = up.start.max(0.0);
        for series in self.series {
            let colour = SERIES[series.colour.min(SERIES.len() - 1)];
            let points: Vec<(f64, f64)> =
                (0..self.labels.len()).filter_map(|at| Some((at as f64, series.at(at)?))).collect();
            match series.shape {
                Shape::Bars => {
                    let bar = |(at, value): (f64, f64)| {
                        Rectangle::new([(at - 0.4, base), (at + 0.4, value)], colour.filled())
                    };
                    chart.draw_series(points.into_iter().map(bar))?;
                }
                Shape::Line => {
                    chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
                }
                Shape::Dots => {
                    chart.draw_series(points.into_iter().map(|point| Circle::new(point, 3, colour.filled())))?;
                }
            }
        }
        area.present()?;
        Ok(())
    }
}

impl Series<'_> {
    fn at(&self, at: usize) -> Option<f64> {
        self.values.get(at).copied().flatten().filter(|value| value.is_finite())
    }
}

/// The places of the labels, side by side, each one wide.
struct Places<'c>(&'c [String]);

impl Ranged for Places<'_> {
    type FormatOption = plotters::coord::ranged1d::NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let share = (value + 0.5) / self.0.len().max(1) as f64;
        from + (f64::from(to - from) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let step = self.0.len().div_ceil(hint.max_num_points().clamp(1, LABELS_MAX)).max(1);
        (0..self.0.len()).step_by(step).map(|at| at as f64).collect()
    }

    fn range(&self) -> Range<f64> {
        -0.5..self.0.len() as f64 - 0.5
    }
}

impl ValueFormatter<f64> for Places<'_> {
    fn format_ext(&self, value: &f64) -> String {
        self.0.get(value.round() as usize).cloned().unwrap_or_default()
    }
}

/// A figure in as few digits as tell it.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 1.0 => 1,
        size if size >= 0.1 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

/// A drawing that says what it is to whoever doesn't see it, and takes the width that there is.
fn named(svg: &str, caption: &str) -> String {
    let label = html! { (caption) }.into_string().replace('"', "&quot;");
    svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{label}\" "), 1)
}
