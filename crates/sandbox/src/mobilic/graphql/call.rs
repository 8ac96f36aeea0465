//! One operation that is being executed: the state, the caller, and what went wrong.

use super::super::state::{Actor, Credentials, Failure, State};
use super::super::{read, write};
use super::answer::{Args, Node, Resolved};
use apollo_compiler::parser::LineColumn;
use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use std::cell::{Ref, RefCell, RefMut};

/// One operation.
pub(crate) struct Call<'a> {
    state: RefCell<&'a mut State>,
    pub(crate) credentials: &'a Credentials,
    failures: RefCell<Vec<(Failure, Option<LineColumn>)>>,
    /// What the answer sets as cookies.
    pub(crate) cookies: RefCell<Vec<String>>,
}

/// The groups of mutations, and the roots that have some.
const SPACES: [&str; 10] = [
    "Mutations",
    "Auth",
    "Activities",
    "Employments",
    "Teams",
    "ProtectedMutations",
    "ProtectedCompanies",
    "PrivateMutations",
    "PrivateVehicles",
    "PrivateLocations",
];

impl<'a> Call<'a> {
    pub(super) fn new(state: &'a mut State, credentials: &'a Credentials) -> Self {
        Self { state: RefCell::new(state), credentials, failures: RefCell::default(), cookies: RefCell::default() }
    }

    /// The state, to read.
    pub(crate) fn state(&self) -> Ref<'_, &'a mut State> {
        self.state.borrow()
    }

    /// The state, to change; never held while another field is resolved.
    pub(crate) fn state_mut(&self) -> RefMut<'_, &'a mut State> {
        self.state.borrow_mut()
    }

    /// Whoever calls, if the credentials are good.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        self.credentials.actor(&self.state())
    }

    /// The value of a field. A mutation that fails leaves nothing behind.
    pub(super) fn resolve(&self, node: &Node, field: &str, args: &Args) -> Resolved {
        match node {
            Node::Space(name) if SPACES.contains(name) => {
                let before: State = (**self.state()).clone();
                let resolved = write::field(self, name, field, args);
                if resolved.as_ref().is_err_and(|failure| !failure.kept) {
                    **self.state_mut() = before;
                }
                resolved
            }
            _ => read::field(self, node, field, args),
        }
    }

    /// Keeps a failure until its place in the answer is known; the engine carries its number.
    pub(super) fn fail(&self, failure: Failure, info: &ResolveInfo<'_>) -> FieldError {
        let field = info.field_selections()[0];
        let name = field.alias.as_ref().unwrap_or(&field.name);
        let place = name.location().and_then(|span| span.line_column(&info.document().sources));
        self.keep(failure, place)
    }

    /// The same for an item of a list.
    pub(super) fn fail_item(&self, failure: Failure) -> FieldError {
        self.keep(failure, None)
    }

    fn keep(&self, failure: Failure, place: Option<LineColumn>) -> FieldError {
        let mut failures = self.failures.borrow_mut();
        failures.push((failure, place));
        FieldError { message: (failures.len() - 1).to_string() }
    }

    /// A failure by its number, as the engine wrote it.
    pub(super) fn failure(&self, message: &str) -> Option<(Failure, Option<LineColumn>)> {
        let number: usize = message.strip_prefix("resolver error: ")?.parse().ok()?;
        self.failures.borrow().get(number).cloned()
    }
}
