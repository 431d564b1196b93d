package localslack

import (
	"encoding/json"
	"net/http"
	"slices"
)

type commandInput struct {
	Command string `json:"command"`
	Text    string `json:"text"`
	Channel string `json:"channel"`
	User    string `json:"user"`
}

// command runs a slash command; the ack's payload is shown in the channel.
func (w *Workspace) command(r *http.Request, in commandInput) (any, error) {
	w.mu.Lock()
	d, answerTo, err := w.sendCommand(in)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	result := w.settled(r.Context(), d)
	if result["ok"] != true || len(d.result.payload) == 0 {
		return result, nil
	}
	var shown reply
	if json.Unmarshal(d.result.payload, &shown) != nil || shown.Text == "" && len(shown.Blocks) == 0 && len(shown.Attachments) == 0 {
		return result, nil // an empty ack shows nothing
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.applyReply(answerTo, shown); err != nil {
		result["ok"], result["error"] = false, "the app's answer was refused: "+err.Error()
	}
	return result, nil
}

func (w *Workspace) sendCommand(in commandInput) (*delivery, *responseURL, error) {
	u, err := w.actor(in.User)
	if err != nil {
		return nil, nil, err
	}
	ch, err := w.channelNamed(in.Channel)
	if err != nil {
		return nil, nil, err
	}
	if err := w.mayEnter(u, ch); err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(w.st.apps, func(a *App) bool {
		return slices.ContainsFunc(a.Commands, func(c Command) bool { return c.Command == in.Command })
	})
	if at < 0 {
		return nil, nil, notFound("%s is not a valid command", in.Command)
	}
	a := w.st.apps[at]
	text := in.Text
	if slices.ContainsFunc(a.Commands, func(c Command) bool { return c.Command == in.Command && c.ShouldEscape }) {
		text = w.st.linked(text, true)
	}
	right := responseURL{app: a.ID, channel: ch.ID, user: u.ID, at: w.now()}
	env := &envelope{Type: "slash_commands", AcceptsResponsePayload: true, app: a.ID, user: u.ID, note: Interaction{
		What: in.Command, Value: in.Text, Channel: ch.ID,
	}}
	d := w.dispatch(env, func(base string) obj {
		return obj{
			"token": verificationToken, "team_id": w.st.team.ID, "team_domain": w.st.team.Domain, "channel_id": ch.ID,
			"channel_name": w.channelOf(ch)["name"], "user_id": u.ID, "user_name": u.Name, "command": in.Command,
			"text": text, "api_app_id": a.ID, "is_enterprise_install": "false",
			"response_url": w.responses.issue(base, right),
			"trigger_id":   w.triggers.issue(trigger{app: a.ID, user: u.ID, at: w.now()}),
		}
	})
	return d, &right, nil
}
