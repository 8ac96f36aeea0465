//! Connections: pages of what was sorted by time, newest first.

use super::super::graphql::{Answer, Args, leaf, null, record};
use super::super::state::Failure;
use super::super::state::time::{DAY, day_of, day_text, instant_text, parse_instant};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Which part is asked for.
pub(super) struct Page {
    first: usize,
    after: Option<(i64, i64)>,
    /// Cursors hold a day alone: work days of one user.
    by_day: bool,
}

impl Page {
    /// `first` and `after`; a page never holds more than `most`.
    pub(super) fn new(args: &Args, most: usize) -> Result<Self, Failure> {
        let first = args.int("first").map_or(most, |first| usize::try_from(first).unwrap_or_default().min(most));
        let invalid = || Failure::inputs("Invalid pagination cursor");
        let after = args.text("after").map(|cursor| read(cursor).ok_or_else(invalid)).transpose()?;
        Ok(Self { first, after, by_day: false })
    }

    /// The same with cursors of days.
    pub(super) fn by_day(self) -> Self {
        Self { by_day: true, ..self }
    }

    fn cursor(&self, time: i64, id: i64) -> String {
        let text = if self.by_day { day_text(day_of(time)) } else { format!("{},{id}", instant_text(time)) };
        STANDARD.encode(text)
    }
}

/// What a cursor says: time and id. One of a day alone stands before everything of that day.
fn read(cursor: &str) -> Option<(i64, i64)> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    match text.split_once(',') {
        Some((time, id)) => Some((parse_instant(time)?, id.parse().ok()?)),
        None => Some((parse_instant(&text)?.div_euclid(DAY) * DAY, i64::MIN)),
    }
}

/// A page of items: time, id and what they are.
pub(super) fn page(
    connection: &'static str,
    edge: &'static str,
    mut items: Vec<(i64, i64, Answer)>,
    page: &Page,
) -> Answer {
    items.sort_by_key(|(time, id, _)| std::cmp::Reverse((*time, *id)));
    let whole = items.len();
    items.retain(|(time, id, _)| page.after.is_none_or(|after| (*time, *id) < after));
    let has_previous = items.len() < whole;
    let has_next = items.len() > page.first;
    items.truncate(page.first);
    let cursor =
        |item: Option<&(i64, i64, Answer)>| item.map_or_else(null, |(time, id, _)| leaf(page.cursor(*time, *id)));
    let info = [
        ("hasNextPage", leaf(has_next)),
        ("hasPreviousPage", leaf(has_previous)),
        ("startCursor", cursor(items.first())),
        ("endCursor", cursor(items.last())),
    ];
    let edges = items.iter().map(|(time, id, node)| {
        let fields = [("cursor", leaf(page.cursor(*time, *id))), ("node", node.clone())];
        Ok(Answer::Node(record(edge, fields)))
    });
    let fields = [("edges", Answer::List(edges.collect())), ("pageInfo", Answer::Node(record("PageInfo", info)))];
    Answer::Node(record(connection, fields))
}
