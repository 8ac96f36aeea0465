//! One state: its people and what they did, from the same seed each time. Its clock stands still.

mod failure;
mod gate;
mod rows;
pub(super) mod secret;
pub mod seed;
pub(super) mod time;

pub(super) use failure::{Failure, nothing};
pub(super) use gate::{Actor, Credentials};
pub(super) use rows::{
    Activity, Address, BUSINESSES, Client, Code, Comment, Company, CompanyLink, Dismissal, Employment, EmploymentLink,
    End, Expenditure, Location, Mission, Row, Team, User, UserToken, Validation, Vehicle, Version,
};

use crate::tokens::Tokens;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use time::today;

/// Everything that can change.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct State {
    pub(super) users: Vec<User>,
    pub(super) companies: Vec<Company>,
    pub(super) employments: Vec<Employment>,
    pub(super) vehicles: Vec<Vehicle>,
    pub(super) addresses: Vec<Address>,
    pub(super) teams: Vec<Team>,
    pub(super) missions: Vec<Mission>,
    pub(super) activities: Vec<Activity>,
    pub(super) expenditures: Vec<Expenditure>,
    pub(super) validations: Vec<Validation>,
    pub(super) comments: Vec<Comment>,
    pub(super) locations: Vec<Location>,
    pub(super) clients: Vec<Client>,
    #[serde(skip)]
    pub(super) tokens: Tokens<UserToken>,
    pub(super) company_links: Vec<CompanyLink>,
    pub(super) employment_links: Vec<EmploymentLink>,
    pub(super) codes: Vec<Code>,
    /// Ids of refresh tokens that were used or signed out.
    pub(super) spent: BTreeSet<String>,
    /// How many sessions were opened.
    pub(super) sessions: usize,
    /// How many versions of activities there are.
    pub(super) versions: i64,
    /// Tokens that let a road controller read, and whose data.
    #[serde(skip)]
    pub(super) read_tokens: Tokens<i64>,
    /// Exports that wait to be fetched, by user.
    pub(super) exports: BTreeMap<i64, usize>,
}

/// The row of an id.
pub(super) fn find<R: Row>(rows: &[R], id: i64) -> Option<&R> {
    rows.iter().find(|row| row.id() == id)
}

/// The row of an id, to change it.
pub(super) fn find_mut<R: Row>(rows: &mut [R], id: i64) -> Option<&mut R> {
    rows.iter_mut().find(|row| row.id() == id)
}

/// The id after all others.
pub(super) fn next<R: Row>(rows: &[R], first: i64) -> i64 {
    rows.iter().map(Row::id).max().map_or(first, |last| last + 1)
}

impl State {
    /// Employments of a user that are in force today.
    pub(super) fn current(&self, user: i64) -> impl Iterator<Item = &Employment> {
        self.employments.iter().filter(move |own| own.user == Some(user) && own.covers(today()))
    }

    /// Whether a user has an accepted employment in a company today.
    pub(super) fn employed(&self, user: i64, company: i64) -> bool {
        self.current(user).any(|own| own.company == company && own.approved())
    }

    /// Whether a user manages a company today.
    pub(super) fn manages(&self, user: i64, company: i64) -> bool {
        self.employments.iter().any(|own| own.user == Some(user) && own.company == company && own.manages(today()))
    }

    /// Users with an accepted employment in one of these companies.
    pub(super) fn staff(&self, companies: &[i64]) -> BTreeSet<i64> {
        let employed = self.employments.iter().filter(|own| companies.contains(&own.company) && own.approved());
        employed.filter_map(|own| own.user).collect()
    }

    /// Activities of a mission that count, in the order of their starts.
    pub(super) fn of_mission(&self, mission: i64) -> Vec<&Activity> {
        self.sorted(|own| own.mission == mission && own.stands())
    }

    /// Activities of a user that count, in the order of their starts.
    pub(super) fn of_user(&self, user: i64) -> Vec<&Activity> {
        self.sorted(|own| own.user == user && own.stands())
    }

    /// The activities that match, in the order of their starts.
    pub(super) fn sorted(&self, matches: impl Fn(&Activity) -> bool) -> Vec<&Activity> {
        let mut found: Vec<_> = self.activities.iter().filter(|own| matches(own)).collect();
        found.sort_by_key(|own| (own.start, own.id));
        found
    }

    /// First and last name.
    pub(super) fn full_name(&self, user: i64) -> String {
        find(&self.users, user).map_or_else(String::new, |user| format!("{} {}", user.first, user.last))
    }
}
