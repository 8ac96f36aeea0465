//! What doubles read of a request.

/// The pairs of a query or of a form, decoded, in their order.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let mut url = reqwest::Url::parse("http://127.0.0.1").expect("it is a URL");
    // This escapes a `#`, which would end the query of a URL.
    url.set_query(Some(text));
    url.query_pairs().into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn pairs_are_decoded() {
        let expected =
            [("a", "1 2"), ("b", "#"), ("b", "é"), ("c", "")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(pairs("a=1+2&b=#&b=%C3%A9&c"), expected);
        assert_eq!(pairs(""), []);
    }
}
