package localslack

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// user renders a person; the e-mail address only for apps that may see it.
func (c *call) user(u *User) obj {
	offset := 0
	label := u.TZ
	if loc, err := time.LoadLocation(u.TZ); err == nil {
		label, offset = c.now().In(loc).Zone()
	}
	first, last, _ := strings.Cut(u.RealName, " ")
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(u.ID)))[:12]
	now := c.person(u)
	profile := obj{
		"title": "", "phone": "", "skype": "",
		"status_text": now.StatusText, "status_emoji": now.StatusEmoji, "status_expiration": now.StatusExpiration,
		"real_name": u.RealName, "real_name_normalized": u.RealName, "first_name": first, "last_name": last,
		"display_name": u.Name, "display_name_normalized": u.Name, "avatar_hash": hash, "team": c.st.teamOf(u),
	}
	for _, size := range []string{"24", "32", "48", "72", "192", "512"} {
		profile["image_"+size] = "https://secure.gravatar.com/avatar/" + hash + ".jpg?s=" + size
	}
	if c.app.has("users:read.email") && u.Email != "" {
		profile["email"] = u.Email
	}
	if a := c.appOf(u); a != nil {
		profile["bot_id"], profile["api_app_id"], profile["always_active"] = a.botID(), a.ID, true
	}
	return obj{
		"id": u.ID, "team_id": c.st.teamOf(u), "name": u.Name, "deleted": u.Deleted, "color": u.Color,
		"real_name": u.RealName, "tz": u.TZ, "tz_label": label, "tz_offset": offset, "profile": profile,
		"is_admin": false, "is_owner": false, "is_primary_owner": false, "is_restricted": u.IsRestricted,
		"is_ultra_restricted": false, "is_bot": u.IsBot, "is_app_user": false, "updated": 1_700_000_000,
		"is_email_confirmed": u.Email != "", "who_can_share_contact_card": "EVERYONE",
	}
}

// teamOf is the workspace that a person belongs to.
func (s *state) teamOf(u *User) string {
	if u.Team != "" {
		return u.Team
	}
	return s.team.ID
}

func (c *call) appOf(u *User) *App {
	for _, a := range c.st.apps {
		if a.BotUser == u.ID {
			return a
		}
	}
	return nil
}

func usersList(c *call) (obj, error) {
	part, next, err := paged(c, c.st.users)
	if err != nil {
		return nil, err
	}
	members := make([]obj, len(part))
	for i, u := range part {
		members[i] = c.user(u)
	}
	return obj{"members": members, "cache_ts": c.now().Unix(), "response_metadata": cursorMeta(next)}, nil
}

func usersInfo(c *call) (obj, error) {
	u := c.st.user(c.str("user"))
	if u == nil || u.ID != c.str("user") {
		return nil, refuse("user_not_found")
	}
	return obj{"user": c.user(u)}, nil
}

func usersLookupByEmail(c *call) (obj, error) {
	for _, u := range c.st.users {
		if u.Email != "" && !u.Deleted && strings.EqualFold(u.Email, c.str("email")) {
			return obj{"user": c.user(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

// usergroup renders a user group as usergroups.* and subteam events show it.
func (s *state) usergroup(g *Group, users, count bool) obj {
	updated := int64(1_700_000_000)
	if at, ok := s.groupTime[g.ID]; ok {
		updated = at.Unix()
	}
	o := obj{
		"id": g.ID, "team_id": s.team.ID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": "",
		"handle": g.Handle, "is_external": false, "date_create": 1_700_000_000, "date_update": updated,
		"date_delete": 0, "auto_type": nil, "created_by": slackbot, "updated_by": slackbot, "deleted_by": nil,
		"prefs": obj{"channels": []string{}, "groups": []string{}},
	}
	if users {
		o["users"] = orEmpty(g.Users)
	}
	if count {
		o["user_count"] = len(g.Users)
	}
	return o
}

func usergroupsList(c *call) (obj, error) {
	groups := []obj{}
	for _, g := range c.st.groups {
		groups = append(groups, c.st.usergroup(g, c.flag("include_users"), c.flag("include_count")))
	}
	return obj{"usergroups": groups}, nil
}

func usergroupsUsersList(c *call) (obj, error) {
	g := c.st.group(c.str("usergroup"))
	if g == nil || g.ID != c.str("usergroup") {
		return nil, refuse("no_such_subteam")
	}
	return obj{"users": orEmpty(g.Users)}, nil
}

func usergroupsUsersUpdate(c *call) (obj, error) {
	g := c.st.group(c.str("usergroup"))
	if g == nil || g.ID != c.str("usergroup") {
		return nil, refuse("no_such_subteam")
	}
	users := c.list("users")
	for _, id := range users {
		if u := c.st.user(id); u == nil || u.ID != id || u.Deleted {
			return nil, refuse("invalid_users")
		}
	}
	if err := c.setGroup(g, users, false); err != nil {
		return nil, err
	}
	return obj{"usergroup": c.st.usergroup(g, true, true)}, nil
}

// setGroup replaces a group's members and, unless silent, tells the apps.
func (w *Workspace) setGroup(g *Group, users []string, silent bool) error {
	before, previous := g.Users, w.st.usergroup(g, false, false)["date_update"]
	added, removed := minus(users, before), minus(before, users)
	if err := w.commit(Record{Kind: GroupChanged, Group: g.ID, Users: users}); err != nil {
		return err
	}
	if silent || len(added)+len(removed) == 0 {
		return nil
	}
	for _, a := range w.st.apps {
		if !a.has("usergroups:read") {
			continue
		}
		w.emit(a, obj{
			"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": w.st.team.ID,
			"date_previous_update": previous, "date_update": w.now().Unix(), "event_ts": w.nextTS(),
			"added_users": added, "added_users_count": len(added),
			"removed_users": removed, "removed_users_count": len(removed),
		})
		w.emit(a, obj{"type": "subteam_updated", "subteam": w.st.usergroup(g, true, true), "event_ts": w.nextTS()})
	}
	return nil
}

// minus returns the members of a that are not in b.
func minus(a, b []string) []string {
	return slices.DeleteFunc(append([]string{}, a...), func(x string) bool { return slices.Contains(b, x) })
}
