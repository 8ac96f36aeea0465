//! Uploads: a form with a file, or the URL of one, which the sandbox never fetches.

use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Media, Series, State};
use crate::gate::Incoming;
use serde_json::{Value, json};

/// The longest name of a file.
const LONGEST: usize = 200;

impl State {
    fn store(&mut self, name: &str) -> Value {
        let name: String = name.chars().filter(|c| c.is_alphanumeric() || ".-_".contains(*c)).take(LONGEST).collect();
        let id = self.counter.next(Series::Media);
        let url = format!("https://media.example/{id}/{name}");
        let resource = format!("sandbox-media-{id}");
        self.media.keep(Media { resource: resource.clone(), name, url });
        json!({"mediaResource": resource})
    }

    /// An uploaded file by what names it.
    pub(super) fn uploaded(&self, resource: &str) -> Answer<&Media> {
        let found = self.media.iter().find(|media| media.resource == resource);
        found.ok_or_else(|| Refusal::invalid("there is no such mediaResource"))
    }

    /// `POST /media`
    pub(super) fn upload(&mut self, call: &Incoming) -> Answer {
        let media_type = call.header("content-type").unwrap_or_default();
        let boundary = boundary(media_type).ok_or_else(|| Refusal::invalid("the body is no multipart/form-data"))?;
        let part = file(&call.body, &boundary).ok_or_else(|| Refusal::invalid("the form has no part `files`"))?;
        if !part.typed {
            return Err(Refusal::untyped());
        }
        if part.empty {
            return Err(Refusal::invalid("the file is empty"));
        }
        Ok(self.store(&part.name))
    }

    /// `POST /media/url`
    pub(super) fn upload_from_url(&mut self, fields: Fields<'_>) -> Answer {
        let url = fields.needed(&["mediaUrl"])?;
        let url = reqwest::Url::parse(url).map_err(|_| Refusal::invalid("mediaUrl is no URL"))?;
        let name = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default().to_owned();
        Ok(self.store(&name))
    }
}

struct Part {
    name: String,
    typed: bool,
    empty: bool,
}

fn boundary(media_type: &str) -> Option<String> {
    let (kind, parameters) = media_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
    })?;
    (1..=70).contains(&value.len()).then_some(value)
}

/// The first part that is called as the file is, in either of its spellings.
fn file(body: &[u8], boundary: &str) -> Option<Part> {
    let mark = format!("--{boundary}");
    let mut rest = &body[find(body, mark.as_bytes())? + mark.len()..];
    loop {
        let end = find(rest, format!("\r\n{mark}").as_bytes())?;
        let (part, after) = rest.split_at(end);
        if let Some(part) = read(part) {
            return Some(part);
        }
        rest = &after[mark.len() + 2..];
    }
}

fn read(part: &[u8]) -> Option<Part> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&part[..end]).ok()?;
    let header = |wanted: &str| {
        head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
    };
    let disposition = header("content-disposition")?.1;
    let parameter = |wanted: &str| {
        disposition.split(';').filter_map(|part| part.trim().split_once('=')).find(|(name, _)| *name == wanted)
    };
    let name = parameter("name")?.1.trim_matches('"');
    if !["files", "FileName"].iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let typed = header("content-type").is_some_and(|(_, value)| value.contains('/'));
    let name = parameter("filename").map_or("file", |(_, value)| value.trim_matches('"')).to_owned();
    Some(Part { name, typed, empty: part.len() == end + 4 })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

#[cfg(test)]
mod tests {
    use super::{boundary, file};

    const FORM: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\n\
        Content-Disposition: form-data; name=\"files\"; filename=\"plan.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n";

    #[test]
    fn the_file_is_found_behind_another_part() {
        let part = file(FORM, "x").expect("it is there");
        assert_eq!((part.name.as_str(), part.typed, part.empty), ("plan.png", true, false));
    }

    #[test]
    fn a_form_that_breaks_off_has_no_file() {
        for end in 0..FORM.len() - 9 {
            assert!(file(&FORM[..end], "x").is_none(), "{end}");
        }
    }

    #[test]
    fn only_a_form_with_a_boundary_is_one() {
        assert_eq!(boundary("multipart/form-data; boundary=\"a b\"").as_deref(), Some("a b"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("application/json; boundary=a"), None);
    }
}
