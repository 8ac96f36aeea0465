//! The endpoint: what answers a call.

use super::callbacks;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::reply::{elsewhere, response};
use super::service::{self, MOVED, body};
use super::session::Session;
use super::state::{Holder, State};
use super::subscribers;
use crate::Sessions;
use crate::gate::Incoming;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The path of everything else.
const ROOT: &str = "/v1/";

/// Answers a call of the endpoint.
pub(super) async fn answer(sessions: &Sessions<Session>, base_url: &str, call: &Incoming) -> Response {
    if call.path.starts_with(MOVED) {
        return elsewhere(StatusCode::PERMANENT_REDIRECT, base_url);
    }
    if let Some(name) = call.path.strip_prefix(subscribers::PATH) {
        return subscribers::answer(call, name);
    }
    let Some(path) = call.path.strip_prefix(ROOT) else {
        return response(Err(Refusal::absent("the endpoint has no such path")));
    };
    let answered = async {
        let session = sessions.of(&call.headers)?;
        if call.method == Method::GET && path.eq_ignore_ascii_case("accessToken") {
            return service::access_token_of_moved(&mut session.lock(), call);
        }
        let caller = {
            let state = session.lock();
            let caller = state.caller(call)?;
            state.count(&caller.connector)?;
            caller
        };
        let path = decoded(path)?;
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        route(&session, &caller, call, &segments).await
    };
    response(answered.await)
}

/// A path without percent signs; what they stand for may be no slash.
fn decoded(path: &str) -> Answer<String> {
    let bad = || Refusal::absent("the endpoint has no such path");
    if path.to_ascii_lowercase().contains("%2f") {
        return Err(bad());
    }
    percent_decode_str(path).decode_utf8().map(Into::into).map_err(|_| bad())
}

async fn route(session: &Arc<Session>, caller: &Holder, call: &Incoming, segments: &[&str]) -> Answer {
    let lowered: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lowered: Vec<&str> = lowered.iter().map(String::as_str).collect();
    let answer = match (call.method.as_str(), &lowered[..]) {
        ("POST", ["webhook"]) => create_webhook(session, caller, call).await,
        ("GET", ["webhook"]) => {
            // Whether a webhook is still on depends on what is under way.
            session.rest().await;
            session.lock().list_webhooks(caller, &call.query)
        }
        (method, lowered) => {
            let mut state = session.lock();
            at_once(&mut state, caller, call, method, lowered, segments)
        }
    };
    let deliveries = std::mem::take(&mut session.lock().outbox);
    session.hand_over(deliveries);
    answer
}

/// Answers what needs nobody else. Words of a path are taken in any case, and ids as they are.
fn at_once(state: &mut State, who: &Holder, call: &Incoming, method: &str, words: &[&str], ids: &[&str]) -> Answer {
    let query = &call.query;
    // The body of a call that needs none may be empty.
    let optional = || if call.body.is_empty() { Ok(Map::new()) } else { body(call) };
    match (method, words) {
        ("POST", ["media"]) => state.upload(call),
        ("POST", ["media", "url" | "attachment"]) => state.upload_from_url(Fields(&body(call)?)),
        ("PUT", ["webhook", _]) => state.update_webhook(who, ids[1], Fields(&body(call)?)),
        ("DELETE", ["webhook", _]) => state.delete_webhook(who, ids[1]),
        ("GET", ["groups"]) => Ok(state.list_groups(who, query)),
        ("POST", ["groups"]) => state.create_group(who, Fields(&body(call)?)),
        ("GET", ["groups", _]) => state.get_group(who, ids[1]),
        ("GET", ["groups", _, "subgroups"]) => state.list_sub_groups(who, ids[1], query),
        ("POST", ["groups", _, "subgroups"]) => state.create_sub_group(who, ids[1], Fields(&body(call)?)),
        ("PUT", ["groups", _, "subgroups"]) => state.add_sub_groups(who, ids[1], Fields(&body(call)?)),
        ("DELETE", ["groups", _, "subgroups", _]) => state.remove_sub_group(who, ids[1], ids[3]),
        ("GET", ["groups", _, "members"]) => state.list_members(who, ids[1]),
        ("PUT", ["groups", _, "members"]) => state.add_members(who, ids[1], Fields(&body(call)?)),
        ("PUT", ["groups", _, "members", _]) => state.update_member_role(who, ids[1], ids[3], Fields(&body(call)?)),
        ("DELETE", ["groups", _, "members", _]) => state.remove_member(who, ids[1], ids[3]),
        ("POST", ["groups", _, "subscribers"]) => state.list_subscribers(who, ids[1], Fields(&optional()?)),
        ("PUT", ["groups", _, "subscribers", "add"]) => state.add_subscribers(who, ids[1], Fields(&body(call)?)),
        ("PUT", ["groups", _, "subscribers", "remove"]) => state.remove_subscribers(who, ids[1], Fields(&body(call)?)),
        ("POST", ["groups", _, "messages"]) => state.send_message(who, ids[1], Fields(&body(call)?)),
        ("GET", ["groups", _, "actions"]) => state.list_actions(who, ids[1], query),
        ("POST", ["groups", _, "actions"]) => state.post_action(who, ids[1], Fields(&body(call)?)),
        ("GET", ["groups", _, "actions", _]) => state.get_action(who, ids[1], ids[3], query),
        ("PUT", ["groups", _, "actions", _] | ["groups", _, "actions", _, "properties"]) => {
            state.update_action(who, ids[1], ids[3], Fields(&body(call)?))
        }
        ("POST", ["groups", _, "actions", _, "responses"]) => state.respond(who, ids[1], ids[3], Fields(&body(call)?)),
        ("POST", ["groups", _, "actions", _, "reminder"]) => state.remind(who, ids[1], ids[3], Fields(&optional()?)),
        ("POST", ["groups", _, "reaction"]) => state.react(who, ids[1], Fields(&body(call)?)),
        ("GET", ["groups", _, "reaction", "summary"]) => state.group_summary(who, ids[1], query),
        ("GET", ["groups", _, "reaction", _]) => state.list_reactions(who, ids[1], ids[3], query),
        ("GET", ["groups", _, "reaction", _, "summary"]) => state.action_summary(who, ids[1], ids[3], query),
        (_, ["groups" | "webhook" | "media"] | ["groups" | "webhook", _]) => Err(Refusal::method()),
        _ => Err(Refusal::absent("the endpoint has no such path")),
    }
}

/// `POST /webhook`: the webhook stands once its URL has answered the handshake.
async fn create_webhook(session: &Arc<Session>, caller: &Holder, call: &Incoming) -> Answer<Value> {
    let webhook = session.lock().draft(caller, Fields(&body(call)?))?;
    // Signs that have to be decoded: a subscriber that answers with the raw query is found out.
    let token = format!("sandbox+validation/{}=", webhook.id);
    if !callbacks::takes_part(&webhook.url, &token).await {
        return Err(Refusal::invalid("callBackUrl did not answer the validation as it has to"));
    }
    let answer = json!({"webhookId": webhook.id});
    session.lock().webhooks.push(webhook);
    Ok(answer)
}
