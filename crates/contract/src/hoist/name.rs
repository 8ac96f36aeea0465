//! Names of shapes: the shortest tail of a path that no other shape claims.

use super::Shapes;
use super::shape::{Shape, without_null};
use std::collections::{BTreeMap, BTreeSet};

/// The words that all operations begin with: they distinguish nothing.
fn common_head<'a>(operations: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut head: Option<Vec<&str>> = None;
    for operation in operations {
        let words: Vec<&str> = operation.split('_').collect();
        head = Some(match head {
            None => words,
            Some(head) => head.into_iter().zip(words).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    head.unwrap_or_default()
}

pub(super) fn name_shapes<'a>(shapes: &Shapes<'a>, taken: &BTreeSet<&str>) -> Vec<(Shape<'a>, String)> {
    let mut names = Vec::new();
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let document = common_head(shapes.values().flatten().map(|place| place[0])).len();
    let mut open: Vec<(Shape<'a>, Vec<String>)> =
        shapes.iter().map(|(shape, places)| (*shape, words(places, document))).collect();
    for length in 1.. {
        let mut claims: BTreeMap<String, usize> = BTreeMap::new();
        for (_, words) in &open {
            *claims.entry(tail_name(words, length)).or_default() += 1;
        }
        let before = open.len();
        open.retain(|(shape, words)| {
            let name = tail_name(words, length);
            let free = claims[&name] == 1 && !used.contains(&name);
            if free {
                used.insert(name.clone());
                names.push((*shape, name));
            }
            !free
        });
        let longest = open.iter().map(|(_, words)| words.len()).max().unwrap_or(0);
        if open.is_empty() {
            break;
        }
        // Even the complete path does not distinguish them (two shapes below one `oneOf`): they are numbered, in the order of their facts.
        if length >= longest && open.len() == before {
            open.sort_by_cached_key(|(shape, _)| without_null(shape.schema).to_string());
            for (shape, words) in open {
                let base = tail_name(&words, length);
                let mut name = format!("{base}2");
                let mut number = 2;
                while used.contains(&name) {
                    number += 1;
                    name = format!("{base}{number}");
                }
                used.insert(name.clone());
                names.push((shape, name));
            }
            break;
        }
    }
    names
}

/// What the operations of a shape share (less the first `document` words, which all operations share), then its path.
fn words(places: &[Vec<&str>], document: usize) -> Vec<String> {
    let mut head = common_head(places.iter().map(|place| place[0]));
    head.drain(..document.min(head.len()));
    // The cut between two operations may leave a preposition: `.._with_ine`, `.._with_civility`.
    head.pop_if(|last| *last == "with");
    let place = places.iter().min().map(Vec::as_slice).unwrap_or_default();
    if let [_, only] = place {
        // A whole body: one word of path alone would say nothing.
        return vec![format!("{}_{only}", head.join("_"))];
    }
    let path =
        place.iter().skip(1).filter(|word| **word != "item" && **word != "answer").map(|word| (*word).to_owned());
    std::iter::once(head.join("_")).chain(path).collect()
}

/// `["api_x", "data", "adresse"]` with length 2 is `DataAdresse`.
fn tail_name(words: &[String], length: usize) -> String {
    let tail = &words[words.len().saturating_sub(length)..];
    let pascal = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let name: String = tail.iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric())).map(pascal).collect();
    // The body of a status whose operations share no word: no type has a name that begins with a digit.
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("X{name}") } else { name }
}
