//! The one law of severity: what the receiver may now get that it did not, and what the sender may no longer send.
//!
//! It knows nothing of the rules of the diff. An edit says what it does to the messages of its location; the role says whether the
//! consumer sends them or receives them; the class follows.

use serde::Deserialize;
use vigie_drift::finding::Class;

/// What a consumer does with the messages of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// It writes them.
    Sent,
    /// It reads them.
    Received,
}

impl Role {
    /// The role of what is answered.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Sent => Self::Received,
            Self::Received => Self::Sent,
        }
    }
}

/// What an edit does to the messages of its location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Some messages are out that were in.
    Fewer,
    /// Some are in that were out.
    More,
    /// Both.
    Others,
    /// Some messages are out, or in, that differ in nothing but a name that no document lists.
    FewerUnlisted,
    MoreUnlisted,
    /// A described part of the messages, which may be left out, came.
    Gained,
    /// The same of one that may not.
    Demanded,
    /// The consumer is newly asked to answer a call.
    Asked,
    /// A described part went.
    Lost,
    /// The same message is read or written in another way.
    Meaning,
    /// Programs and their authors read it, and no message depends on it.
    Noted,
    /// It says nothing.
    Nothing,
    /// Nobody can say what it does.
    Unknown,
}

/// The class of an edit; `None` if it must not be reported.
///
/// Two things are taken for granted. Nobody sends what no document lists, and whoever receives it ignores it: so a part that may be left
/// out harms nobody when it comes, and an unlisted name no reader. What a document lists is used: so a described part that goes is missed
/// by a reader, and no longer understood from a sender.
pub(super) fn class(role: Role, effect: Effect) -> Option<Class> {
    use Effect::{
        Asked, Demanded, Fewer, FewerUnlisted, Gained, Lost, Meaning, More, MoreUnlisted, Noted, Nothing, Others,
        Unknown,
    };
    Some(match (effect, role) {
        (Nothing, _) => return None,
        (Unknown, _) => Class::Uncertain,
        (Fewer | FewerUnlisted | Demanded, Role::Sent)
        | (More, Role::Received)
        | (Others | Asked | Lost | Meaning, _) => Class::Breaking,
        (More, Role::Sent)
        | (Fewer | FewerUnlisted | Demanded, Role::Received)
        | (MoreUnlisted | Gained | Noted, _) => Class::Compatible,
    })
}

impl Effect {
    /// The effect where every name counts, listed or not.
    pub(super) fn of_sets(self) -> Self {
        match self {
            Self::FewerUnlisted => Self::Fewer,
            Self::MoreUnlisted => Self::More,
            other => other,
        }
    }

    /// The effect on a whole of which a part has this one, where what fits the part must not fit the whole.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Fewer | Self::FewerUnlisted => Self::More,
            Self::More | Self::MoreUnlisted => Self::Fewer,
            other => other,
        }
    }

    /// The same, where the part decides what else has to fit.
    pub(super) fn mixed(self) -> Self {
        match self {
            Self::Fewer | Self::FewerUnlisted | Self::More | Self::MoreUnlisted => Self::Others,
            other => other,
        }
    }

    /// Whether it is said of sets of messages alone, so that it can be turned round.
    pub(super) fn is_of_sets(self) -> bool {
        !matches!(self, Self::Gained | Self::Demanded | Self::Asked | Self::Lost | Self::Meaning | Self::Noted)
    }
}
