//! What of an operation a location is in, as far as a client has types for it.

use crate::location::{Location, Part, Step};

/// What of an operation a location is in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Site<'a> {
    /// The body of an answer: status, and the way into it.
    Answer(&'a str, Vec<Step<'a>>),
    /// Headers of an answer, which the client has no types for.
    Header,
    /// A parameter: where it goes, and its name.
    Parameter(&'a str, &'a str),
    /// The body of a request, and the way into it.
    Body(Vec<Step<'a>>),
    /// The operation as a whole.
    Operation,
}

impl<'a> Site<'a> {
    pub(super) fn of(location: &'a Location) -> Self {
        match location {
            Location::Answer { part: Part::Header(_), .. } => Self::Header,
            // A media type is the body as a whole: whether there is JSON at all.
            Location::Answer { status, part } => Self::Answer(status, part.steps()),
            Location::Body(part) => Self::Body(part.steps()),
            Location::Parameter { carrier, name, .. } if carrier != "argument" => Self::Parameter(carrier, name),
            _ => Self::Operation,
        }
    }
}
