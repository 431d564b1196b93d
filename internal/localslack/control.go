package localslack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// controlError is a refusal of the control API: what, and to which thing.
type controlError struct {
	status int
	text   string
}

func (e *controlError) Error() string { return e.text }

func badRequest(format string, args ...any) error {
	return &controlError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &controlError{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func (w *Workspace) controlRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) { answerControl(rw, r, f) })
	}
	handle("GET /_control/state", w.controlState)
	handle("GET /_control/messages", w.controlMessages)
	handle("GET /_control/views", w.controlViews)
	handle("GET /_control/traffic", w.controlTraffic)
	handle("POST /_control/click", body(w.click))
	handle("POST /_control/command", body(w.command))
	handle("POST /_control/submit", body(w.submit))
	handle("POST /_control/close", body(w.closeView))
	handle("POST /_control/message", body(w.say))
	handle("POST /_control/home", body(w.home))
	handle("POST /_control/group", body(w.changeGroup))
	handle("POST /_control/fault", body(w.plan))
	handle("POST /_control/disconnect", body(w.disconnect))
	handle("POST /_control/redeliver", body(w.redeliver))
	mux.HandleFunc("GET /_control/stream", w.controlStream)
	mux.HandleFunc("/_control/", func(rw http.ResponseWriter, r *http.Request) {
		answerControl(rw, r, func(r *http.Request) (any, error) {
			return nil, notFound("no control endpoint %s %s", r.Method, r.URL.Path)
		})
	})
	return mux
}

func answerControl(rw http.ResponseWriter, r *http.Request, f func(*http.Request) (any, error)) {
	reply, err := f(r)
	if err == nil {
		send(rw, jsonAnswer(http.StatusOK, reply))
		return
	}
	status := http.StatusInternalServerError
	if e, ok := errors.AsType[*controlError](err); ok {
		status = e.status
	}
	send(rw, jsonAnswer(status, obj{"ok": false, "error": err.Error()}))
}

// body decodes a strict JSON body for a control function.
func body[T any](f func(*http.Request, T) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var in T
		dec := json.NewDecoder(io.LimitReader(r.Body, maxBody))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			return nil, badRequest("the body is not the JSON that %s takes: %v", r.URL.Path, err)
		}
		return f(r, in)
	}
}

func (w *Workspace) controlState(*http.Request) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	channels, users, groups, apps := []obj{}, []obj{}, []obj{}, []obj{}
	for _, ch := range w.st.channels {
		o := obj{"id": ch.ID, "name": ch.Name, "topic": ch.Topic, "members": slices.Clone(ch.Members), "is_private": ch.Private}
		if ch.im != "" {
			o["is_im"], o["user"] = true, ch.im
		}
		channels = append(channels, o)
	}
	for _, u := range w.st.users {
		of := []string{}
		for _, g := range w.st.groups {
			if slices.Contains(g.Users, u.ID) {
				of = append(of, g.Handle)
			}
		}
		users = append(users, obj{
			"id": u.ID, "name": u.Name, "is_bot": u.IsBot, "groups": of, "real_name": u.RealName, "email": u.Email,
			"tz": u.TZ, "color": u.Color, "deleted": u.Deleted, "is_restricted": u.IsRestricted,
		})
	}
	for _, g := range w.st.groups {
		groups = append(groups, obj{"id": g.ID, "handle": g.Handle, "name": g.Name, "users": slices.Clone(g.Users)})
	}
	commands := []Command{}
	for _, a := range w.st.apps {
		commands = append(commands, a.Commands...)
		open := 0
		for _, s := range w.hub.sockets {
			if s.app == a.ID {
				open++
			}
		}
		apps = append(apps, obj{"id": a.ID, "name": a.Name, "bot_user": a.BotUser, "bot_id": a.botID(), "connections": open})
	}
	return obj{
		"channels": channels, "users": users, "groups": groups, "commands": commands, "apps": apps,
		"team": obj{"id": w.st.team.ID, "name": w.st.team.Name, "domain": w.st.team.Domain},
	}, nil
}

func (w *Workspace) controlMessages(r *http.Request) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.channelNamed(r.URL.Query().Get("channel"))
	if err != nil {
		return nil, err
	}
	all := slices.Clone(w.st.messages[ch.ID])
	if as := r.URL.Query().Get("as"); as != "" {
		u, err := w.userNamed(as)
		if err != nil {
			return nil, err
		}
		for _, m := range w.st.ephemerals[ch.ID] {
			if m.To == u.ID {
				all = append(all, m)
			}
		}
		slices.SortFunc(all, func(a, b *Message) int { return strings.Compare(a.TS, b.TS) })
	}
	messages := make([]obj, len(all))
	for i, m := range all {
		o := w.st.message(m, true)
		if m.Blocks == nil {
			o["blocks"] = []any{}
		}
		if m.Metadata == nil {
			o["metadata"] = nil
		}
		if m.To != "" {
			o["ephemeral"], o["to"] = true, m.To
		}
		messages[i] = o
	}
	return rendered(obj{"messages": messages})
}

// rendered encodes under the lock what refers to state.
func rendered(v any) (any, error) { return json.RawMessage(mustMarshal(v)), nil }

func (w *Workspace) controlViews(r *http.Request) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.userNamed(r.URL.Query().Get("user"))
	if err != nil {
		return nil, err
	}
	views := []obj{}
	for _, v := range w.st.sortedViews(u.ID) {
		views = append(views, w.st.view(v, nil))
	}
	return rendered(obj{"views": views})
}

func (w *Workspace) channelNamed(ref string) (*conversation, error) {
	if ch := w.st.channel(ref); ch != nil && ref != "" {
		return ch, nil
	}
	return nil, notFound("no channel %q", ref)
}

func (w *Workspace) userNamed(ref string) (*User, error) {
	if u := w.st.user(ref); u != nil && ref != "" {
		return u, nil
	}
	return nil, notFound("no user %q", ref)
}

// actor finds a person who can act: bots and deactivated users cannot.
func (w *Workspace) actor(ref string) (*User, error) {
	u, err := w.userNamed(ref)
	switch {
	case err != nil:
		return nil, err
	case u.IsBot:
		return nil, badRequest("%s is a bot and cannot act", u.Name)
	case u.Deleted:
		return nil, badRequest("%s is deactivated and cannot act", u.Name)
	}
	return u, nil
}

type sayInput struct {
	Channel  string `json:"channel"`
	ThreadTS string `json:"thread_ts"`
	Text     string `json:"text"`
	User     string `json:"user"`
}

// say posts a person's message. @name becomes a mention, as in Slack's composer.
func (w *Workspace) say(_ *http.Request, in sayInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.channelNamed(in.Channel)
	if err != nil {
		return nil, err
	}
	u, err := w.actor(in.User)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ch.Members, u.ID) {
		return nil, badRequest("%s is not a member of #%s", u.Name, ch.Name)
	}
	if strings.TrimSpace(in.Text) == "" {
		return nil, badRequest("text is empty")
	}
	if in.ThreadTS != "" {
		if p := w.st.byTS[key(ch.ID, in.ThreadTS)]; p == nil || p.To != "" || p.ThreadTS != "" {
			return nil, notFound("no message %s to reply to in #%s", in.ThreadTS, ch.Name)
		}
	}
	m := &Message{Channel: ch.ID, User: u.ID, ThreadTS: in.ThreadTS, Text: w.st.linked(clip(in.Text, maxPostText)), TS: w.nextTS()}
	if err := w.commit(Record{Kind: MessagePosted, Message: m}); err != nil {
		return nil, err
	}
	w.tellApps(ch, m)
	return obj{"ok": true, "ts": m.TS}, nil
}

// linked turns @name and #channel into the mentions that the composer makes.
func (s *state) linked(text string) string {
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		bare := strings.TrimRight(word, " .,:;!?\n")
		rest := word[len(bare):]
		switch {
		case len(bare) < 2:
		case bare[0] == '@' && s.user(bare) != nil:
			words[i] = "<@" + s.user(bare).ID + ">" + rest
		case bare[0] == '@' && s.group(bare) != nil:
			words[i] = "<!subteam^" + s.group(bare).ID + ">" + rest
		case bare[0] == '#' && s.channel(bare) != nil:
			words[i] = "<#" + s.channel(bare).ID + ">" + rest
		}
	}
	return strings.Join(words, "")
}

type groupInput struct {
	Handle string   `json:"handle"`
	Add    []string `json:"add"`
	Remove []string `json:"remove"`
	Silent bool     `json:"silent"`
}

func (w *Workspace) changeGroup(_ *http.Request, in groupInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.st.group(in.Handle)
	if g == nil {
		return nil, notFound("no user group %q", in.Handle)
	}
	for _, name := range slices.Concat(in.Add, in.Remove) {
		if _, err := w.userNamed(name); err != nil {
			return nil, err
		}
	}
	users := minus(g.Users, w.st.userIDs(in.Remove))
	users = append(users, minus(w.st.userIDs(in.Add), users)...)
	if err := w.setGroup(g, users, in.Silent); err != nil {
		return nil, err
	}
	return obj{"ok": true, "users": slices.Clone(g.Users)}, nil
}

func (w *Workspace) plan(_ *http.Request, f plannedFault) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.addFault(&f); err != nil {
		return nil, badRequest("plan fault: %v", err)
	}
	return obj{"ok": true, "planned": len(w.faults)}, nil
}

type disconnectInput struct {
	Reason string `json:"reason"` // warning, refresh_requested, link_disabled, or abrupt: no word before the cut
	Count  int    `json:"count"`  // how many sockets, oldest first; 0: all
	App    string `json:"app"`
}

func (w *Workspace) disconnect(_ *http.Request, in disconnectInput) (any, error) {
	cuts := map[string]time.Duration{"warning": warningGrace, "refresh_requested": -1, "link_disabled": -1}
	if _, ok := cuts[in.Reason]; !ok && in.Reason != "abrupt" {
		return nil, badRequest("reason must be warning, refresh_requested, link_disabled or abrupt, not %q", in.Reason)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, s := range w.hub.sockets {
		if in.App != "" && in.App != s.app || in.Count > 0 && n == in.Count {
			continue
		}
		n++
		if in.Reason == "abrupt" {
			s.cut()
		} else {
			s.disconnect(in.Reason, cuts[in.Reason])
		}
	}
	return obj{"ok": true, "disconnected": n}, nil
}

type redeliverInput struct {
	EnvelopeID string `json:"envelope_id"`
}

// redeliver sends the very same envelope again, on the next socket.
func (w *Workspace) redeliver(_ *http.Request, in redeliverInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.hub.recent {
		if d.env.EnvelopeID != in.EnvelopeID {
			continue
		}
		s := w.hub.pick(d.env.app)
		if s == nil {
			return nil, badRequest("app %s has no open socket", d.env.app)
		}
		w.note(d.env, InteractionDelivered, func(n *Interaction) { n.Reason = "redelivered" })
		w.transmit(s, d.env)
		return obj{"ok": true}, nil
	}
	return nil, notFound("no envelope %q among the last %d", in.EnvelopeID, maxRecent)
}
