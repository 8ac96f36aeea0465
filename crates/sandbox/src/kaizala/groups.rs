//! Groups and sub-groups, and who reaches them.

use super::events::Subject;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Group, Holder, Membership, Reach, Series, State};
use crate::gate::Query;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many groups a session may have, and members a group.
const MOST: usize = 300;
const MOST_MEMBERS: usize = 1_000;
/// How many members a new group may begin with.
const MOST_NEW_MEMBERS: usize = 100;

impl Group {
    fn membership(&self, person: &str) -> Option<&Membership> {
        self.members.iter().find(|member| member.person == person)
    }
}

impl State {
    /// A group by id, whoever asks.
    pub(super) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// A group by id, whoever asks, to be changed.
    pub(super) fn group_mut(&mut self, id: &str) -> Option<&mut Group> {
        self.groups.iter_mut().find(|group| group.id == id)
    }

    /// A group that the caller's token reaches.
    pub(super) fn reached(&self, caller: &Holder, id: &str) -> Answer<&Group> {
        let group = self.group(id).ok_or_else(|| Refusal::absent("there is no such group"))?;
        if self.reaches(caller, group) {
            Ok(group)
        } else {
            Err(Refusal::beyond("the token does not reach that group"))
        }
    }

    fn reaches(&self, caller: &Holder, group: &Group) -> bool {
        match &caller.reach {
            Reach::Tenant => true,
            Reach::User => group.membership(&caller.person).is_some(),
            Reach::Group(own) => *own == group.id || self.below(own).contains(&group.id),
        }
    }

    /// Ids of everything below a group.
    fn below(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut left = vec![id.to_owned()];
        while let Some(id) = left.pop() {
            for child in self.group(&id).into_iter().flat_map(|group| &group.children) {
                if found.insert(child.clone()) {
                    left.push(child.clone());
                }
            }
        }
        found
    }

    fn parents(&self, id: &str) -> usize {
        self.groups.iter().filter(|group| group.children.iter().any(|child| child == id)).count()
    }

    /// What every answer shows of a group.
    fn brief(group: &Group) -> Value {
        json!({"groupId": group.id, "groupName": group.name, "groupImageUrl": group.image})
    }

    /// All details of a group.
    fn detailed(&self, caller: &Holder, group: &Group) -> Value {
        let waiting = |group: &Group| {
            group.members.iter().filter(|m| self.person(&m.person).is_some_and(|p| !p.provisioned)).count()
        };
        let below = self.below(&group.id);
        let all: Vec<&Group> =
            std::iter::once(group).chain(below.iter().filter_map(|child| self.group(child))).collect();
        let people: BTreeSet<&String> =
            all.iter().flat_map(|group| &group.members).map(|member| &member.person).collect();
        let admin =
            caller.reach == Reach::Tenant || group.membership(&caller.person).is_some_and(|member| member.admin);
        let parents = self.parents(&group.id);
        let mut shown = Self::brief(group);
        let more = json!({
            "hasSubGroups": !group.children.is_empty(),
            "hasParentGroups": parents > 0,
            "callerRole": if admin { "Admin" } else { "Member" },
            "currentLevelSubGroupCount": group.children.len(),
            "currentLevelParentGroupCount": parents,
            "userCount": all.iter().map(|group| group.members.len()).sum::<usize>(),
            "uniqueUserCount": people.len(),
            "currentLevelUserCount": group.members.len(),
            "currentLevelUnProvisionedUserCount": waiting(group),
            "unProvisionedUserCount": all.iter().map(|group| waiting(group)).sum::<usize>(),
            "isMappedToTenant": true,
            "groupType": if group.connect { "ConnectGroup" } else { "Group" },
            "isDuplicate": false,
            "isEditable": admin,
            "isDetailsReadable": true,
            "welcomeMessage": group.welcome,
        });
        if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
            shown.extend(more);
        }
        shown
    }

    /// A group with those below it.
    fn tree(&self, group: &Group, deep: bool, level: usize) -> Value {
        let mut shown = Self::brief(group);
        // Groups never stand below themselves, so the depth is bounded; one level is shown otherwise.
        if level == 0 || deep {
            let children = group.children.iter().filter_map(|child| self.group(child));
            shown["subGroups"] = children.map(|child| self.tree(child, deep, level + 1)).collect();
        }
        shown
    }

    /// Makes a group of what a body says; gives its id, and whether every member could be added.
    fn found(&mut self, caller: &Holder, name: &str, fields: Fields<'_>, joins: bool) -> Answer<(String, bool)> {
        if self.groups.len() >= MOST {
            return Err(Refusal::invalid("this session is full of groups"));
        }
        let welcome = fields.needed(&["welcomeMessage"])?.to_owned();
        let image = fields.text(&["groupImageUrl"])?.unwrap_or_default().to_owned();
        let phones = fields.texts(&["members"])?.unwrap_or_default();
        if phones.len() > MOST_NEW_MEMBERS {
            return Err(Refusal::invalid("a group begins with 100 members at most"));
        }
        let mut members = Vec::new();
        if joins {
            members.push(Membership { person: caller.person.clone(), admin: true });
        }
        let mut whole = true;
        for phone in phones {
            match self.invite(phone)? {
                Some(person) if members.iter().any(|member| member.person == person) => {}
                Some(person) => members.push(Membership { person, admin: false }),
                None => whole = false,
            }
        }
        let id = self.counter.next(Series::Group);
        self.groups.push(Group {
            id: id.clone(),
            name: name.to_owned(),
            welcome,
            image,
            connect: false,
            public: false,
            members,
            subscribers: Vec::new(),
            children: Vec::new(),
        });
        Ok((id, whole))
    }

    /// Puts a group below another one, and reports it.
    fn put_below(&mut self, caller: &Holder, parent: &str, child: &str) {
        let Some(group) = self.group_mut(parent).filter(|group| !group.children.iter().any(|own| own == child)) else {
            return;
        };
        group.children.push(child.to_owned());
        self.report_group(caller, "GroupAdded", parent, child);
    }

    /// `POST /groups`
    pub(super) fn create_group(&mut self, caller: &Holder, fields: Fields<'_>) -> Answer {
        let name = fields.needed(&["name"])?;
        let connect = fields.one_of("groupType", &["Group", "ConnectGroup"])? == Some("ConnectGroup");
        if connect && caller.reach != Reach::Tenant {
            return Err(Refusal::beyond("only a token of the tenant level makes a ConnectGroup"));
        }
        let (id, whole) = self.found(caller, name, fields, true)?;
        if let Some(group) = self.group_mut(&id) {
            group.connect = connect;
        }
        let mut answer = json!({"groupId": id, "groupName": name, "membersAdded": whole});
        if let Reach::Group(parent) = &caller.reach {
            self.put_below(caller, parent, &id);
            answer["isAddedAsSubGroup"] = json!(true);
        }
        Ok(answer)
    }

    /// `GET /groups`
    pub(super) fn list_groups(&self, caller: &Holder, query: &Query) -> Value {
        let (detailed, all) = (query.flag(&["showDetail", "showDetails"]), query.flag(&["fetchAllGroups"]));
        let own = |group: &Group| matches!(&caller.reach, Reach::Group(own) if *own == group.id);
        let listed = self
            .groups
            .iter()
            .filter(|group| self.reaches(caller, group) && (all || own(group) || self.parents(&group.id) == 0));
        let shown = |group| if detailed { self.detailed(caller, group) } else { Self::brief(group) };
        json!({"groups": listed.map(shown).collect::<Vec<Value>>()})
    }

    /// `GET /groups/{groupId}`
    pub(super) fn get_group(&self, caller: &Holder, id: &str) -> Answer {
        let group = self.reached(caller, id)?;
        Ok(json!({"groups": [self.detailed(caller, group)]}))
    }

    /// `GET /groups/{groupId}/subGroups`
    pub(super) fn list_sub_groups(&self, caller: &Holder, id: &str, query: &Query) -> Answer {
        let group = self.reached(caller, id)?;
        Ok(json!({"groups": [self.tree(group, query.flag(&["fetchAllGroups"]), 0)]}))
    }

    /// `POST /groups/{groupId}/subGroups`
    pub(super) fn create_sub_group(&mut self, caller: &Holder, parent: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, parent)?;
        let name = fields.needed(&["groupName", "name"])?;
        let joins = fields.flag("addUserToGroup")?.unwrap_or(true);
        let (id, _) = self.found(caller, name, fields, joins)?;
        self.put_below(caller, parent, &id);
        Ok(json!({"groupId": id, "groupName": name}))
    }

    /// `PUT /groups/{groupId}/subGroups`
    pub(super) fn add_sub_groups(&mut self, caller: &Holder, parent: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, parent)?;
        let children = fields.needed_texts(&["subGroups"])?;
        for child in &children {
            self.reached(caller, child)?;
            if *child == parent || self.below(child).contains(parent) {
                return Err(Refusal::invalid("a group cannot stand below itself"));
            }
        }
        for child in children {
            self.put_below(caller, parent, child);
        }
        Ok(Value::Null)
    }

    /// `DELETE /groups/{groupId}/subGroups/{subGroupId}`
    pub(super) fn remove_sub_group(&mut self, caller: &Holder, parent: &str, child: &str) -> Answer {
        if !self.reached(caller, parent)?.children.iter().any(|own| own == child) {
            return Err(Refusal::absent("that group does not stand below this one"));
        }
        self.report_group(caller, "GroupRemoved", parent, child);
        if let Some(group) = self.group_mut(parent) {
            group.children.retain(|own| own != child);
        }
        Ok(Value::Null)
    }

    fn report_group(&mut self, caller: &Holder, kind: &'static str, parent: &str, child: &str) {
        let Some(group) = self.group(child) else { return };
        let kind_of = if group.connect { "ConnectGroup" } else { "Group" };
        let data = json!({"groupId": group.id, "groupName": group.name, "groupType": kind_of});
        self.emit(caller, kind, parent, Subject::default(), data);
    }

    /// Adds somebody to a group; false if they were a member already.
    pub(super) fn join(&mut self, group: &str, person: &str) -> Answer<bool> {
        let group = self.group_mut(group).ok_or_else(|| Refusal::absent("there is no such group"))?;
        if group.membership(person).is_some() {
            return Ok(false);
        }
        if group.members.len() >= MOST_MEMBERS {
            return Err(Refusal::invalid("the group is full"));
        }
        group.members.push(Membership { person: person.to_owned(), admin: false });
        Ok(true)
    }
}
