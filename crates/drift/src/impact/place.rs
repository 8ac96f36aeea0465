//! The words of a place, taken apart: `200 data.identite.nom`, `query:sexe`, `body`.

/// What of an operation a place is in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Site<'a> {
    /// The body of an answer: status, and the way into it.
    Answer(&'a str, Vec<Step<'a>>),
    /// Headers of an answer, which the client has no types for.
    Header,
    /// A parameter: where it goes, and its name with whatever follows.
    Parameter(&'a str, &'a str),
    /// The body of a request, and the way into it.
    Body(Vec<Step<'a>>),
    /// The operation as a whole.
    Operation,
}

/// One step into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A property of an object.
    Property(&'a str),
    /// Every element of a list.
    Items,
    /// Every value of a map.
    Values,
}

impl<'a> Site<'a> {
    pub(super) fn of(location: &'a str) -> Self {
        let (head, rest) = location.split_once(' ').unwrap_or((location, ""));
        if is_status(head) {
            return match rest.split(' ').next() {
                Some("header") => Self::Header,
                // The body as a whole: whether there is JSON at all.
                Some("media") => Self::Answer(head, Vec::new()),
                _ => Self::Answer(head, steps(rest)),
            };
        }
        match location.split_once(':') {
            Some((place @ ("query" | "header" | "path" | "cookie"), name)) => Self::Parameter(place, name),
            _ if head == "body" && rest.starts_with("media type ") => Self::Body(Vec::new()),
            _ if head == "body" => Self::Body(steps(rest)),
            _ if head.starts_with("body[") => Self::Body(steps(location.trim_start_matches("body"))),
            _ => Self::Operation,
        }
    }
}

fn is_status(word: &str) -> bool {
    let range = |word: &[u8]| word.iter().all(u8::is_ascii_digit) || word == b"XX";
    word == "default" || matches!(word.as_bytes(), [b'1'..=b'5', rest @ ..] if rest.len() == 2 && range(rest))
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::Site::{Answer, Body, Header, Operation, Parameter};
    use super::Step::{Items, Property, Values};
    use super::{Site, Step};

    #[test]
    fn places_are_taken_apart() {
        let path = |location| match Site::of(location) {
            Answer(_, steps) => steps,
            other => panic!("{other:?}"),
        };
        assert_eq!(path("200 data.a[].b"), [Property("data"), Property("a"), Items, Property("b")]);
        assert_eq!(path("200 [].a"), [Items, Property("a")]);
        assert_eq!(path("200 data.*.x"), [Property("data"), Values, Property("x")]);
        assert_eq!(path("200 media type application/json"), Vec::<Step<'_>>::new());
        assert_eq!(Site::of("4XX"), Answer("4XX", Vec::new()));
        assert_eq!(Site::of("429 header Retry-After"), Header);
        assert_eq!(Site::of("query:prenoms[]"), Parameter("query", "prenoms[]"));
        assert_eq!(Site::of("body a.b"), Body(vec![Property("a"), Property("b")]));
        assert_eq!(Site::of("body [].b"), Body(vec![Items, Property("b")]));
        assert_eq!([Site::of("body"), Site::of("body media type text/csv")], [Body(Vec::new()), Body(Vec::new())]);
        assert_eq!(Site::of(""), Operation);
    }
}
