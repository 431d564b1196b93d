package localslack

import (
	"maps"
	"slices"
	"strings"
)

// verificationToken is the legacy field that real payloads still carry.
const verificationToken = "local-verification-token"

// tellApps sends message and app_mention events about a new message.
func (w *Workspace) tellApps(ch *conversation, m *Message) {
	for _, a := range w.st.apps {
		if !slices.Contains(ch.Members, a.BotUser) {
			continue
		}
		event := w.st.message(m, true)
		delete(event, "reactions")
		delete(event, "subtype") // a broadcast reply arrives as a plain reply first
		if len(m.Files) > 0 {
			event["subtype"] = "file_share" // in events only
		}
		event["channel"], event["event_ts"] = ch.ID, m.TS
		if a.has(ch.scope("history")) {
			withType := obj{"channel_type": ch.channelType()}
			maps.Copy(withType, event)
			w.emit(a, withType)
		}
		if a.has("app_mentions:read") && m.User != a.BotUser && ch.im == "" && strings.Contains(m.Text, "<@"+a.BotUser+">") {
			event["type"] = "app_mention"
			delete(event, "parent_user_id")
			w.emit(a, event)
		}
	}
}

// tellAppsChanged sends the hidden message event of an update or a deletion.
func (w *Workspace) tellAppsChanged(m *Message, subtype string, before obj) {
	ch := w.st.channel(m.Channel)
	for _, a := range w.st.apps {
		if !slices.Contains(ch.Members, a.BotUser) || !a.has(ch.scope("history")) {
			continue
		}
		event := obj{
			"type": "message", "subtype": subtype, "hidden": true, "channel": ch.ID, "channel_type": ch.channelType(),
			"ts": w.nextTS(), "previous_message": before,
		}
		event["event_ts"] = event["ts"]
		if subtype == "message_deleted" {
			event["deleted_ts"] = m.TS
		} else {
			event["message"] = w.st.message(m, false)
		}
		w.emit(a, event)
	}
}

// tellReaction sends reaction_added or reaction_removed.
func (w *Workspace) tellReaction(m *Message, name, user string, added bool) {
	kind := "reaction_removed"
	if added {
		kind = "reaction_added"
	}
	for _, a := range w.st.apps {
		if a.has("reactions:read") && slices.Contains(w.st.channel(m.Channel).Members, a.BotUser) {
			w.emit(a, obj{
				"type": kind, "user": user, "reaction": name, "item_user": m.User, "event_ts": w.nextTS(),
				"item": obj{"type": "message", "channel": m.Channel, "ts": m.TS},
			})
		}
	}
}

// tellMember sends member_joined_channel or member_left_channel.
func (w *Workspace) tellMember(kind string, ch *conversation, user string) {
	for _, a := range w.st.apps {
		if slices.Contains(ch.Members, a.BotUser) && (a.has("channels:read") || a.has("groups:read")) {
			w.emit(a, obj{
				"type": kind, "user": user, "channel": ch.ID, "team": w.st.team.ID,
				"channel_type": strings.ToUpper(ch.ID[:1]), "event_ts": w.nextTS(),
			})
		}
	}
}

// tellHome sends app_home_opened to every app.
func (w *Workspace) tellHome(u *User) error {
	for _, a := range w.st.apps {
		if !a.tabs().Home {
			continue
		}
		im, err := w.openIM(a, u)
		if err != nil {
			return err
		}
		event := obj{"type": "app_home_opened", "user": u.ID, "channel": im.ID, "tab": "home", "event_ts": w.nextTS()}
		if v := w.st.homes[key(a.ID, u.ID)]; v != nil {
			event["view"] = w.st.view(v, nil)
		}
		w.emit(a, event)
	}
	return nil
}

// eventSuffix is how subscriptions tell messages apart.
var eventSuffix = map[string]string{"channel": ".channels", "group": ".groups", "im": ".im"}

// hears reports whether an app is subscribed to an event.
func (a *App) hears(event obj) bool {
	if a.Events == nil {
		return true
	}
	name, _ := event["type"].(string)
	where, _ := event["channel_type"].(string)
	if name == "message" {
		name += eventSuffix[where]
	}
	return slices.Contains(a.Events, name)
}
