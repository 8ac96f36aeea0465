//! What stands in a message: request bodies, and the media types of both directions.

use super::direction::{Direction, REQUEST};
use super::document::{Document, NOTHING};
use super::facets::Facets;
use super::media::{self, Contents, Media};
use super::memo::Notation;
use super::operations::{Operation, shortened};
use super::parameters::permission;
use super::rest::{not_compared, stated};
use super::schema::Comparer;
use super::types::Types;
use super::{Differ, keys, requiredness};
use crate::deviation::{Deviation, Kind};
use crate::location::{Location, Part};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// The body of a request as a whole.
const BODY: Location = Location::Body(Part::Whole);

impl<'a> Differ<'a> {
    pub(super) fn request_bodies(&self, old: &Operation<'a>, new: &Operation<'a>) -> Vec<Deviation> {
        let raw = |operation: &Operation<'a>| operation.node.get("requestBody");
        let mut deviations = Vec::new();
        if let (Some(old), Some(new)) = (raw(old), raw(new)) {
            deviations.extend(self.rest(&keys::REQUEST_BODY, &BODY, old, new));
            if self.leads_out(old, new) {
                return deviations;
            }
        }
        let body =
            |document: &Document<'a>, operation: &Operation<'a>| raw(operation).map(|body| document.resolve(body));
        let mut push = |kind, before: Value, after: Value| deviations.push(Deviation::new(kind, BODY, before, after));
        match (body(&self.old, old), body(&self.new, new)) {
            (None, None) => {}
            (Some(old), None) => {
                push(Kind::RequestBodyRemoved, requiredness(old["required"] == true).into(), Value::Null);
            }
            (None, Some(new)) => {
                let required = new["required"] == true;
                let kind = if required { Kind::RequestBodyAddedRequired } else { Kind::RequestBodyAddedOptional };
                push(kind, Value::Null, requiredness(required).into());
            }
            (Some(old), Some(new)) => {
                let (was, is) = (old["required"] == true, new["required"] == true);
                if was != is {
                    let kind = if is { Kind::RequestBodyBecameRequired } else { Kind::RequestBodyBecameOptional };
                    push(kind, was.into(), is.into());
                }
                deviations.extend(self.content(&REQUEST, &BODY, old, new));
            }
        }
        deviations
    }

    /// Media types, and the schemas of those that both sides have.
    pub(super) fn content(
        &self,
        direction: &'static Direction,
        root: &Location,
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        if self.leads_out(old.get("content").unwrap_or(&NOTHING), new.get("content").unwrap_or(&NOTHING)) {
            return Vec::new();
        }
        let (old, new) = (media::contents(&self.old, old), media::contents(&self.new, new));
        let place = |media: &Media| root.at(Part::MediaType(shortened(&media.to_string()).into_owned()));
        let mut deviations = Vec::new();
        for (kind, media, before, after) in media_types(direction, &old, &new) {
            deviations.push(Deviation::new(kind, place(media), before, after));
        }
        // A type that only one side names is compared with what the other one says of its range.
        let mut pairs: Vec<(&Media, &Value, &Value)> =
            old.iter().filter_map(|(media, content)| Some((media, *content, media::covering(&new, media)?))).collect();
        let come = new.iter().filter(|(media, _)| !old.contains_key(*media));
        pairs.extend(come.filter_map(|(media, content)| Some((media, media::covering(&old, media)?, *content))));
        // The only JSON of each side is the same body under another name.
        let json = Media::of("application/json");
        if pairs.is_empty()
            && let (Some(old), Some(new)) = (media::only_json(&old), media::only_json(&new))
        {
            pairs.push((&json, old, new));
        }
        // The same schema stands below every media type of most documents: what it says is said once.
        let mut known = HashSet::new();
        for (media, old, new) in pairs {
            deviations.extend(self.rest(&keys::MEDIA_TYPE, &place(media), old, new));
            if self.leads_out(old, new) {
                continue;
            }
            let (old, new) = (self.old.resolve(old), self.new.resolve(new));
            let (was, is) = (old.get("schema"), new.get("schema"));
            // OpenAPI 3.0 calls bytes a binary string, and 3.1 says nothing of them.
            let has_items = [old, new].iter().any(|content| content.get("itemSchema").is_some());
            if media.is_bytes() && !has_items && says_nothing(&self.old, was) && says_nothing(&self.new, is) {
                continue;
            }
            let comparer = Comparer::new(self, direction, root);
            let comparer = match () {
                () if media.is_form() => comparer.in_form([old, new]),
                () if media.is_xml() => comparer.written(Notation::Xml),
                () => comparer,
            };
            let mut found = comparer.run(was, is);
            let (was, is) = (old.get("itemSchema"), new.get("itemSchema"));
            if was.is_some() || is.is_some() {
                found.extend(Comparer::new(self, direction, root).run_items(was, is));
            }
            found.extend(self.encodings(direction, root, old, new));
            found.retain(|deviation| {
                let stated = (deviation.expected.to_string(), deviation.observed.to_string());
                known.insert((deviation.kind, deviation.location.clone(), stated, deviation.not_compared.clone()))
            });
            deviations.extend(found);
        }
        deviations
    }

    /// How the parts of a form are written, where that is stated: a part that one side does not have is none of it.
    fn encodings(
        &self,
        direction: &'static Direction,
        root: &Location,
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        let names =
            |document: &Document<'a>, content: &'a Value| document.entries(content, "encoding").map(|(name, _)| name);
        let names: BTreeSet<&String> = names(&self.old, old).chain(names(&self.new, new)).collect();
        if names.is_empty() {
            return Vec::new();
        }
        let parts = |document: &Document<'a>, content: &'a Value| {
            Facets::of(document, content.get("schema").as_slice()).properties
        };
        let (was, is) = (parts(&self.old, old), parts(&self.new, new));
        let mut deviations = Vec::new();
        for name in names {
            let (Some(before), Some(after)) = (was.get(name.as_str()), is.get(name.as_str())) else { continue };
            let place = root.at(Part::Path { steps: shortened(name).into_owned(), attached: false });
            let encoding = |document: &Document<'a>, content: &'a Value| {
                document.member(document.member(content, "encoding").node, name).node
            };
            let (old, new) = (encoding(&self.old, old), encoding(&self.new, new));
            deviations.extend(self.rest(&keys::ENCODING, &place, old, new));
            let types = (media::of_part(&self.old, old, before), media::of_part(&self.new, new, after));
            if let (Some(was), Some(is)) = &types {
                for (kind, _, before, after) in media_types(direction, was, is) {
                    deviations.push(Deviation::new(kind, place.clone(), before, after));
                }
            } else if old.get("contentType") != new.get("contentType") {
                let told = |encoding: &Value| stated("contentType", encoding.get("contentType"));
                let reason = "the media type that a part has without being stated is not known";
                deviations.push(not_compared(place.clone(), reason, told(old), told(new)));
            }
            deviations.extend(permission(direction, &place, "allowReserved", old, new));
            let style = |encoding: &Value| {
                let style = encoding["style"].as_str().unwrap_or("form");
                written_in(style, encoding["explode"].as_bool())
            };
            let is_styled = |document: &Document<'a>, part: &[&'a Value]| {
                Facets::of(document, part).types.is_none_or(Types::may_be_compound)
            };
            if style(old) != style(new) && (is_styled(&self.old, before) || is_styled(&self.new, after)) {
                deviations.push(Deviation::new(Kind::ParameterStyleChanged, place.clone(), style(old), style(new)));
            }
            deviations.extend(if direction.is_request {
                self.headers_of_consumer(&place, old, new)
            } else {
                self.headers(&place, old, new)
            });
        }
        deviations
    }
}

/// Which media types came and went, as kind, type, before and after. What is covered by a range is there.
fn media_types<'c>(
    direction: &Direction,
    old: &'c Contents<'_>,
    new: &'c Contents<'_>,
) -> Vec<(Kind, &'c Media, Value, Value)> {
    let mut changes = Vec::new();
    for media in old.keys().filter(|media| media::covering(new, media).is_none()) {
        let left: Vec<String> = new.keys().filter(|one| media.contains(one)).map(ToString::to_string).collect();
        // Of all that could be answered, some is: a sender may no longer send the others.
        if direction.is_request || left.is_empty() {
            changes.push((direction.media_type_removed, media, media.to_string().into(), Value::Null));
        } else {
            changes.push((Kind::ResponseMediaTypeNarrowed, media, media.to_string().into(), left.into()));
        }
    }
    for media in new.keys().filter(|media| media::covering(old, media).is_none()) {
        changes.push((direction.media_type_added, media, Value::Null, media.to_string().into()));
    }
    changes
}

/// Whether a schema says nothing but that there are bytes.
fn says_nothing<'a>(document: &Document<'a>, schema: Option<&'a Value>) -> bool {
    let facets = Facets::of(document, schema.as_slice());
    let is_binary = facets.formats.iter().all(|format| *format == "binary");
    let is_plain = facets.types.is_none() || (facets.types == Some(Types::STRING) && !facets.formats.is_empty());
    is_binary && is_plain && facets.bounds.is_empty() && facets.rest.is_empty() && facets.variants.is_empty()
}

/// How a list or an object is written: `form, exploded`.
pub(super) fn written_in(style: &str, explode: Option<bool>) -> String {
    if explode.unwrap_or(style == "form") { format!("{style}, exploded") } else { style.to_owned() }
}

impl<'a> Differ<'a> {
    /// A parameter or a header, whose value has a schema or is written as a media type. `exploded` says on which sides the
    /// elements of a list are values of their own.
    pub(super) fn value(
        &self,
        direction: &'static Direction,
        root: &Location,
        exploded: [bool; 2],
        old: &'a Value,
        new: &'a Value,
    ) -> Vec<Deviation> {
        let has_content = [old, new].map(|holder| holder.get("content").is_some());
        if has_content == [true, true] {
            return self.content(direction, root, old, new);
        }
        let mut found = Vec::new();
        if has_content != [false, false] {
            // A text in JSON has quotation marks; as plain text it is written as in a style.
            let written = |document: &Document<'a>, holder: &'a Value| {
                let media = media::contents(document, holder).into_keys().next();
                media.map_or_else(|| "plain text".to_owned(), |media| media.to_string())
            };
            let (was, is) = (written(&self.old, old), written(&self.new, new));
            if ![&was, &is].iter().any(|media| media.starts_with("text/plain")) {
                return vec![Deviation::new(Kind::ParameterStyleChanged, root.clone(), was, is)];
            }
        }
        let (old, new) = (schema_of(&self.old, old), schema_of(&self.new, new));
        let comparer = Comparer::new(self, direction, root).written(Notation::Text(exploded));
        found.extend(comparer.run(Some(old), Some(new)));
        found
    }

    /// How a field of a form is written: as a text, unless one side says otherwise or it is an object.
    pub(super) fn notation_of_field(&self, name: &str, form: [&'a Value; 2], schemas: [&[&'a Value]; 2]) -> Notation {
        let encoding = |document: &Document<'a>, content: &'a Value| {
            document.member(document.member(content, "encoding").node, name).node
        };
        let encodings = [encoding(&self.old, form[0]), encoding(&self.new, form[1])];
        let is_text = |document: &Document<'a>, encoding: &Value, schemas: &[&'a Value]| {
            let plain = Media::of("text/plain");
            media::of_part(document, encoding, schemas).is_some_and(|types| types.keys().all(|one| plain.contains(one)))
        };
        if is_text(&self.old, encodings[0], schemas[0]) && is_text(&self.new, encodings[1], schemas[1]) {
            let is_exploded = |encoding: &Value| {
                written_in(encoding["style"].as_str().unwrap_or("form"), encoding["explode"].as_bool())
                    == "form, exploded"
            };
            Notation::Text(encodings.map(is_exploded))
        } else {
            Notation::Json
        }
    }

    /// Whether one of the two stands in another document, or nowhere.
    pub(super) fn leads_out(&self, old: &'a Value, new: &'a Value) -> bool {
        self.old.follow(old).stuck.is_some() || self.new.follow(new).stuck.is_some()
    }
}

/// The schema of a parameter or a header: below `schema`, below the one media type of `content`, or beside the name, as
/// Swagger 2.0 and some documents have it.
pub(super) fn schema_of<'a>(document: &Document<'a>, holder: &'a Value) -> &'a Value {
    let content =
        || document.entries(holder, "content").next().and_then(|(_, content)| document.resolve(content).get("schema"));
    holder.get("schema").or_else(content).unwrap_or(holder)
}
