//! What a state holds.

use serde_json::Value;

/// Something with an id.
pub(in super::super) trait Row {
    fn id(&self) -> i64;
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub(in super::super) struct $name {
                pub(in super::super) id: i64,
                $(pub(in super::super) $field: $type,)*
            }

            impl Row for $name {
                fn id(&self) -> i64 {
                    self.id
                }
            }
        )*
    };
}

rows! {
    /// A person with an account.
    User {
        first: String,
        last: String,
        email: Option<String>,
        phone: Option<String>,
        timezone: String,
        activated: bool,
        password: String,
        bad_tries: i64,
        totp: bool,
        created: i64,
    }
    /// A company.
    Company {
        name: String,
        siren: String,
        sirets: Vec<String>,
        phone: Option<String>,
        workers: Option<i64>,
        business: Option<usize>,
        expenditures: bool,
    }
    /// A person's place in a company. Days are counted from 1970.
    Employment {
        company: i64,
        user: Option<i64>,
        email: Option<String>,
        hide_email: bool,
        admin: Option<bool>,
        start: i64,
        end: Option<i64>,
        status: &'static str,
        submitter: Option<i64>,
        reception: i64,
        dismissed: Option<i64>,
        team: Option<i64>,
        business: Option<usize>,
        invited: Option<i64>,
        detachment: Option<i64>,
    }
    /// A vehicle of a company.
    Vehicle { company: i64, registration: String, alias: Option<String>, kilometers: Option<i64> }
    /// A place that a company knows.
    Address { company: i64, alias: Option<String>, name: String, city: Option<String>, postal: Option<String> }
    /// People of a company, with what they use.
    Team {
        company: i64,
        name: String,
        created: i64,
        users: Vec<i64>,
        admins: Vec<i64>,
        vehicles: Vec<i64>,
        addresses: Vec<i64>,
    }
    /// A round, of one or more people.
    Mission {
        company: i64,
        name: Option<String>,
        context: Value,
        vehicle: Option<i64>,
        justification: Option<String>,
        submitter: i64,
        reception: i64,
        holiday: bool,
        deleted: Option<(i64, i64)>,
        ends: Vec<End>,
    }
    /// What one person did, from when to when.
    Activity {
        mission: i64,
        user: i64,
        kind: String,
        start: i64,
        end: Option<i64>,
        submitter: i64,
        reception: i64,
        updated: i64,
        last_submitter: i64,
        dismissed: Option<Dismissal>,
        versions: Vec<Version>,
        dispute: Value,
    }
    /// A state of an activity.
    Version { start: i64, end: Option<i64>, context: Value, submitter: i64, reception: i64 }
    /// Something that was paid for.
    Expenditure {
        mission: i64,
        user: i64,
        kind: String,
        day: i64,
        submitter: i64,
        reception: i64,
        dismissed: Option<Dismissal>,
    }
    /// Someone's word that a mission is right.
    Validation {
        mission: i64,
        user: i64,
        submitter: Option<i64>,
        admin: bool,
        auto: bool,
        justification: Option<String>,
        reception: i64,
    }
    /// A remark.
    Comment { mission: i64, text: String, submitter: i64, reception: i64, dismissed: bool }
    /// One end of a mission. `place` tells places apart.
    Location {
        mission: i64,
        kind: String,
        place: String,
        name: String,
        city: Option<String>,
        postal: Option<String>,
        alias: Option<String>,
        kilometers: Option<i64>,
        submitter: i64,
        reception: i64,
    }
    /// A software.
    Client { name: &'static str, secret: String, redirects: Vec<&'static str>, key: String }
    /// A user's token, made by hand or by the code flow.
    UserToken { user: i64, client: i64 }
    /// A software that a company uses.
    CompanyLink { company: i64, client: i64, revoked: bool }
    /// A software that an employee may let in.
    EmploymentLink {
        employment: i64,
        client: i64,
        invitation: String,
        expires: i64,
        token: Option<String>,
        dismissed: bool,
    }
    /// An authorization code.
    Code { text: String, user: i64, client: i64, redirect: String, used: bool }
}

/// Someone's end of a mission.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct End {
    pub(in super::super) user: i64,
    pub(in super::super) submitter: i64,
    pub(in super::super) reception: i64,
}

/// That something was taken back.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Dismissal {
    pub(in super::super) at: i64,
    pub(in super::super) author: i64,
    pub(in super::super) context: Value,
}

/// Kinds of business: transport and name, by place.
pub(in super::super) const BUSINESSES: [(&str, &str); 9] = [
    ("TRM", "LONG_DISTANCE"),
    ("TRM", "SHORT_DISTANCE"),
    ("TRM", "SHIPPING"),
    ("TRV", "FREQUENT"),
    ("TRV", "INFREQUENT"),
    ("TRV", "TAXI_GENERAL"),
    ("TRV", "TAXI_REGULATED"),
    ("TRV", "VTC"),
    ("TRV", "LOTI"),
];

impl Activity {
    /// Whether it counts.
    pub(in super::super) fn stands(&self) -> bool {
        self.dismissed.is_none()
    }

    /// Whether it shares an instant with a span, whose end may be open.
    pub(in super::super) fn meets(&self, start: i64, end: Option<i64>) -> bool {
        end.is_none_or(|end| self.start < end) && self.end.is_none_or(|own| start < own)
    }
}

impl Employment {
    /// Whether it is in force on a day, accepted or not.
    pub(in super::super) fn covers(&self, day: i64) -> bool {
        self.dismissed.is_none()
            && self.status != "rejected"
            && self.start <= day
            && self.end.is_none_or(|end| day <= end)
    }

    /// Whether it was accepted.
    pub(in super::super) fn approved(&self) -> bool {
        self.status == "approved" && self.dismissed.is_none()
    }

    /// Whether it gives the rights of a manager on a day.
    pub(in super::super) fn manages(&self, day: i64) -> bool {
        self.approved() && self.covers(day) && self.admin == Some(true)
    }
}
