//! Floor 0: a fact. At this place, this was expected and this was observed; no opinion.

/// What kind of fact. Each kind has exactly one rule, of the same name in kebab case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each kind is explained by its rule, in drift/rules.rs")]
pub enum Kind {
    CaseParameterUnknown,
    CaseParameterMissing,
    CaseIdentityUnknown,
    CaseNotSent,
    OperationUnknown,
    OperationGone,
    StatusUndocumented,
    StatusDiffers,
    MediaTypeUndocumented,
    HeaderMissing,
    BodyNotJson,
    BodyInvalid,
    ScopeMasked,
    ErrorCodeDiffers,
    ClientRequestDiffers,
    ClientDecodeFailed,
    ClientDecodeLossy,
    SnapshotMissing,
    ResponseStatusChanged,
    ResponseMediaTypeChanged,
    ResponseHeaderRemoved,
    ResponsePropertyAdded,
    ResponsePropertyRemoved,
    ResponsePropertyBecameOptional,
    ResponseNullableAdded,
    ResponseTypeChanged,
    ValueFormChanged,
    DataChanged,
    CaseShadowed,
    NoAnswer,
}

/// One fact about one exchange.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// What kind of fact.
    pub kind: Kind,
    /// Where: a JSON pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What was expected.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// Where the contract says so, as a JSON pointer into its document.
    pub contract: Option<String>,
}

impl Deviation {
    /// A fact without a place in a contract.
    pub fn new(
        kind: Kind,
        pointer: impl Into<String>,
        expected: impl Into<String>,
        observed: impl Into<String>,
    ) -> Self {
        Self { kind, pointer: pointer.into(), expected: expected.into(), observed: observed.into(), contract: None }
    }

    /// The same fact with the place in the contract that says so.
    #[must_use]
    pub fn stated_at(mut self, contract: impl Into<String>) -> Self {
        self.contract = Some(contract.into());
        self
    }
}
