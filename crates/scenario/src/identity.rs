//! Whom a token stands for: the parts of a case that are never sent, and that an operation compares with its stored cases.

use vigie_contract::model::Operation;

/// Parameters of a case that are parts of a person's identity: the token stands for them.
#[derive(Debug)]
pub struct Identity {
    /// Who vouches for people, as users know it; empty where nobody does.
    pub name: &'static str,
    /// Identities that the provider publishes beside its cases, if it does.
    pub published: Option<Published>,
    /// What the names of such credentials begin with; empty where there are none.
    pub credentials: &'static str,
    /// What an operation compares with its stored cases when such a token calls.
    pub compared: fn(&Operation) -> Compared,
}

impl Identity {
    /// No token stands for a person.
    pub const NONE: Self = Self { name: "", published: None, credentials: "", compared: |_| Compared::default() };
}

/// Files that hold an identity each: `params.token` names the token, and a member of the payload holds the claims.
#[derive(Debug, Clone, Copy)]
pub struct Published {
    /// The folder that they are in, beside those of the operations.
    pub folder: &'static str,
    /// The member of the payload.
    pub claims: &'static str,
}

/// What an operation compares with its stored cases when the token stands for a person.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// The parts of the identity.
    pub parts: Vec<IdentityPart>,
    /// The parameters that are compared beside them.
    pub beside: Vec<&'static str>,
}

/// One part of an identity, as an operation compares it.
#[derive(Debug, Clone, Copy)]
pub struct IdentityPart {
    /// The name that a case must give it.
    pub name: &'static str,
    /// How its value is written, where there is only one way.
    pub written: Option<Written>,
}

/// The only way in which a value is written.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// In words, as in "expected ..".
    pub how: &'static str,
    /// Whether a text is written so.
    pub fits: fn(&str) -> bool,
}

impl Compared {
    /// The part of this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&IdentityPart> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// Every name that is compared, for a message.
    pub(super) fn names(&self) -> String {
        self.parts.iter().map(|part| part.name).chain(self.beside.iter().copied()).collect::<Vec<_>>().join(", ")
    }
}
