//! What the scopes of a token open: `specs/PROVIDER/scopes.yml`, of a provider that has scopes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Scope → JSON pointers of an operation's answer that it opens.
pub(super) type Opened = BTreeMap<String, Vec<String>>;

/// Provider → operation → what its scopes open.
static SCOPES: LazyLock<BTreeMap<&str, BTreeMap<String, Opened>>> = LazyLock::new(|| {
    let files = vigie_embedded::SPECS.iter().filter_map(|(path, text)| Some((path.strip_suffix("/scopes.yml")?, text)));
    files
        .map(|(provider, text)| (provider, serde_yaml::from_str(text).expect("a test reads each scopes.yml")))
        .collect()
});

/// What the scopes of an operation open, if a provider says so.
pub(super) fn of(provider: &str, operation: &str) -> Option<&'static Opened> {
    SCOPES.get(provider)?.get(operation)
}

/// What these scopes do not open, sorted.
pub(super) fn masked(opened: &Opened, held: &[String]) -> Vec<String> {
    let is_open =
        |pointer: &String| opened.iter().any(|(scope, pointers)| held.contains(scope) && pointers.contains(pointer));
    let mut masked: Vec<String> = opened.values().flatten().filter(|pointer| !is_open(pointer)).cloned().collect();
    masked.sort();
    masked.dedup();
    masked
}

#[cfg(test)]
mod tests {
    use super::SCOPES;
    use crate::providers::provider;

    #[test]
    fn every_scope_belongs_to_an_operation_of_the_contracts() {
        assert!(!SCOPES.is_empty());
        for (name, operations) in SCOPES.iter() {
            let contracts = provider(name).expect("a provider's folder").contracts();
            for id in operations.keys() {
                assert!(contracts.iter().any(|contract| contract.operation(id).is_some()), "{name}: {id}");
            }
        }
    }

    #[test]
    fn a_scope_masks_what_the_others_open() {
        let id = "api_particulier_v3_cnav_quotient_familial_with_civility";
        let masked = provider("api-particulier").expect("ours").masked(id, &["cnaf_enfants".into()]);
        assert_eq!(masked, ["/data/adresse", "/data/allocataires", "/data/quotient_familial"]);
    }
}
