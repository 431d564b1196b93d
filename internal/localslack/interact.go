package localslack

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

type clickInput struct {
	Channel  string         `json:"channel"`
	TS       string         `json:"ts"`
	ViewID   string         `json:"view_id"`
	ActionID string         `json:"action_id"`
	BlockID  string         `json:"block_id"`
	Value    any            `json:"value"` // of a select: the chosen option's value; of a forged button: its value
	User     string         `json:"user"`
	Force    bool           `json:"force"` // send it even where the message shows no such button
	State    map[string]any `json:"state"` // what else is filled in, as for submit
}

// click presses a button or chooses from a menu, in a message or a view.
func (w *Workspace) click(r *http.Request, in clickInput) (any, error) {
	w.mu.Lock()
	d, err := w.sendClick(in)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return w.settled(r.Context(), d), nil
}

// target is where a click lands.
type target struct {
	app     *App
	channel *conversation
	message *Message
	view    *View
	blocks  []obj
}

func (w *Workspace) sendClick(in clickInput) (*delivery, error) {
	u, err := w.actor(in.User)
	if err != nil {
		return nil, err
	}
	t, err := w.findTarget(in, u)
	if err != nil {
		return nil, err
	}
	block, element := findElement(t.blocks, in)
	if element == nil {
		if !in.Force {
			return nil, notFound("no action %q there now", in.ActionID)
		}
		block, element = obj{"block_id": in.BlockID}, obj{
			"type": "button", "action_id": in.ActionID, "value": in.Value, "text": obj{"type": "plain_text", "text": in.ActionID, "emoji": true},
		}
	}
	chosen, err := chosenState(element, in.Value)
	if err != nil {
		return nil, badRequest("value for %s: %v", in.ActionID, err)
	}
	values, err := stateValues(t.blocks, in.State)
	if err != nil {
		return nil, badRequest("state: %v", err)
	}
	if id, _ := block["block_id"].(string); len(chosen) > 0 {
		setValue(values, id, in.ActionID, withType(element, chosen))
	}
	env := &envelope{Type: "interactive", app: t.app.ID, user: u.ID, note: t.note()}
	env.note.ActionID, env.note.Value = in.ActionID, valueOf(element, in.Value)
	return w.dispatch(env, func(base string) obj {
		p := w.clickPayload(base, t, u, block, values)
		p["actions"] = []obj{actionOf(block, element, chosen, w.nextTS())}
		return p
	}), nil
}

// note is what the journal keeps of where the click landed.
func (t target) note() Interaction {
	if t.view != nil {
		return Interaction{What: "block_actions", ViewID: t.view.ID}
	}
	return Interaction{What: "block_actions", Channel: t.channel.ID, MessageTS: t.message.TS}
}

func (w *Workspace) findTarget(in clickInput, u *User) (target, error) {
	if in.ViewID != "" {
		v := w.st.views[in.ViewID]
		if v == nil || v.User != u.ID {
			return target{}, notFound("%s has no view %q open", u.Name, in.ViewID)
		}
		return target{app: w.st.app(v.App), view: v, blocks: viewBlocks(v)}, nil
	}
	m, _, err := w.shownTo(in.Channel, in.TS, u.ID)
	if err != nil {
		return target{}, err
	}
	ch, app := w.st.channel(m.Channel), w.st.app(m.App)
	if app == nil {
		return target{}, badRequest("message %s is not an app's", in.TS)
	}
	return target{app: app, channel: ch, message: m, blocks: append(blocksIn(m.Blocks), attachedBlocks(m)...)}, nil
}

// findElement finds the element that is pressed; block_id and value narrow it
// down where several share an action_id.
func findElement(blocks []obj, in clickInput) (block, element obj) {
	for _, b := range blocks {
		if in.BlockID != "" && b["block_id"] != in.BlockID {
			continue
		}
		for _, e := range elementsOf(b) {
			if e["action_id"] != in.ActionID {
				continue
			}
			if v, _ := in.Value.(string); e["type"] == "button" && v != "" && e["value"] != v {
				continue
			}
			return b, e
		}
	}
	return nil, nil
}

func (w *Workspace) clickPayload(base string, t target, u *User, block, values obj) obj {
	p := w.interaction("block_actions", t.app, u)
	trig := trigger{app: t.app.ID, user: u.ID, at: w.now()}
	if t.view != nil {
		trig.view = t.view.ID
		p["container"] = obj{"type": "view", "view_id": t.view.ID}
		p["view"] = w.st.view(t.view, values)
		p["trigger_id"] = w.triggers.issue(trig)
		return p
	}
	m := t.message
	container := obj{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.To != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	if n := attachmentWith(m, block["block_id"]); n > 0 {
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", n, false
	}
	p["container"], p["state"] = container, obj{"values": values}
	p["channel"] = w.channelOf(t.channel)
	if m.To == "" { // of an ephemeral only its container is told
		p["message"] = w.st.message(m, true)
	}
	p["trigger_id"] = w.triggers.issue(trig)
	p["response_url"] = w.responses.issue(base, responseURL{
		app: t.app.ID, channel: m.Channel, user: u.ID, message: m.TS, thread: m.ThreadTS, at: w.now(),
	})
	return p
}

// interaction is what all interactive payloads have in common.
func (w *Workspace) interaction(kind string, a *App, u *User) obj {
	return obj{
		"type": kind, "team": obj{"id": w.st.team.ID, "domain": w.st.team.Domain}, "api_app_id": a.ID,
		"user":  obj{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": w.st.teamOf(u)},
		"token": verificationToken, "enterprise": nil, "is_enterprise_install": false,
	}
}

func (w *Workspace) channelOf(ch *conversation) obj {
	name := ch.Name
	if ch.im != "" {
		name = "directmessage"
	}
	return obj{"id": ch.ID, "name": name}
}

// settled waits for the ack and says what the person sees.
func (w *Workspace) settled(ctx context.Context, d *delivery) obj {
	if d == nil {
		return obj{"ok": false, "acked": false, "error": "the app has no open connection"}
	}
	out := w.await(ctx, d)
	reply := obj{"ok": out.acked, "acked": out.acked, "envelope_id": d.env.EnvelopeID}
	if !out.acked {
		reply["error"] = "the app did not respond within " + ackDeadline.String()
		return reply
	}
	reply["ack_ms"] = w.now().Sub(d.sent).Milliseconds()
	reply["ack"] = json.RawMessage("null")
	if ack := compacted(out.payload); ack != nil {
		reply["ack"] = ack
	}
	return reply
}

type homeInput struct {
	User string `json:"user"`
}

// homeWait is how long home waits for the app to publish a view.
const homeWait = 3 * time.Second

// home opens the Home tab and answers the view that is published for it.
func (w *Workspace) home(r *http.Request, in homeInput) (any, error) {
	w.mu.Lock()
	u, err := w.actor(in.User)
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	published := make(chan struct{})
	w.homes[u.ID] = append(w.homes[u.ID], published)
	err = w.tellHome(u)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	limit := time.NewTimer(homeWait)
	defer limit.Stop()
	fresh := false
	select {
	case <-published:
		fresh = true
	case <-limit.C:
	case <-r.Context().Done():
	case <-w.ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !fresh {
		w.homes[u.ID] = slices.DeleteFunc(w.homes[u.ID], func(c chan struct{}) bool { return c == published })
	}
	for _, v := range w.st.sortedViews(u.ID) {
		if v.Type == "home" {
			return rendered(obj{"ok": true, "published": fresh, "view": w.st.view(v, nil)})
		}
	}
	return obj{"ok": false, "error": "no app published a Home view for " + u.Name}, nil
}
