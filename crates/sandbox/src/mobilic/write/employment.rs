//! Employments: offered, accepted, ended.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, done, leaf, null, record};
use super::super::state::time::{NOW, day_of, day_text, today};
use super::super::state::{Actor, BUSINESSES, Employment, Failure, State, find, find_mut, next};

/// Invitations in one call, at most.
const MOST: usize = 100;

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    actor.may_write(&call.state())?;
    let state: &mut State = &mut call.state_mut();
    match field {
        "createEmployment" => create(state, actor, args),
        "batchCreateWorkerEmployments" => create_many(state, actor, args),
        "validateEmployment" => review(state, actor, args, "approved"),
        "rejectEmployment" => review(state, actor, args, "rejected"),
        "terminateEmployment" => {
            let id = args.id("employmentId");
            terminate(state, actor, id, args.day("endDate"))?;
            Ok(Answer::Node(Node::Employment(id)))
        }
        "batchTerminateEmployments" => Ok(terminate_many(state, actor, args)),
        "cancelEmployment" => {
            let own = managed(state, actor, args.id("employmentId"))?;
            if own.user == Some(actor.user) {
                return Err(self_ended());
            }
            change(state, own.id, |own| own.dismissed = Some(NOW));
            Ok(done())
        }
        "reattachEmployment" => reattach(state, actor, args),
        "sendInvitationsReminders" => remind(state, actor, args),
        "changeEmployeeRole" => {
            let own = managed(state, actor, args.id("employmentId"))?;
            if own.user == Some(actor.user) {
                let message = "A user can not change its own role, it has to be done by another admin.";
                return Err(Failure::new("USER_SELF_CHANGE_ROLE", message));
            }
            change(state, own.id, |own| own.admin = args.flag("hasAdminRights"));
            Ok(Answer::Node(Node::Company(own.company)))
        }
        "changeEmployeeBusinessType" => {
            let own = managed(state, actor, args.id("employmentId"))?;
            let kind = business(args.text("businessType").unwrap_or_default())?;
            change(state, own.id, |own| own.business = Some(kind));
            Ok(Answer::Node(Node::Company(own.company)))
        }
        "changeEmployeeTeam" => change_team(state, actor, args),
        "updateHideEmail" => {
            let own = find(&state.employments, args.id("employmentId")).ok_or_else(missing)?.clone();
            actor.within(own.company)?;
            if own.user != Some(actor.user) && !state.manages(actor.user, own.company) {
                return Err(Failure::unauthorized());
            }
            change(state, own.id, |own| own.hide_email = args.flag("hideEmail") == Some(true));
            Ok(Answer::Node(Node::Employment(own.id)))
        }
        "requestDetachment" => {
            let own = find(&state.employments, args.id("employmentId")).ok_or_else(missing)?.clone();
            actor.within(own.company)?;
            if own.user != Some(actor.user) {
                return Err(Failure::unauthorized());
            }
            change(state, own.id, |own| own.detachment = Some(NOW));
            Ok(Answer::Node(Node::Employment(own.id)))
        }
        _ => Ok(null()),
    }
}

fn missing() -> Failure {
    Failure::resource("Employment not found")
}

fn self_ended() -> Failure {
    let message = "A user can not terminate its own employment, it has to be done by another admin.";
    Failure::new("USER_SELF_TERMINATE_EMPLOYMENT", message)
}

fn change(state: &mut State, id: i64, change: impl FnOnce(&mut Employment)) {
    if let Some(own) = find_mut(&mut state.employments, id) {
        change(own);
    }
}

/// The place of a kind of business; the real server breaks on a name that it does not know.
pub(super) fn business(name: &str) -> Result<usize, Failure> {
    BUSINESSES
        .iter()
        .position(|(_, own)| *own == name)
        .ok_or_else(|| Failure::bug(format!("'{name}' is not a valid BusinessType")))
}

/// An employment of a company that the caller manages.
fn managed(state: &State, actor: Actor, id: i64) -> Result<Employment, Failure> {
    let own = find(&state.employments, id).ok_or_else(Failure::unauthorized)?;
    actor.must_manage(state, own.company)?;
    Ok(own.clone())
}

fn create(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    actor.must_manage(state, company)?;
    let (mail, user) = (args.text("mail"), args.int("userId"));
    if mail.is_some() == user.is_some() {
        return Err(Failure::inputs("Exactly one of userId or mail should be provided."));
    }
    let (start, end) = (args.day("startDate").unwrap_or_else(today), args.day("endDate"));
    if end.is_some_and(|end| end < start) {
        return Err(Failure::inputs("End date should not be before start date"));
    }
    if user.is_some_and(|user| find(&state.users, user).is_none()) {
        return Err(Failure::inputs("Invalid user id"));
    }
    let id = offer(state, actor, company, (mail, user), (start, end), args.flag("hasAdminRights"))?;
    change(state, id, |own| own.team = args.int("teamId"));
    Ok(Answer::Node(Node::Employment(id)))
}

fn offer(
    state: &mut State,
    actor: Actor,
    company: i64,
    (mail, user): (Option<&str>, Option<i64>),
    (start, end): (i64, Option<i64>),
    admin: Option<bool>,
) -> Result<i64, Failure> {
    let same = |own: &Employment| {
        own.company == company
            && own.dismissed.is_none()
            && own.status != "rejected"
            && (user.is_some() && own.user == user || mail.is_some() && own.email.as_deref() == mail)
    };
    let meets = |own: &Employment| own.end.is_none_or(|own| start <= own) && end.is_none_or(|end| own.start <= end);
    if state.employments.iter().any(|own| same(own) && meets(own)) {
        let message = "User has an overlapping employment";
        return Err(Failure::new("OVERLAPPING_EMPLOYMENTS", message).with("overlapType", "company"));
    }
    let id = next(&state.employments, 5001);
    state.employments.push(Employment {
        id,
        company,
        user,
        email: mail.map(str::to_owned),
        admin,
        start,
        end,
        status: "pending".into(),
        submitter: Some(actor.user),
        reception: NOW,
        invited: Some(NOW),
        ..Default::default()
    });
    Ok(id)
}

fn create_many(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    actor.must_manage(state, company)?;
    let mails: Vec<String> = serde_json::from_value(args.value("mails")).unwrap_or_default();
    let users = args.ids("userIds").unwrap_or_default();
    if mails.len() + users.len() > MOST {
        return Err(Failure::inputs("List of invitations can't exceed 100 items"));
    }
    let whom = mails.iter().map(|mail| (Some(mail.as_str()), None)).chain(users.iter().map(|user| (None, Some(*user))));
    // One that cannot be invited does not keep the others from it.
    let made = whom.filter_map(|whom| offer(state, actor, company, whom, (today(), None), Some(false)).ok());
    Ok(super::super::graphql::nodes(made.map(Node::Employment).collect::<Vec<_>>()))
}

fn review(state: &mut State, actor: Actor, args: &Args, status: &str) -> Resolved {
    let refused = || Failure::new("AUTHORIZATION_ERROR", "Actor is not authorized to review the employment");
    let own = find(&state.employments, args.id("employmentId")).ok_or_else(refused)?.clone();
    actor.within(own.company)?;
    if own.user != Some(actor.user) {
        return Err(refused());
    }
    if own.status != "pending" || own.dismissed.is_some() {
        return Err(Failure::resource("Employment is already reviewed"));
    }
    change(state, own.id, |own| status.clone_into(&mut own.status));
    Ok(Answer::Node(Node::Employment(own.id)))
}

fn terminate(state: &mut State, actor: Actor, id: i64, end: Option<i64>) -> Result<(), Failure> {
    let own = managed(state, actor, id)?;
    if own.user == Some(actor.user) {
        return Err(self_ended());
    }
    if !own.approved() || own.end.is_some() {
        let message = "Employment is inactive or already terminated";
        return Err(Failure::new("EMPLOYMENT_ALREADY_TERMINATED", message));
    }
    let end = end.unwrap_or_else(today);
    if end < own.start {
        return Err(Failure::inputs("End date should not be before start date"));
    }
    let of_company =
        |mission: i64| find(&state.missions, mission).is_some_and(|mission| mission.company == own.company);
    let activities = own.user.map(|user| state.of_user(user)).unwrap_or_default();
    if activities.iter().any(|own| of_company(own.mission) && day_of(own.start) > end) {
        let message = format!("User has logged activities for the company after {}", day_text(end));
        return Err(Failure::new("ACTIVITY_EXIST_AFTER_EMPLOYMENT_END_DATE", message));
    }
    change(state, id, |own| own.end = Some(end));
    Ok(())
}

/// Each on its own: what fails is told beside what does not.
fn terminate_many(state: &mut State, actor: Actor, args: &Args) -> Answer {
    let results = args.items("employments").into_iter().map(|item| {
        let id = item.id("employmentId");
        let result = terminate(state, actor, id, item.day("endDate"));
        let fields = [
            ("employmentId", leaf(id)),
            ("success", leaf(result.is_ok())),
            ("error", leaf(result.err().map(|failure| failure.message))),
        ];
        Ok(Answer::Node(record("TerminateEmploymentResult", fields)))
    });
    Answer::List(results.collect())
}

fn reattach(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let (company, user) = (args.id("companyId"), args.id("userId"));
    actor.must_manage(state, company)?;
    let ended = |own: &&Employment| own.company == company && own.user == Some(user);
    if state.employments.iter().find(ended).is_none() {
        return Err(Failure::inputs("User was never employed by the company"));
    }
    let id = offer(state, actor, company, (None, Some(user)), (today(), None), Some(false))?;
    let fields = [("employment", Answer::Node(Node::Employment(id))), ("emailSent", leaf(true))];
    Ok(Answer::Node(record("ReattachEmployment", fields)))
}

fn remind(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let ids = args.ids("employmentIds").unwrap_or_default();
    let mut sent = Vec::new();
    for id in ids {
        let own = managed(state, actor, id)?;
        if own.status == "pending" {
            change(state, id, |own| own.invited = Some(NOW));
            sent.push(id);
        }
    }
    let fields = [("success", leaf(true)), ("sentToEmploymentIds", leaf(sent))];
    Ok(Answer::Node(record("SendInvitationsReminders", fields)))
}

fn change_team(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    actor.must_manage(state, company)?;
    let (id, user) = (args.int("employmentId"), args.int("userId"));
    let wanted =
        |own: &&Employment| own.company == company && (Some(own.id) == id || user.is_some() && own.user == user);
    let own = state.employments.iter().find(wanted).ok_or_else(|| Failure::inputs("No employment found"))?.clone();
    let team = args.int("teamId");
    if team.is_some_and(|team| find(&state.teams, team).is_none_or(|team| team.company != company)) {
        return Err(Failure::inputs("Invalid team id"));
    }
    for other in state.teams.iter_mut().filter(|other| other.company == company) {
        other.users.retain(|user| Some(*user) != own.user);
        if Some(other.id) == team {
            other.users.extend(own.user);
        }
    }
    change(state, own.id, |own| own.team = team);
    Ok(Answer::Node(Node::Company(company)))
}
