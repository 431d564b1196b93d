package localslack

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
)

type submitInput struct {
	ViewID string         `json:"view_id"`
	Values map[string]any `json:"values"` // {block_id: {action_id: value}} or {action_id: value}
	User   string         `json:"user"`
}

// submit presses a modal's submit button.
func (w *Workspace) submit(r *http.Request, in submitInput) (any, error) {
	w.mu.Lock()
	v, u, err := w.openModal(in.ViewID, in.User)
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	values, err := stateValues(viewBlocks(v), in.Values)
	if err != nil {
		w.mu.Unlock()
		return nil, badRequest("values: %v", err)
	}
	if missing := unfilled(viewBlocks(v), values); len(missing) > 0 {
		w.mu.Unlock() // Slack's own client stops here; the app hears nothing
		return obj{"ok": true, "acked": false, "response_action": "errors", "errors": missing}, nil
	}
	if err := w.takeFiles(v, u, values); err != nil {
		w.mu.Unlock()
		return nil, err
	}
	d := w.sendView("view_submission", v, u, values)
	w.mu.Unlock()
	result := w.settled(r.Context(), d)
	if result["ok"] != true {
		return result, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.applySubmission(v, d.result.payload, result); err != nil {
		result["ok"], result["error"] = false, "the app's answer was refused: "+err.Error()
	}
	return result, nil
}

// openModal finds the view on top of the person's stack.
func (w *Workspace) openModal(id, user string) (*View, *User, error) {
	u, err := w.actor(user)
	if err != nil {
		return nil, nil, err
	}
	open := w.st.modals[u.ID]
	at := slices.IndexFunc(open, func(v *View) bool { return v.ID == id })
	switch {
	case at < 0:
		return nil, nil, notFound("%s has no modal %q open", u.Name, id)
	case at < len(open)-1:
		return nil, nil, badRequest("modal %s lies under %s", id, open[len(open)-1].ID)
	}
	return open[at], u, nil
}

func (w *Workspace) sendView(kind string, v *View, u *User, values obj) *delivery {
	env := &envelope{Type: "interactive", AcceptsResponsePayload: kind == "view_submission", app: v.App, user: u.ID}
	env.note = Interaction{What: kind, ViewID: v.ID, Value: v.callbackID}
	return w.dispatch(env, func(string) obj {
		p := w.interaction(kind, w.st.app(v.App), u)
		p["view"] = w.st.view(v, values)
		if kind == "view_submission" {
			p["trigger_id"] = w.triggers.issue(trigger{app: v.App, user: u.ID, view: v.ID, at: w.now()})
			p["response_urls"] = []obj{}
		} else {
			p["is_cleared"] = false
		}
		return p
	})
}

// applySubmission does what the ack's payload asks for. Callers hold mu.
func (w *Workspace) applySubmission(v *View, payload json.RawMessage, result obj) error {
	var ack struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(payload) > 0 && json.Unmarshal(payload, &ack) != nil {
		return refuse("invalid_payload")
	}
	if ack.Action != "" {
		result["response_action"] = ack.Action
	}
	if w.st.views[v.ID] == nil {
		return nil // the app or the person closed it meanwhile
	}
	switch ack.Action {
	case "":
		return w.commit(Record{Kind: ViewClosed, View: w.st.views[v.ID]})
	case "clear":
		return w.closeAll(v.User)
	case "errors":
		result["errors"] = ack.Errors
		return checkErrors(v, ack.Errors)
	case "update":
		content, err := w.checkView(ack.View, v.App, "modal", v.ID)
		if err == nil {
			_, err = w.replaceView(w.st.views[v.ID], content)
		}
		return err
	case "push":
		if len(w.st.modals[v.User]) >= maxStack {
			return refuse("push_limit_reached")
		}
		content, err := w.checkView(ack.View, v.App, "modal", "")
		if err == nil {
			_, err = w.pushView(v.App, v.User, content)
		}
		return err
	}
	return refuse("invalid_response_action")
}

// checkErrors holds what Slack demands: each error names an input block.
func checkErrors(v *View, errs map[string]string) error {
	if len(errs) == 0 {
		return refuse("invalid_errors: none given")
	}
	inputs := map[string]bool{}
	for _, b := range viewBlocks(v) {
		if id, _ := b["block_id"].(string); b["type"] == "input" {
			inputs[id] = true
		}
	}
	for id := range errs {
		if !inputs[id] {
			return refuse("invalid_errors: no input block " + id)
		}
	}
	return nil
}

type closeInput struct {
	ViewID string `json:"view_id"`
	User   string `json:"user"`
}

// closeView closes the top modal; the app hears of it when it asked to.
func (w *Workspace) closeView(r *http.Request, in closeInput) (any, error) {
	w.mu.Lock()
	v, u, err := w.openModal(in.ViewID, in.User)
	if err == nil {
		err = w.commit(Record{Kind: ViewClosed, View: v})
	}
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	if !v.notify {
		w.mu.Unlock()
		return obj{"ok": true}, nil
	}
	values, _ := stateValues(viewBlocks(v), nil) // initial values always fit
	d := w.sendView("view_closed", v, u, values)
	w.mu.Unlock()
	return w.afterClose(r.Context(), d), nil
}

// afterClose is settled for a modal that is gone whether the app answers or not.
func (w *Workspace) afterClose(ctx context.Context, d *delivery) obj {
	result := w.settled(ctx, d)
	result["ok"] = true
	delete(result, "error")
	return result
}
