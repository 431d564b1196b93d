package localslack

import (
	"net/http"
	"strings"
)

type editInput struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Text    string `json:"text"`
	User    string `json:"user"`
}

// edit changes a person's own message.
func (w *Workspace) edit(_ *http.Request, in editInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, u, err := w.shownTo(in.Channel, in.TS, in.User)
	if err != nil {
		return nil, err
	}
	if m.User != u.ID || m.App != "" {
		return nil, badRequest("message %s is not %s's own", m.TS, u.Name)
	}
	if strings.TrimSpace(in.Text) == "" {
		return nil, badRequest("text is empty")
	}
	next := *m
	next.Text, next.EditedTS = w.st.linked(clip(in.Text, maxPostText), false), w.nextTS()
	return obj{"ok": true, "ts": m.TS}, w.changeMessage(m, &next)
}

type unsayInput struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	User    string `json:"user"`
}

// unsay deletes a person's own message, or one that only they see.
func (w *Workspace) unsay(_ *http.Request, in unsayInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, u, err := w.shownTo(in.Channel, in.TS, in.User)
	switch {
	case err != nil:
		return nil, err
	case m.To != "":
		return obj{"ok": true}, w.deleteOriginal(m)
	case m.User != u.ID || m.App != "":
		return nil, badRequest("message %s is not %s's own", m.TS, u.Name)
	}
	return obj{"ok": true}, w.deleteMessage(m)
}

type reactInput struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Name    string `json:"name"`
	Remove  bool   `json:"remove"`
	User    string `json:"user"`
}

// react adds or removes a person's reaction.
func (w *Workspace) react(_ *http.Request, in reactInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, u, err := w.shownTo(in.Channel, in.TS, in.User)
	if err != nil {
		return nil, err
	}
	name := strings.Trim(in.Name, ":")
	if !reactionName.MatchString(name) || m.To != "" {
		return nil, badRequest("no reaction %q to message %s", in.Name, m.TS)
	}
	changed, err := w.reactAs(m, name, u.ID, !in.Remove)
	return obj{"ok": true, "changed": changed}, err
}

// shownTo finds a message in a conversation that the person may enter.
func (w *Workspace) shownTo(channel, ts, user string) (*Message, *User, error) {
	ch, err := w.channelNamed(channel)
	if err != nil {
		return nil, nil, err
	}
	u, err := w.actor(user)
	if err != nil {
		return nil, nil, err
	}
	if err := w.mayEnter(u, ch); err != nil {
		return nil, nil, err
	}
	m := w.st.byTS[key(ch.ID, ts)]
	if m == nil || m.gone || m.To != "" && m.To != u.ID {
		return nil, nil, notFound("no message %q in #%s for %s", ts, ch.Name, u.Name)
	}
	return m, u, nil
}
