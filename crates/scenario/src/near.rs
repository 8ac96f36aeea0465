//! Names that look like known ones: what may be misspelt, and what is somebody else's.

/// From here on, an operation id is taken for another one that is misspelt.
const ALIKE: f64 = 0.8;
/// A part of an id that is shorter than this is in many ids.
const SHORT: usize = 3;

/// The known name that looks most like one.
pub(super) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LEAST: f64 = 0.75;
    let likeness = |known: &&str| vigie_drift::finding::likeness(&known.to_lowercase(), &name.to_lowercase());
    let best = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) >= LEAST).then_some(best)
}

/// The operation id that a text probably means: most of an id is the same in many, so only few letters may differ. A part
/// of an id means the first that has it.
#[must_use]
pub fn near_operation<'a>(text: &str, operations: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let text = plain(text);
    let alike = |id: &str| strsim::normalized_damerau_levenshtein(&plain(id), &text);
    let best = operations.clone().map(|id| (alike(id), id)).max_by(|a, b| a.0.total_cmp(&b.0));
    let best = best.filter(|(alike, _)| *alike >= ALIKE).map(|(_, id)| id);
    let is_part = |part: &str, whole: &str| part.len() > SHORT && whole.contains(part);
    best.or_else(|| {
        let mut operations = operations;
        operations.find(|id| is_part(&text, &plain(id)) || is_part(&plain(id), &text))
    })
}

/// The provider whose operation a folder names, if that is none of these operations' providers: `API Entreprise` of
/// `api_entreprise_v3_insee_unites_legales`. Ids differ by what stands before their version. One that looks like
/// ours is ours, and misspelt.
pub(super) fn stranger<'a>(folder: &str, operations: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let folder = plain(folder);
    let (own, rest) = versioned(&folder)?;
    let is_ours = |id: &str| {
        let id = plain(id);
        versioned(&id).is_some_and(|(provider, of_id)| {
            provider == own || of_id == rest || provider.contains(own) || own.contains(provider) || {
                strsim::normalized_damerau_levenshtein(provider, own) >= ALIKE
            }
        })
    };
    let mut ids = operations.clone();
    (!ids.any(is_ours) && near_operation(&folder, operations).is_none()).then(|| own.to_owned())
}

/// A provider's name as people write it: `API Entreprise` of `api_entreprise`.
pub(super) fn in_words(provider: &str) -> String {
    let word = |word: &str| match word.char_indices().nth(1) {
        _ if word == "api" => "API".to_owned(),
        Some((end, _)) => word[..end].to_uppercase() + &word[end..],
        None => word.to_uppercase(),
    };
    provider.split('_').filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

/// What stands before and from the version of an id: `api_entreprise`, `v3_insee_successions`.
fn versioned(id: &str) -> Option<(&str, &str)> {
    let is_version = |text: &str| {
        let digits = text.strip_prefix('v').and_then(|rest| rest.split('_').next());
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (start, _) = id.match_indices('_').find(|(start, _)| *start > 0 && is_version(&id[start + 1..]))?;
    Some((&id[..start], &id[start + 1..]))
}

/// A name without what does not tell it from others: capitals, and how words are joined.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' ', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::{in_words, near_operation, stranger};

    const OURS: [&str; 3] = [
        "api_particulier_v3_mesri_statut_etudiant_with_ine",
        "api_particulier_v3_mesri_statut_etudiant_with_civility",
        "api_particulier_v2_ping",
    ];

    #[test]
    fn a_misspelt_operation_is_found_and_another_one_is_not() {
        for (text, meant) in [
            ("api_particulier_v3_mesri_statut_etudiante_with_ine", Some(0)),
            ("API-Particulier_v3_mesri_statut_etudiant_with_ine", Some(0)),
            ("api_particulier_v3_mesri_statut_etudiant_with_civilty", Some(1)),
            ("statut_etudiant_with_ine", Some(0)),
            ("api_particulier_v2_ping_v2", Some(2)),
            ("api_particulier_v9_nothing_like_it", None),
            ("ping", Some(2)),
            ("v2", None),
            ("", None),
        ] {
            assert_eq!(near_operation(text, OURS.into_iter()), meant.map(|position: usize| OURS[position]), "{text}");
        }
    }

    #[test]
    fn only_what_looks_like_nothing_of_ours_is_another_providers() {
        for (folder, provider) in [
            ("api_entreprise_v3_insee_successions", Some("api_entreprise")),
            ("api_entreprise_v10_x", Some("api_entreprise")),
            ("other_v1_thing", Some("other")),
            // Misspelt, or ours and unknown.
            ("api_particulier_v9_nothing", None),
            ("api_partciulier_v3_mesri_statut_etudiant_with_ine", None),
            ("particulier_v9_nothing", None),
            ("apiparticulier_v9_nothing", None),
            ("api_particulier_test_v3_x", None),
            ("entreprise_v3_mesri_statut_etudiant_with_ine", None),
            // No version.
            ("api_entreprise", None),
            ("api_entreprise_version", None),
            ("_v3_x", None),
            ("é_v3_x", Some("é")),
        ] {
            assert_eq!(stranger(folder, OURS.into_iter()).as_deref(), provider, "{folder}");
        }
        assert_eq!(in_words("api_entreprise"), "API Entreprise");
        assert_eq!(in_words("état_civil"), "État Civil");
    }
}
