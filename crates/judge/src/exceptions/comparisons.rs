//! Exceptions on two documents, compared.

use super::{Exceptions, Scope};
use vigie_drift::causes;
use vigie_drift::comparison::{Comparison, Form};

impl Exceptions {
    /// Applies the exceptions to a comparison, and tells the causes of what counts.
    pub fn apply_to_comparison(&self, comparison: &mut Comparison) {
        let scope = match comparison.new.kind {
            // Nothing was compared.
            _ if !comparison.is_credible() => Scope::Part,
            Form::Response | Form::Exchange => Scope::Answers,
            _ => Scope::Documents,
        };
        self.apply_in(comparison, scope);
    }

    /// Applies the exceptions to a step of a history.
    pub fn apply_to_step(&self, comparison: &mut Comparison) {
        self.apply_in(comparison, Scope::Step);
    }

    fn apply_in(&self, comparison: &mut Comparison, scope: Scope) {
        let applied = self.apply(std::mem::take(&mut comparison.changes), scope);
        comparison.changes = applied.kept;
        comparison.ignored = applied.ignored;
        comparison.notes.extend(applied.notes);
        comparison.causes = causes::group(&comparison.changes);
    }
}
