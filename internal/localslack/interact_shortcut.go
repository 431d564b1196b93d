package localslack

import (
	"encoding/json"
	"net/http"
	"slices"
)

type shortcutInput struct {
	CallbackID string `json:"callback_id"`
	Channel    string `json:"channel"` // of a message shortcut: where the message is
	TS         string `json:"ts"`
	User       string `json:"user"`
}

// shortcut chooses an app's entry in the menu of a message, or in the one that
// is there everywhere.
func (w *Workspace) shortcut(r *http.Request, in shortcutInput) (any, error) {
	w.mu.Lock()
	d, err := w.sendShortcut(in)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return w.settled(r.Context(), d), nil
}

func (w *Workspace) sendShortcut(in shortcutInput) (*delivery, error) {
	u, err := w.actor(in.User)
	if err != nil {
		return nil, err
	}
	for _, a := range w.st.apps {
		at := slices.IndexFunc(a.Shortcuts, func(s Shortcut) bool { return s.CallbackID == in.CallbackID })
		switch {
		case at < 0:
			continue
		case !a.has("commands"):
			return nil, badRequest("app %s lacks the scope commands, which shortcuts need", a.Name)
		case a.Shortcuts[at].Type == "message":
			return w.sendMessageShortcut(a, u, in)
		}
		env := &envelope{Type: "interactive", app: a.ID, user: u.ID, note: Interaction{What: "shortcut", ActionID: in.CallbackID}}
		return w.dispatch(env, func(string) obj { return w.shortcutPayload("shortcut", a, u, in) }), nil
	}
	return nil, notFound("no shortcut %q", in.CallbackID)
}

func (w *Workspace) sendMessageShortcut(a *App, u *User, in shortcutInput) (*delivery, error) {
	m, _, err := w.shownTo(in.Channel, in.TS, u.ID)
	if err != nil {
		return nil, err
	}
	if m.To != "" {
		return nil, badRequest("message %s is seen by %s alone and has no shortcuts", m.TS, u.Name)
	}
	env := &envelope{Type: "interactive", app: a.ID, user: u.ID, note: Interaction{
		What: "message_action", ActionID: in.CallbackID, Channel: m.Channel, MessageTS: m.TS,
	}}
	return w.dispatch(env, func(base string) obj {
		p := w.shortcutPayload("message_action", a, u, in)
		p["channel"], p["message"], p["message_ts"] = w.channelOf(w.st.channel(m.Channel)), w.st.message(m, true), m.TS
		p["response_url"] = w.responses.issue(base, responseURL{
			app: a.ID, channel: m.Channel, user: u.ID, thread: m.ThreadTS, at: w.now(),
		})
		return p
	}), nil
}

// shortcutPayload is what both kinds have in common.
func (w *Workspace) shortcutPayload(kind string, a *App, u *User, in shortcutInput) obj {
	p := w.interaction(kind, a, u)
	delete(p, "api_app_id")
	twice := "username" // Slack says the name once here, in either field
	if kind == "shortcut" {
		twice = "name"
	}
	delete(p["user"].(obj), twice)
	p["callback_id"], p["action_ts"] = in.CallbackID, w.nextTS()
	p["trigger_id"] = w.triggers.issue(trigger{app: a.ID, user: u.ID, at: w.now()})
	return p
}

type suggestInput struct {
	clickInput
	Query string `json:"query"` // what was typed
}

// suggest types into a menu whose options the app supplies; it answers them.
func (w *Workspace) suggest(r *http.Request, in suggestInput) (any, error) {
	w.mu.Lock()
	d, err := w.sendSuggest(in)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	result := w.settled(r.Context(), d)
	if result["ok"] == true {
		suggested(d.result.payload, result)
	}
	return result, nil
}

func (w *Workspace) sendSuggest(in suggestInput) (*delivery, error) {
	u, err := w.actor(in.User)
	if err != nil {
		return nil, err
	}
	t, err := w.findTarget(in.clickInput, u)
	if err != nil {
		return nil, err
	}
	block, e := findElement(t.blocks, in.clickInput)
	if e == nil || e["type"] != "external_select" && e["type"] != "multi_external_select" {
		return nil, notFound("no menu %q with options from the app there now", in.ActionID)
	}
	env := &envelope{Type: "interactive", AcceptsResponsePayload: true, app: t.app.ID, user: u.ID, note: t.note()}
	env.note.What, env.note.ActionID, env.note.Value = "block_suggestion", in.ActionID, in.Query
	return w.dispatch(env, func(base string) obj {
		p := w.clickPayload(base, t, u, block, obj{})
		for _, name := range []string{"trigger_id", "response_url", "state"} {
			delete(p, name)
		}
		p["type"], p["action_id"], p["block_id"], p["value"] = "block_suggestion", in.ActionID, block["block_id"], in.Query
		return p
	}), nil
}

// suggested checks the options that an app answered and passes them on.
func suggested(payload json.RawMessage, result obj) {
	ack := decodeObject(payload)
	v := newChecking(SurfaceModal)
	top := pointer{}
	switch {
	case ack["options"] != nil:
		list(0, 100, plainOption)(v, top.at("options"), ack["options"])
		result["options"] = ack["options"]
	case ack["option_groups"] != nil:
		list(0, 100, optionGroup)(v, top.at("option_groups"), ack["option_groups"])
		result["option_groups"] = ack["option_groups"]
	default:
		v.fault(top, "required", "options", "options or option_groups are needed")
	}
	if len(v.faults) > 0 {
		result["ok"], result["error"] = false, "the app's answer was refused: "+v.faults[0].Error()
	}
}
