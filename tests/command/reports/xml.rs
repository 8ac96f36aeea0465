//! A `JUnit` report, read back.

use quick_xml::events::Event;
use std::collections::BTreeMap;

/// An element of a document, with what is below it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) inner: Vec<Element>,
}

impl Element {
    pub(crate) fn count(&self, name: &str) -> String {
        let own: usize = self.inner.iter().map(|inner| inner.count(name).parse::<usize>().expect("a number")).sum();
        (own + usize::from(self.name == name)).to_string()
    }

    pub(crate) fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

/// Reads a document with a parser that refuses what is not well formed, and what XML 1.0 cannot have.
pub(crate) fn parse(xml: &str) -> Element {
    let legal = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(legal), "{xml:?}");
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}\n{xml}"));
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let mut element = Element {
                    name: start.name().as_ref().iter().map(|b| char::from(*b)).collect(),
                    ..Element::default()
                };
                for attribute in start.attributes() {
                    let attribute = attribute.expect("no attribute twice");
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .expect("known entities")
                        .into_owned();
                    element.attributes.insert(String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value);
                }
                open.push(element);
                if matches!(event, Event::Empty(_)) {
                    close(&mut open);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => last(&mut open).text.push_str(&text.decode().expect("UTF-8")),
            Event::GeneralRef(entity) => {
                let name = entity.decode().expect("UTF-8");
                let text = match entity.resolve_char_ref().expect("a number") {
                    Some(character) => character.to_string(),
                    None => quick_xml::escape::resolve_xml_entity(&name).expect("a known entity").to_owned(),
                };
                last(&mut open).text.push_str(&text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    open.remove(0).inner.remove(0)
}

fn last(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("the document")
}

fn close(open: &mut Vec<Element>) {
    let element = open.pop().expect("it was opened");
    last(open).inner.push(element);
}
