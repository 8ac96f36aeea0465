//! The body of an answer: its bytes, and the JSON that they are.

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::{Error, Value};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The bytes of an answer, parsed once: when somebody first asks for their JSON. Clones share what was parsed, and the
/// bytes never change, so every reader sees the same value.
#[derive(Clone, Default)]
pub struct Body {
    bytes: Bytes,
    json: Arc<OnceLock<Result<Arc<Value>, Error>>>,
}

impl Body {
    /// The body as JSON, whatever its media type says.
    ///
    /// # Errors
    /// Says where the text stops being JSON.
    pub fn json(&self) -> Result<&Arc<Value>, &Error> {
        self.json.get_or_init(|| serde_json::from_slice(&self.bytes).map(Arc::new)).as_ref()
    }

    /// The body as JSON; null if it is not JSON.
    #[must_use]
    pub fn json_or_null(&self) -> &Value {
        self.json().map_or(&Value::Null, |value| value)
    }

    /// Whether the body is JSON that was cut off. A value that no reader can represent, such as a number out of range, may
    /// come before the cut, so only the structure is read.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        !self.is_empty()
            && self.json().is_err()
            && serde_json::from_slice::<IgnoredAny>(&self.bytes).is_err_and(|error| error.is_eof())
    }

    /// A body of the same bytes without what was parsed: for those who keep an answer after it was judged.
    #[must_use]
    pub fn unparsed(&self) -> Self {
        self.bytes.clone().into()
    }

    /// The bytes alone.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl Deref for Body {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.bytes
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        Self { bytes: bytes.into(), json: Arc::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::Body;
    use std::sync::Arc;

    #[test]
    fn a_body_and_its_clones_are_parsed_once() {
        let body = Body::from(r#"{"a": [1]}"#);
        let clone = body.clone();
        let (first, second) = (body.json().expect("JSON"), clone.json().expect("JSON"));
        assert!(Arc::ptr_eq(first, second));
        assert_eq!(first["a"][0], 1);
    }

    #[test]
    fn an_unparsed_body_has_the_same_bytes_and_keeps_no_value() {
        let body = Body::from(r#"{"a": 1}"#);
        let value = Arc::downgrade(body.json().expect("JSON"));
        let kept = body.unparsed();
        drop(body);
        assert!(value.upgrade().is_none());
        assert_eq!((&kept[..], &kept.json_or_null()["a"]), (&br#"{"a": 1}"#[..], &1.into()));
    }

    #[test]
    fn only_json_that_ends_early_is_cut_off() {
        for cut in [r#"{"a": 1"#, "[1e999, ", r#""te"#] {
            assert!(Body::from(cut).is_cut_off(), "{cut}");
        }
        for other in ["", "{}", "{]", "<html>", "[1e999]"] {
            assert!(!Body::from(other).is_cut_off(), "{other}");
        }
    }
}
