package localslack

import (
	"encoding/json"
	"fmt"
)

// Limits of views (docs.slack.dev/surfaces/modals).
const (
	maxViewBytes = 250_000
	maxStack     = 3
)

func viewsOpen(c *call) (obj, error) {
	t, err := c.trigger()
	if err != nil {
		return nil, err
	}
	content, err := c.acceptView("modal", "")
	if err != nil {
		return nil, err
	}
	if err := c.closeAll(t.user); err != nil {
		return nil, err
	}
	return c.stack(t, content)
}

func viewsPush(c *call) (obj, error) {
	t, err := c.trigger()
	if err != nil {
		return nil, err
	}
	content, err := c.acceptView("modal", "")
	if err != nil {
		return nil, err
	}
	switch open := len(c.st.modals[t.user]); {
	case open == 0 || t.view == "":
		return nil, refuse("not_found")
	case open >= maxStack:
		return nil, refuse("push_limit_reached")
	}
	return c.stack(t, content)
}

func (c *call) trigger() (*trigger, error) {
	id := c.str("trigger_id")
	if id == "" {
		id = c.str("interactivity_pointer")
	}
	if id == "" {
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	}
	return c.triggers.find(id, c.app.ID, c.now())
}

func (c *call) stack(t *trigger, content json.RawMessage) (obj, error) {
	v, err := c.pushView(c.app.ID, t.user, content)
	if err != nil {
		return nil, err
	}
	t.used = true
	return obj{"view": c.st.view(v, nil)}, nil
}

// pushView puts a modal on top of a person's stack.
func (w *Workspace) pushView(app, user string, content json.RawMessage) (*View, error) {
	v := &View{ID: newID("V"), App: app, User: user, Type: "modal", Hash: w.newHash(), Content: content}
	v.Root = v.ID
	if open := w.st.modals[user]; len(open) > 0 {
		v.Root, v.Previous = open[0].ID, open[len(open)-1].ID
	}
	return v, w.commit(Record{Kind: ViewOpened, View: v})
}

// closeAll empties a person's stack of modals.
func (w *Workspace) closeAll(user string) error {
	for len(w.st.modals[user]) > 0 {
		open := w.st.modals[user]
		if err := w.commit(Record{Kind: ViewClosed, View: open[len(open)-1]}); err != nil {
			return err
		}
	}
	return nil
}

func viewsUpdate(c *call) (obj, error) {
	v := c.findView()
	if v == nil {
		return nil, refuse("not_found")
	}
	content, err := c.acceptView(v.Type, v.ID)
	if err != nil {
		return nil, err
	}
	if h := c.str("hash"); h != "" && h != v.Hash {
		return nil, refuse("hash_conflict")
	}
	next, err := c.replaceView(v, content)
	if err != nil {
		return nil, err
	}
	return obj{"view": c.st.view(next, nil)}, nil
}

func (c *call) findView() *View {
	if id := c.str("view_id"); id != "" {
		if v := c.st.views[id]; v != nil && v.App == c.app.ID {
			return v
		}
		return nil
	}
	if ext := c.str("external_id"); ext != "" {
		for _, v := range c.st.views {
			if v.externalID == ext && v.App == c.app.ID {
				return v
			}
		}
	}
	return nil
}

func (w *Workspace) replaceView(v *View, content json.RawMessage) (*View, error) {
	next := *v
	next.Content, next.Hash = content, w.newHash()
	return &next, w.commit(Record{Kind: ViewUpdated, View: &next})
}

func viewsPublish(c *call) (obj, error) {
	u := c.st.user(c.str("user_id"))
	if u == nil || u.ID != c.str("user_id") || u.IsBot {
		return nil, refuse("invalid_arguments", "[ERROR] invalid `user_id`")
	}
	if !c.app.tabs().Home {
		return nil, refuse("not_enabled")
	}
	old := c.st.homes[key(c.app.ID, u.ID)]
	id := ""
	if old != nil {
		id = old.ID
	}
	content, err := c.acceptView("home", id)
	if err != nil {
		return nil, err
	}
	if h := c.str("hash"); h != "" && (old == nil || h != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	if id == "" {
		id = newID("V")
	}
	v := &View{ID: id, App: c.app.ID, User: u.ID, Type: "home", Hash: c.newHash(), Root: id, Content: content}
	if err := c.commit(Record{Kind: ViewPublished, View: v}); err != nil {
		return nil, err
	}
	for _, waiting := range c.homes[u.ID] {
		close(waiting)
	}
	delete(c.homes, u.ID)
	return obj{"view": c.st.view(v, nil)}, nil
}

// acceptView checks the view argument and returns it with block ids filled in.
// self is the view being replaced, which may keep its external_id.
func (c *call) acceptView(kind, self string) (json.RawMessage, error) {
	raw := c.json("view")
	if len(raw) > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	return c.checkView(raw, c.app.ID, kind, self)
}

func (w *Workspace) checkView(raw json.RawMessage, app, kind, self string) (json.RawMessage, error) {
	if found := CheckView(raw); len(found) > 0 {
		e := &apiError{code: "invalid_arguments"}
		for _, f := range found {
			e.messages = append(e.messages, fmt.Sprintf("[ERROR] %s [json-pointer:/view%s]", f.Message, f.Pointer))
		}
		return nil, e
	}
	view := decodeObject(raw)
	if view["type"] != kind {
		return nil, refuse("invalid_arguments", fmt.Sprintf("[ERROR] a view of type %q is needed here [json-pointer:/view/type]", kind))
	}
	if ext, _ := view["external_id"].(string); ext != "" {
		for _, v := range w.st.views {
			if v.externalID == ext && v.App == app && v.ID != self {
				return nil, refuse("duplicate_external_id")
			}
		}
	}
	if err := w.mayAskFiles(view, app); err != nil {
		return nil, err
	}
	return fillView(view), nil
}

func (w *Workspace) newHash() string {
	return fmt.Sprintf("%d.%s", w.now().Unix(), newID(""))
}
