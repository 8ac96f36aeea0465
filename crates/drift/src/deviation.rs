//! A fact. At this place, this was expected and this was observed; no opinion.
//!
//! Two contracts, two answers, and an answer beside its contract all give the same facts.

use crate::location::Location;
use serde_json::Value;

/// Declares the kinds and their list at once, so that the list cannot forget one.
macro_rules! kinds {
    ($($kind:ident,)*) => {
        /// What kind of fact. Each kind has exactly one rule, of the same name in kebab case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each kind is explained by its rule, below drift/rules/")]
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Findings of one class are reported in the order of this list.
            #[must_use]
            pub fn rank(self) -> usize {
                self as usize
            }
        }
    };
}

kinds! {
    OperationAdded,
    OperationRemoved,
    OperationIdChanged,
    OperationPathChanged,
    OperationDeprecatedChanged,
    OperationSunsetChanged,
    OperationSecurityChanged,
    OperationSecurityRelaxed,
    SecurityUrlChanged,
    SecurityFlowRemoved,
    SecurityFlowAdded,
    CallbackAdded,
    CallbackAnswerRestricted,
    ServerAdded,
    ServerRemoved,

    ParameterAddedRequired,
    ParameterAddedOptional,
    ParameterRemoved,
    ParameterRenamed,
    ParameterBecameRequired,
    ParameterBecameOptional,
    ParameterDeprecatedChanged,
    ParameterStyleChanged,

    RequestBodyAddedRequired,
    RequestBodyAddedOptional,
    RequestBodyRemoved,
    RequestBodyBecameRequired,
    RequestBodyBecameOptional,
    RequestMediaTypeAdded,
    RequestMediaTypeRemoved,
    RequestPropertyAddedRequired,
    RequestPropertyAddedOptional,
    RequestPropertyRemoved,
    RequestPropertyBecameRequired,
    RequestPropertyBecameOptional,
    RequestNullableAdded,
    RequestNullableRemoved,
    RequestEnumConstraintAdded,
    RequestEnumConstraintRemoved,
    RequestEnumValueAdded,
    RequestEnumValueRemoved,
    RequestTypeDeclared,
    RequestTypeUndeclared,
    RequestTypeChanged,
    RequestTypeWidened,
    RequestFormatAdded,
    RequestFormatChanged,
    RequestFormatWidened,
    RequestFormatRemoved,
    RequestPatternAdded,
    RequestPatternChanged,
    RequestPatternRemoved,
    RequestBoundsTightened,
    RequestBoundsLoosened,
    RequestAdditionalPropertiesDenied,
    RequestAdditionalPropertiesAllowed,
    RequestDefaultChanged,
    RequestDefaultDeclared,
    RequestVariantAdded,
    RequestVariantRemoved,

    ResponseStatusAdded,
    ResponseStatusRemoved,
    ResponseSuccessRemoved,
    ResponseHeaderAdded,
    ResponseHeaderRemoved,
    ResponseHeaderBecameOptional,
    ResponseHeaderBecameRequired,
    ResponseMediaTypeAdded,
    ResponseMediaTypeRemoved,
    ResponseMediaTypeNarrowed,
    LinkChanged,
    ResponsePropertyAdded,
    ResponsePropertyRemoved,
    PropertyRenamed,
    ResponsePropertyBecameRequired,
    ResponsePropertyBecameOptional,
    PropertyDeprecatedChanged,
    ResponseNullableAdded,
    ResponseNullableRemoved,
    ResponseEnumConstraintAdded,
    ResponseEnumConstraintRemoved,
    ResponseEnumValueAdded,
    ResponseEnumValueRemoved,
    ResponseTypeDeclared,
    ResponseTypeUndeclared,
    ResponseTypeChanged,
    ResponseTypeNarrowed,
    ResponseFormatAdded,
    ResponseFormatChanged,
    ResponseFormatNarrowed,
    ResponseFormatRemoved,
    ResponsePatternAdded,
    ResponsePatternChanged,
    ResponsePatternRemoved,
    ResponseBoundsTightened,
    ResponseBoundsLoosened,
    ResponseAdditionalPropertiesChanged,
    ResponseDefaultChanged,
    ResponseVariantAdded,
    ResponseVariantRemoved,

    DiscriminatorChanged,
    DiscriminatorDeclared,
    ExtensibleEnumChanged,
    XmlChanged,

    TypeRemoved,
    TypeMemberRemoved,

    ErrorCodeAdded,
    ErrorCodeRemoved,
    ErrorCodeChanged,

    DocumentImplausible,
    NotCompared,

    SnapshotMissing,
    ResponseStatusChanged,
    ResponseMediaTypeChanged,
    HeaderAbsent,
    PropertySometimesAbsent,
    ValueNull,
    ValueFormChanged,
    ValueFormUncertain,
    DataChanged,

    CaseParameterUnknown,
    CaseParameterMissing,
    CaseIdentityUnknown,
    CaseNotSent,
    CaseLeftOut,
    CaseUnreadable,
    CaseUnknownThere,
    CaseShadowed,
    OperationUnknown,
    OperationGone,
    StatusUndocumented,
    StatusDiffers,
    MediaTypeUndocumented,
    HeaderMissing,
    BodyNotJson,
    BodyInvalid,
    AnswerLate,
    RequestInvalid,
    RequestUndocumented,
    ScopeMasked,
    ErrorCodeDiffers,
    ErrorUnexpected,
    ClientRequestDiffers,
    ClientDecodeFailed,
    ClientDecodeLossy,
    CallbackMissing,

    HostRefused,
    HostUnknown,
    TlsFailed,
    AnswerTimeout,
    AnswerBroken,
    AnswerTooLarge,
    AnswerEmpty,
    ServerError,
    ErrorUncoded,
    WebPage,
    Maintenance,
    Redirected,
    RateLimited,
    AnswerUnsteady,
    SchemaUntold,
    TokenExpired,
    TokenRevoked,
    TokenRefused,
    ScopeMissing,
    WrongHost,
    RequestUnbuilt,
    CaseNotReached,

    QueryInvalid,
    QueryDialect,
    QueryDeprecated,
}

impl Kind {
    /// Whether it is about an operation as a whole.
    #[must_use]
    pub fn is_of_operation(self) -> bool {
        matches!(
            self,
            Self::OperationAdded
                | Self::OperationRemoved
                | Self::OperationIdChanged
                | Self::OperationPathChanged
                | Self::OperationDeprecatedChanged
                | Self::OperationSunsetChanged
                | Self::OperationSecurityChanged
                | Self::OperationSecurityRelaxed
                | Self::OperationUnknown
                | Self::OperationGone
        )
    }
}

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// What kind of fact.
    pub kind: Kind,
    /// The operation of two contracts, `GET /v3/..`; empty for an exchange, which knows its own.
    pub operation: String,
    /// Where it is.
    pub location: Location,
    /// What was expected: a text, or what the old contract states.
    pub expected: Value,
    /// What was observed: a text, or what the new contract states.
    pub observed: Value,
    /// The other half of a likely renaming: the name or path that went or came.
    pub twin: Option<String>,
    /// Where the contract says so, as a JSON pointer into its document.
    pub contract: Option<String>,
    /// Why the two could not be compared here.
    pub not_compared: Option<String>,
    /// Whether the contract does not allow the request or answer either. Only facts about the generated client say so.
    pub beyond_contract: bool,
    /// Whether it is a change of schemas that are shared, which other facts list at another location.
    pub is_repeated: bool,
    /// The schema of the contract's components that it is a change of, by its name.
    pub component: Option<String>,
}

impl Deviation {
    /// A fact without a place in a contract.
    pub fn new(kind: Kind, location: Location, expected: impl Into<Value>, observed: impl Into<Value>) -> Self {
        Self {
            kind,
            operation: String::new(),
            location,
            expected: expected.into(),
            observed: observed.into(),
            twin: None,
            contract: None,
            not_compared: None,
            beyond_contract: false,
            is_repeated: false,
            component: None,
        }
    }

    /// The same fact with the place in the contract that says so.
    #[must_use]
    pub fn stated_at(mut self, contract: impl Into<String>) -> Self {
        self.contract = Some(contract.into());
        self
    }

    /// The same fact about an operation of two contracts.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>) -> Self {
        self.operation = operation.into();
        self
    }
}
