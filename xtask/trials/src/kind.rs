//! What is done to an answer, and what an expert would say about it.

/// What must be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// A consumer can fail: a finding of class `breaking`.
    Break,
    /// It proves nothing, or no consumer can fail: a finding that is more than moved data, and no breaking one unless the
    /// contract refuses it.
    Tell,
    /// Only a value moved: neither of the two.
    Pass,
}

/// Declares the kinds with their names and what is due, in the order of the table.
macro_rules! kinds {
    ($($kind:ident $due:ident $name:literal,)*) => {
        /// One way to change one field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $name] $kind,)*
        }

        impl Kind {
            /// Every kind.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Its name in the table.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What must be said about it.
            #[must_use]
            pub fn due(self) -> Due {
                match self {
                    $(Self::$kind => Due::$due,)*
                }
            }
        }
    };
}

kinds! {
    Dropped Break "key dropped",
    Renamed Break "key renamed",
    NullForbidden Break "null, not nullable",
    Type Break "type changed",
    AddedClosed Break "key added, object closed",
    EmptiedObject Break "object emptied",
    DateForm Break "date in another format",
    YearForm Break "year for years, years for year",
    CodeForm Break "code longer, shorter, in a text",
    EnumCase Break "enum member in another case",
    EnumUnknown Break "enum member unknown",
    TextCase Break "text in another case",

    NullAllowed Tell "null, nullable or not stated",
    EmptiedText Tell "text emptied",
    EmptiedList Tell "list emptied",
    Filled Tell "value where null was",
    AddedOpen Tell "key added, object open",

    OtherName Pass "another name or text",
    OtherDate Pass "another date or year",
    OtherCode Pass "another code of the same length",
    OtherNumber Pass "another number",
    OtherMember Pass "another enum member",
    Flipped Pass "boolean flipped",
    OtherLength Pass "list longer or shorter",
    OtherOrder Pass "list in another order",
}
