//! What texts are recognised by.

use super::form::Form;

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && all_digits(text) && (1900..=2100).contains(&text.parse().unwrap_or(0))
}

/// Dates, moments and spans of years.
pub(super) fn dated(text: &str) -> Option<Form> {
    if text.split_once('-').is_some_and(|(a, b)| is_year(a) && is_year(b)) {
        return Some(Form::YearRange);
    }
    let (day, rest) = (text.get(..10).unwrap_or(text), text.get(10..).unwrap_or_default());
    for separator in ['-', '/', '.', ' '] {
        let parts: Vec<&str> = day.split(separator).collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        if !parts.iter().all(|part| all_digits(part)) {
            continue;
        }
        match (&lengths[..], separator) {
            ([4, 2, 2], '-') if rest.is_empty() => return Some(Form::Date),
            ([4, 2, 2], '-') if rest.starts_with('T') => {
                let zoned = rest.ends_with(['Z', 'z']) || rest.contains(['+', '-']);
                return Some(Form::DateTime(zoned));
            }
            ([4, 1 | 2, 1 | 2], _) if rest.is_empty() => return Some(Form::OtherDate(separator, true)),
            ([1 | 2, 1 | 2, 4], _) if rest.is_empty() => return Some(Form::OtherDate(separator, false)),
            _ => {}
        }
    }
    None
}

/// Texts that lead somewhere.
pub(super) fn addressed(text: &str) -> Option<Form> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(Form::Url);
    }
    let is_part = |character: char| character.is_alphanumeric() || "._%+-'@".contains(character);
    if text.chars().all(is_part) && text.find('@').is_some_and(|position| position > 0 && position + 1 < text.len()) {
        return Some(Form::Email);
    }
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let hexadecimal = || text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    (groups == [8, 4, 4, 4, 12] && hexadecimal()).then_some(Form::Uuid)
}

/// The mark of `-790.50` or `790,5`. `+33601020304` is no number that counts.
pub(super) fn decimal_mark(text: &str) -> Option<char> {
    let text = text.strip_prefix('-').unwrap_or(text);
    if all_digits(text) {
        return Some('.');
    }
    ['.', ','].into_iter().find(|mark| text.split_once(*mark).is_some_and(|(a, b)| all_digits(a) && all_digits(b)))
}

/// Whether a text stands for nothing.
pub(super) fn is_placeholder(text: &str) -> bool {
    ["null", "undefined", "nan", "n/a"].iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// Whether a text was read in the wrong encoding, or is escaped for HTML.
pub(super) fn is_mangled(text: &str) -> bool {
    let bytes: Option<Vec<u8>> = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let is_utf8 = || bytes.is_some_and(|bytes| std::str::from_utf8(&bytes).is_ok());
    let is_escape = |rest: &str| {
        let name = rest.split(';').next().filter(|name| name.len() < rest.len()).unwrap_or_default();
        (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
    };
    text.contains(char::REPLACEMENT_CHARACTER)
        || (!text.is_ascii() && is_utf8())
        || text.split('&').skip(1).any(is_escape)
}
