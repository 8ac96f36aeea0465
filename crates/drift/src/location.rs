//! Where a fact is: in a document, in a body, or in an exchange as a whole.
//!
//! A location is made where a fact is found, printed in the words of reports, and read back at the edges alone: a report, an
//! issue. Nothing outside this file takes its words apart.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use vigie_contract::model::unescape;

/// Where a fact is.
#[derive(Debug, Clone, Default)]
pub enum Location {
    /// The operation, the document or the exchange as a whole.
    #[default]
    Whole,
    /// A base URL: `https://api.example.org`.
    Server(String),
    /// A parameter of an operation, by what carries it: `query:page`, `argument:id`; or something within it: `query:filter a.b`.
    Parameter {
        /// `query`, `path`, `header`, `cookie`; `argument` of a GraphQL operation.
        carrier: String,
        /// Its name; a header's in lower case.
        name: String,
        /// What of it.
        part: Part,
    },
    /// The body of a request: `body`, `body a.b`.
    Body(Part),
    /// An answer, by its status, range or `default`: `200`, `200 data.a[].b`, `4XX header Retry-After`.
    Answer {
        /// As the document writes it.
        status: String,
        /// What of it.
        part: Part,
    },
    /// A JSON pointer into a body: `/data/0/nom`.
    Pointer(String),
    /// What a callback calls with, and callbacks as such: `query token`, `callback event`.
    Callback {
        /// `query`, `path`, `cookie`, `callback`.
        what: String,
        /// Its name.
        name: String,
    },
    /// The name of a header or a parameter of an exchange, a type or a field of a GraphQL schema, a path, a line of a query.
    Name(String),
}

/// What of a message or of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// A header, with what follows where its value has parts.
    Header(String),
    /// A media type.
    MediaType(String),
    /// The way to a property: `data.a[].b`. What is sent as a list begins with its elements: `[].b`.
    Path {
        /// Its steps: names between points, `[]` after what is a list, `*` for any name.
        steps: String,
        /// Whether it follows without a space, as the elements of what is sent do: `body[].b`.
        attached: bool,
    },
}

/// One step into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A property of an object.
    Property(&'a str),
    /// Every element of a list.
    Items,
    /// Every value of a map.
    Values,
}

impl Location {
    /// A JSON pointer into a body, which is the body as a whole where it is empty.
    #[must_use]
    pub fn pointer(pointer: impl Into<String>) -> Self {
        let pointer = pointer.into();
        if pointer.is_empty() { Self::Whole } else { Self::Pointer(pointer) }
    }

    /// The name of a header, a parameter, a type.
    #[must_use]
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// An answer as a whole.
    #[must_use]
    pub fn answer(status: impl Into<String>) -> Self {
        Self::Answer { status: status.into(), part: Part::Whole }
    }

    /// A parameter as a whole.
    #[must_use]
    pub fn parameter(carrier: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Parameter { carrier: carrier.into(), name: name.into(), part: Part::Whole }
    }

    /// A part of this message or parameter. What is within a header belongs to the header.
    #[must_use]
    pub fn at(&self, part: Part) -> Self {
        let mut whole = self.clone();
        match &mut whole {
            Self::Parameter { part: own, .. } | Self::Body(own) | Self::Answer { part: own, .. } => match own {
                Part::Header(header) => header.push_str(&part.to_string()),
                own => *own = part,
            },
            Self::Whole | Self::Server(_) | Self::Pointer(_) | Self::Callback { .. } | Self::Name(_) => {}
        }
        whole
    }

    /// Whether it is the operation, the document or the exchange as a whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }

    /// The JSON pointer, of the whole body an empty one; `None` for what is no place in a body.
    #[must_use]
    pub fn as_pointer(&self) -> Option<&str> {
        match self {
            Self::Whole => Some(""),
            Self::Pointer(pointer) => Some(pointer),
            _ => None,
        }
    }

    /// The same place below another pointer: what was found in one of several bodies, in the list of them.
    #[must_use]
    pub fn below(self, at: &str) -> Self {
        match self.as_pointer() {
            Some(pointer) => Self::pointer(format!("{at}{pointer}")),
            None => self,
        }
    }

    /// Whether a JSON pointer leads to a place or to something that holds it. The whole body holds everything.
    #[must_use]
    pub fn holds(&self, place: &Self) -> bool {
        let (outer, inner) = (self.to_string(), place.to_string());
        inner.strip_prefix(&outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The way into a body in the words of a document: `data.admissions[].date_fin` of `/data/admissions/0/date_fin`.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let mut words = String::new();
        for token in self.as_pointer()?.split('/').skip(1) {
            if is_position(token) {
                words.push_str("[]");
            } else {
                if !words.is_empty() {
                    words.push('.');
                }
                words.push_str(&unescape(token));
            }
        }
        Some(words)
    }

    /// What stays the same when the same fact shows elsewhere: the last property's name, a parameter with its carrier, a
    /// status, a header's name or a media type. The ids of causes are made of it, and people note them down: it follows from
    /// the words alone, also where a name has spaces.
    #[must_use]
    pub fn leaf(&self) -> String {
        let words = self.to_string();
        match (self, words.split_once(' ')) {
            (Self::Server(_), _) => words,
            _ if words.starts_with('/') => leaf_of_pointer(&words),
            (_, Some((_, part))) if part.starts_with("header ") || part.starts_with("media type ") => part.to_owned(),
            (_, Some((_, steps))) => steps.rsplit('.').next().unwrap_or(steps).to_owned(),
            (_, None) => words,
        }
    }

    /// The name that a renaming changes, and what stands before it: `nom` and `200 data.` of `200 data.nom`, `page` and `query:`
    /// of `query:page`.
    #[must_use]
    pub fn named(&self) -> (String, String) {
        let words = self.to_string();
        let length = match self {
            Self::Parameter { carrier, .. } => words.len() - carrier.len() - 1,
            Self::Body(Part::Path { steps, .. }) | Self::Answer { part: Part::Path { steps, .. }, .. } => {
                last(steps).1.len()
            }
            Self::Name(name) => last(name).1.len(),
            _ => 0,
        };
        let (parent, name) = words.split_at(words.len() - length);
        (name.to_owned(), parent.to_owned())
    }

    /// The elements of a list of lists of this depth.
    #[must_use]
    pub fn elements(&self, depth: usize) -> Self {
        let mut whole = self.clone();
        if let Self::Name(name) | Self::Parameter { name, .. } = &mut whole {
            name.push_str(&"[]".repeat(depth));
        }
        whole
    }

    /// Its words, in pieces.
    fn pieces(&self) -> [&str; 5] {
        match self {
            Self::Whole => [""; 5],
            Self::Server(text) | Self::Pointer(text) | Self::Name(text) => [text, "", "", "", ""],
            Self::Callback { what, name } => [what, " ", name, "", ""],
            Self::Parameter { carrier, name, part } => [carrier, ":", name, part.words().0, part.words().1],
            Self::Body(part) => ["body", part.words().0, part.words().1, "", ""],
            Self::Answer { status, part } => [status, part.words().0, part.words().1, "", ""],
        }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.pieces().into_iter().flat_map(str::bytes)
    }
}

impl Part {
    /// The way to a property, by its steps.
    #[must_use]
    pub fn path(steps: impl Into<String>) -> Self {
        Self::Path { steps: steps.into(), attached: false }
    }

    /// What it begins with, and its own words.
    fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Whole => ("", ""),
            Self::Header(name) => (" header ", name),
            Self::MediaType(name) => (" media type ", name),
            Self::Path { steps, attached: false } => (" ", steps),
            Self::Path { steps, attached: true } => ("", steps),
        }
    }

    /// The way into a body, step by step; none for what is not in it.
    #[must_use]
    pub fn steps(&self) -> Vec<Step<'_>> {
        let Self::Path { steps: words, .. } = self else { return Vec::new() };
        let mut steps = Vec::new();
        for segment in words.split('.').filter(|segment| !segment.is_empty()) {
            let name = segment.trim_end_matches("[]");
            match name {
                "" => {}
                "*" => steps.push(Step::Values),
                name => steps.push(Step::Property(name)),
            }
            steps.extend(std::iter::repeat_n(Step::Items, (segment.len() - name.len()) / 2));
        }
        steps
    }

    fn read(words: &str) -> Self {
        if let Some(name) = words.strip_prefix(" header ") {
            Self::Header(name.to_owned())
        } else if let Some(name) = words.strip_prefix(" media type ") {
            Self::MediaType(name.to_owned())
        } else if let Some(steps) = words.strip_prefix(' ') {
            Self::path(steps)
        } else if words.is_empty() {
            Self::Whole
        } else {
            Self::Path { steps: words.to_owned(), attached: true }
        }
    }
}

/// What stands before the last name of a way, and the name.
fn last(steps: &str) -> (&str, &str) {
    steps.split_at(steps.rfind(['.', ' ']).map_or(0, |end| end + 1))
}

/// Whether a token of a pointer is the place of an element in a list.
fn is_position(token: &str) -> bool {
    token == "*" || (!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `date_fin` of `/data/admissions/0/date_fin`, `prenoms[]` of `/data/prenoms/0`.
fn leaf_of_pointer(pointer: &str) -> String {
    let mut elements = String::new();
    for token in pointer.strip_prefix('/').unwrap_or(pointer).rsplit('/') {
        if !is_position(token) {
            return unescape(token) + &elements;
        }
        elements += "[]";
    }
    elements
}

/// Whether a word is a status of a document: `200`, `4XX`, `default`.
fn is_status(word: &str) -> bool {
    let range = |word: &[u8]| word.iter().all(u8::is_ascii_digit) || word == b"XX";
    word == "default" || matches!(word.as_bytes(), [b'1'..=b'5', rest @ ..] if rest.len() == 2 && range(rest))
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, words) = self.words();
        write!(formatter, "{head}{words}")
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().into_iter().try_for_each(|piece| formatter.write_str(piece))
    }
}

/// Reads the words of a report. What is none of ours is a name, and is printed as it was.
impl FromStr for Location {
    type Err = Infallible;

    fn from_str(words: &str) -> Result<Self, Infallible> {
        let end = words.find([' ', '[']).unwrap_or(words.len());
        let (head, rest) = words.split_at(end);
        Ok(match words {
            "" => Self::Whole,
            _ if words.starts_with('/') => Self::Pointer(words.to_owned()),
            _ if head == "body" => Self::Body(Part::read(rest)),
            _ if is_status(head) => Self::Answer { status: head.to_owned(), part: Part::read(rest) },
            _ if words.contains("://") => Self::Server(words.to_owned()),
            _ => match (words.split_once(':'), words.split_once(' ')) {
                (Some((carrier @ ("query" | "path" | "header" | "cookie" | "argument"), rest)), _) => {
                    let end = rest.find(' ').unwrap_or(rest.len());
                    let (name, part) = rest.split_at(end);
                    Self::Parameter { carrier: carrier.to_owned(), name: name.to_owned(), part: Part::read(part) }
                }
                (_, Some((what @ ("query" | "path" | "cookie" | "callback"), name))) => {
                    Self::Callback { what: what.to_owned(), name: name.to_owned() }
                }
                _ => Self::Name(words.to_owned()),
            },
        })
    }
}

/// Two locations are one where their words are.
impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for Location {}

/// Locations are in the order of their words.
impl Ord for Location {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Location {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Location {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pieces().into_iter().for_each(|piece| state.write(piece.as_bytes()));
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = String::deserialize(deserializer)?;
        let Ok(location) = words.parse();
        Ok(location)
    }
}

#[cfg(test)]
mod tests {
    use super::Step::{Items, Property, Values};
    use super::{Location, Part, Step};

    fn read(words: &str) -> Location {
        let Ok(location) = words.parse();
        location
    }

    /// Words of every kind, with their leaf and with what a renaming would change.
    const WORDS: [(&str, &str, &str); 25] = [
        ("", "", ""),
        ("200 data.identite.nom", "nom", "nom"),
        ("200 allocataires[].dateDeNaissance", "dateDeNaissance", "dateDeNaissance"),
        ("200 prenoms[]", "prenoms[]", "prenoms[]"),
        ("200 [].a", "a", "a"),
        ("body a.b", "b", "b"),
        ("body", "body", ""),
        ("body[].b", "body[].b", "b"),
        ("409", "409", ""),
        ("4XX header Retry-After", "header Retry-After", ""),
        ("200 header X-Page a.b", "header X-Page a.b", ""),
        ("200 media type application/vnd.api+json", "media type application/vnd.api+json", ""),
        ("query:filter depuis.annee", "annee", "filter depuis.annee"),
        ("query:prenoms[]", "query:prenoms[]", "prenoms[]"),
        ("argument:id", "argument:id", "id"),
        ("https://staging.example.org/a.b", "https://staging.example.org/a.b", ""),
        ("callback event", "event", ""),
        ("/data/admissions/12/date_fin", "date_fin", ""),
        ("/data/*/a~1b/*/0", "a/b[][]", ""),
        ("/0", "[]", ""),
        ("inee", "inee", "inee"),
        ("X-API-KEY, X-CLIENT-ID", "X-CLIENT-ID", "X-CLIENT-ID"),
        ("User.email", "User.email", "email"),
        ("me.graphql:3:7", "me.graphql:3:7", "graphql:3:7"),
        ("x\n/close", "x\n/close", "x\n/close"),
    ];

    #[test]
    fn words_are_read_and_printed_to_the_letter() {
        for (words, leaf, name) in WORDS {
            let location = read(words);
            assert_eq!(location.to_string(), words, "{location:?}");
            assert_eq!((location.leaf().as_str(), location.named().0.as_str()), (leaf, name), "{words}");
            let (name, parent) = location.named();
            assert_eq!(parent + &name, words);
        }
        let mut sorted = WORDS.map(|(words, ..)| read(words));
        sorted.sort();
        let mut words = WORDS.map(|(words, ..)| words);
        words.sort_unstable();
        assert_eq!(sorted.map(|location| location.to_string()), words);
    }

    #[test]
    fn a_part_of_a_location_is_what_its_words_say() {
        let answer = Location::answer("200");
        for (made, words) in [
            (answer.at(Part::path("a.b")), "200 a.b"),
            (answer.at(Part::Header("X-Page".into())).at(Part::path("a")), "200 header X-Page a"),
            (
                answer.at(Part::Header("X-Page".into())).at(Part::MediaType("text/csv".into())),
                "200 header X-Page media type text/csv",
            ),
            (Location::Body(Part::Whole).at(Part::Path { steps: "[].b".into(), attached: true }), "body[].b"),
            (Location::parameter("query", "ids").elements(1), "query:ids[]"),
            (Location::pointer("/data").below("/1"), "/1/data"),
            (Location::pointer("").below("/1"), "/1"),
        ] {
            assert_eq!(made.to_string(), words);
            assert_eq!(made, read(words));
        }
    }

    #[test]
    fn ways_into_a_body_are_steps() {
        let steps = |words: &str| match read(words) {
            Location::Answer { part, .. } | Location::Body(part) => {
                part.steps().into_iter().map(|step: Step<'_>| format!("{step:?}")).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        for (words, expected) in [
            ("200 data.a[].b", vec![Property("data"), Property("a"), Items, Property("b")]),
            ("200 [].a", vec![Items, Property("a")]),
            ("200 data.*.x", vec![Property("data"), Values, Property("x")]),
            ("200 media type application/json", vec![]),
            ("429 header Retry-After", vec![]),
            ("4XX", vec![]),
            ("body[].b", vec![Items, Property("b")]),
            ("body media type text/csv", vec![]),
        ] {
            let expected: Vec<String> = expected.into_iter().map(|step| format!("{step:?}")).collect();
            assert_eq!(steps(words), expected, "{words}");
        }
    }

    #[test]
    fn a_pointer_has_words_and_holds_what_is_below_it() {
        for (pointer, words) in
            [("", ""), ("/data/admissions/0/date_fin", "data.admissions[].date_fin"), ("/*/a~1b/3", "[].a/b[]")]
        {
            assert_eq!(read(pointer).in_words().as_deref(), Some(words));
        }
        assert_eq!(read("retry-after").in_words(), None);
        for (pointer, place, expected) in
            [("", "/a/0", true), ("/a", "/a/0", true), ("/a", "/a", true), ("/a", "/ab", false), ("/a/0", "/a", false)]
        {
            assert_eq!(read(pointer).holds(&read(place)), expected, "{pointer} {place}");
        }
    }
}
