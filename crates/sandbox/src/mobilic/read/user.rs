//! A user, as oneself, as a manager, and as a colleague.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, leaf, nodes, null, record};
use super::super::state::time::{NOW, day_of, today};
use super::super::state::{Failure, State, find};
use super::page::{Page, page};
use super::{regulation, row, workday};

/// Items of a page of a user, at most.
const MOST: usize = 200;

/// That the caller may see a user at all: oneself, or someone of a company that both belong to.
pub(super) fn readable(call: &Call<'_>, id: i64) -> Result<(), Failure> {
    let actor = call.actor()?;
    let state = call.state();
    let shared = shared(&state, actor.user, id);
    let seen = match actor.company {
        Some(company) => shared.contains(&company),
        None => actor.user == id || !shared.is_empty(),
    };
    if seen { Ok(()) } else { Err(Failure::forbidden()) }
}

/// Companies that two people have in common.
fn shared(state: &State, one: i64, other: i64) -> Vec<i64> {
    let of = |user| state.employments.iter().filter(move |own| own.user == Some(user));
    let current = state.current(one).map(|own| own.company);
    current.filter(|company| of(other).any(|own| own.company == *company)).collect()
}

pub(super) fn field(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    row(&call.state().users, id, field, |user| {
        Ok(match field {
            "email" => leaf(email(call, id)),
            "admin" | "isImpersonated" | "shouldUpdatePassword" => leaf(false),
            "hasConfirmedEmail" => leaf(user.activated),
            "disabledWarnings" => Answer::List(Vec::new()),
            "currentEmployments"
            | "employments"
            | "adminedCompanies"
            | "userAgreementStatus"
            | "notifications"
            | "surveyActions"
            | "userControls" => own(call, id, field, args)?,
            "missions" | "activities" | "workDays" | "regulationComputationsByDay" => of_work(call, id, field, args)?,
            "hadEnoughBreakLastMission" => leaf(true),
            _ => null(),
        })
    })
}

/// The address, masked where an employee hides it from colleagues.
fn email(call: &Call<'_>, id: i64) -> Option<String> {
    let actor = call.actor().ok().map(|actor| actor.user);
    let state = call.state();
    let email = find(&state.users, id)?.email.clone()?;
    let hidden = state.current(id).any(|own| own.hide_email);
    Some(if hidden && actor.is_some_and(|actor| actor != id) { masked(&email) } else { email })
}

/// An address of which only the first letter and the host are told.
pub(super) fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{host}", name.chars().next().unwrap_or('*'))
}

/// What nobody but oneself may see.
fn own(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    if actor.user != id {
        return Err(Failure::forbidden());
    }
    let state = call.state();
    let seen = |company: i64| actor.within(company).is_ok();
    Ok(match field {
        "currentEmployments" => {
            nodes(state.current(id).filter(|own| seen(own.company)).map(|own| Node::Employment(own.id)))
        }
        "employments" => {
            let (from, until) = (args.day("fromDate"), args.day("untilDate"));
            let pending = args.flag("includePending") == Some(true);
            let employments = state.employments.iter().filter(|own| own.user == Some(id) && own.dismissed.is_none());
            let employments = employments.filter(|own| seen(own.company) && (pending || own.status != "pending"));
            let employments = employments.filter(|own| {
                until.is_none_or(|until| own.start <= until)
                    && from.is_none_or(|from| own.end.is_none_or(|end| from <= end))
            });
            nodes(employments.map(|own| Node::Employment(own.id)))
        }
        "adminedCompanies" => {
            let wanted = args.ids("companyIds");
            let managed = state.current(id).filter(|own| own.manages(today()) && seen(own.company));
            let managed = managed.filter(|own| wanted.as_ref().is_none_or(|wanted| wanted.contains(&own.company)));
            nodes(managed.map(|own| Node::Company(own.company)))
        }
        "userAgreementStatus" => {
            let fields = [
                ("id", leaf(1)),
                ("cguVersion", leaf("v1.0")),
                ("answerDate", leaf(NOW)),
                ("expiresAt", null()),
                ("isBlacklisted", leaf(false)),
                ("shouldAcceptCgu", leaf(true)),
                ("hasAcceptedCgu", leaf(false)),
                ("hasRejectedCgu", leaf(false)),
            ];
            Answer::Node(record("UserAgreement", fields))
        }
        _ => Answer::List(Vec::new()),
    })
}

/// What oneself and the managers of a shared company may see.
fn of_work(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let state = call.state();
    let managed: Vec<i64> =
        shared(&state, actor.user, id).into_iter().filter(|company| state.manages(actor.user, *company)).collect();
    if actor.user != id && managed.is_empty() {
        return Err(Failure::forbidden());
    }
    let seen = |company: i64| actor.within(company).is_ok() && (actor.user == id || managed.contains(&company));
    let company_of = |mission: i64| find(&state.missions, mission).map_or(0, |own| own.company);
    let activities: Vec<_> =
        state.of_user(id).into_iter().filter(|own| seen(company_of(own.mission))).cloned().collect();
    let (from, until) = (args.int("fromTime"), args.int("untilTime"));
    let within = |start: i64, end: i64| from.is_none_or(|from| end >= from) && until.is_none_or(|until| start <= until);
    let shown = Page::new(args, MOST)?;
    Ok(match field {
        "activities" => {
            let kept = activities.iter().filter(|own| within(own.start, own.end.unwrap_or(NOW)));
            let items = kept.map(|own| (own.start, own.id, Answer::Node(Node::Activity(own.id))));
            page("ActivityConnection", "ActivityEdge", items.collect(), &shown)
        }
        "missions" => {
            let deleted = args.flag("includeDeletedMissions") == Some(true);
            let missions = state.missions.iter().filter(|own| own.deleted.is_none() || deleted);
            let items = missions.filter_map(|mission| {
                let mine: Vec<_> = activities.iter().filter(|own| own.mission == mission.id).collect();
                let start = mine.iter().map(|own| own.start).min();
                let end = mine.iter().filter_map(|own| own.end).max().unwrap_or(NOW);
                let concerns = start.is_some() || mission.submitter == id && seen(mission.company);
                let start = start.unwrap_or(mission.reception);
                (concerns && within(start, end)).then_some((start, mission.id, Answer::Node(Node::Mission(mission.id))))
            });
            page("MissionConnection", "MissionEdge", items.collect(), &shown)
        }
        "workDays" => {
            let days = workday::days(&activities, args);
            let items = days.into_iter().map(|day| {
                (day.day * super::super::state::time::DAY, id, Answer::Node(workday::node(&state, &day, false)))
            });
            page("WorkDayConnection", "WorkDayEdge", items.collect(), &shown.by_day())
        }
        _ => {
            let mut days: Vec<i64> = activities.iter().map(|own| day_of(own.start)).collect();
            days.dedup();
            regulation::by_day(id, &days, &activities, args)
        }
    })
}
