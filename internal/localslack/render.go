package localslack

import (
	"maps"
	"slices"
	"strings"
)

// botID is the B… id that goes with the app.
func (a *App) botID() string { return derivedID("B", a.ID) }

func (a *App) profile(team string) obj {
	icon := "https://a.slack-edge.com/80588/img/plugins/app/bot_%.png"
	return obj{
		"id": a.botID(), "app_id": a.ID, "name": a.Name, "team_id": team, "deleted": false, "updated": 1_700_000_000,
		"icons": obj{
			"image_36": strings.Replace(icon, "%", "36", 1),
			"image_48": strings.Replace(icon, "%", "48", 1),
			"image_72": strings.Replace(icon, "%", "72", 1),
		},
	}
}

// message renders a message as the Web API and payloads show it.
func (s *state) message(m *Message, withMetadata bool) obj {
	o := obj{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.team.ID}
	if a := s.app(m.App); a != nil {
		o["bot_id"], o["app_id"], o["bot_profile"] = a.botID(), a.ID, a.profile(s.team.ID)
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = m.Attachments
	}
	if files := s.filesOf(m); files != nil {
		o["files"], o["upload"] = files, false
	}
	if m.Username != "" {
		o["username"] = m.Username
	}
	if m.EditedTS != "" {
		o["edited"] = obj{"user": m.User, "ts": m.EditedTS}
	}
	if m.gone {
		o["subtype"], o["hidden"] = "tombstone", true
	}
	if withMetadata && len(m.Metadata) > 0 {
		o["metadata"] = m.Metadata
	}
	if len(m.Reactions) > 0 {
		o["reactions"] = reactionsOf(m)
	}
	s.addThread(o, m)
	return o
}

func reactionsOf(m *Message) []obj {
	all := make([]obj, len(m.Reactions))
	for i, r := range m.Reactions {
		all[i] = obj{"name": r.Name, "users": r.Users, "count": len(r.Users)}
	}
	return all
}

func (s *state) addThread(o obj, m *Message) {
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
		if parent := s.byTS[key(m.Channel, m.ThreadTS)]; parent != nil {
			o["parent_user_id"] = parent.User
		}
		if m.Broadcast {
			o["subtype"] = "thread_broadcast"
		}
		return
	}
	replies := s.replies[key(m.Channel, m.TS)]
	if len(replies) == 0 {
		return
	}
	var users []string
	for _, r := range replies {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	o["thread_ts"], o["reply_count"], o["reply_users_count"] = m.TS, len(replies), len(users)
	o["reply_users"], o["latest_reply"] = users[:min(len(users), 5)], replies[len(replies)-1].TS
	o["subscribed"], o["is_locked"] = false, false
}

func (s *state) conversation(ch *conversation, app *App) obj {
	o := obj{
		"id": ch.ID, "created": ch.created.Unix(), "is_archived": ch.Archived, "is_im": ch.im != "",
		"is_org_shared": false, "context_team_id": s.team.ID, "updated": ch.created.UnixMilli(), "priority": 0,
	}
	if ch.im != "" {
		o["user"], o["is_user_deleted"] = ch.im, false
		return o
	}
	note := obj{"value": "", "creator": "", "last_set": 0}
	o["name"], o["name_normalized"] = ch.Name, ch.Name
	o["is_channel"], o["is_group"], o["is_mpim"], o["is_private"] = !ch.Private, ch.Private, false, ch.Private
	o["is_general"], o["unlinked"], o["is_shared"], o["is_ext_shared"] = ch.Name == "general", 0, false, false
	o["is_pending_ext_shared"], o["pending_shared"] = false, []string{}
	o["creator"], o["previous_names"], o["shared_team_ids"] = "", []string{}, []string{s.team.ID}
	o["is_member"] = slices.Contains(ch.Members, app.BotUser)
	o["topic"] = obj{"value": ch.Topic, "creator": "", "last_set": 0}
	o["purpose"] = note
	o["num_members"] = len(ch.Members)
	return o
}

// channelType is the word that events use for the kind of conversation.
func (ch *conversation) channelType() string {
	switch {
	case ch.im != "":
		return "im"
	case ch.Private:
		return "group"
	}
	return "channel"
}

// scope is what an app needs for a right, history or read, in a conversation.
func (ch *conversation) scope(right string) string {
	return map[string]string{"im": "im:", "group": "groups:", "channel": "channels:"}[ch.channelType()] + right
}

// view renders a view as views.* answers and payloads show it.
func (s *state) view(v *View, values obj) obj {
	o := obj{
		"title": nil, "submit": nil, "close": nil, "private_metadata": "", "callback_id": "", "external_id": "",
		"clear_on_close": false, "notify_on_close": false,
	}
	maps.Copy(o, decodeObject(v.Content))
	if values == nil {
		values = obj{}
	}
	o["id"], o["team_id"], o["type"], o["hash"] = v.ID, s.team.ID, v.Type, v.Hash
	o["root_view_id"], o["previous_view_id"] = v.Root, nil
	if v.Previous != "" {
		o["previous_view_id"] = v.Previous
	}
	o["state"] = obj{"values": values}
	o["app_id"], o["app_installed_team_id"] = v.App, s.team.ID
	if a := s.app(v.App); a != nil {
		o["bot_id"] = a.botID()
	}
	return o
}
