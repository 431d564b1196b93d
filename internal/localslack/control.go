package localslack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
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

// controlRoutes refuses requests that a browser makes for a foreign page: no
// site may act in a workspace that happens to run on the visitor's machine.
func (w *Workspace) controlRoutes() http.Handler {
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
	handle("POST /_control/edit", body(w.edit))
	handle("POST /_control/delete", body(w.unsay))
	handle("POST /_control/react", body(w.react))
	handle("POST /_control/upload", body(w.share))
	handle("POST /_control/unshare", body(w.dropFile))
	handle("POST /_control/shortcut", body(w.shortcut))
	handle("POST /_control/suggest", body(w.suggest))
	handle("POST /_control/home", body(w.home))
	handle("POST /_control/person", body(w.changePerson))
	handle("POST /_control/channel", body(w.changeChannel))
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
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answerControl(rw, r, func(*http.Request) (any, error) {
			return nil, &controlError{http.StatusForbidden, "requests from other sites are refused"}
		})
	}))
	return guard.Handler(mux)
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
	channels, groups := []obj{}, []obj{}
	for _, ch := range w.st.channels {
		o := obj{"id": ch.ID, "name": ch.Name, "topic": ch.Topic, "members": slices.Clone(ch.Members), "is_private": ch.Private, "is_archived": ch.Archived}
		if ch.im != "" {
			o["is_im"], o["user"], o["is_read_only"] = true, ch.im, w.st.readOnly(ch)
		}
		channels = append(channels, o)
	}
	for _, g := range w.st.groups {
		groups = append(groups, obj{"id": g.ID, "handle": g.Handle, "name": g.Name, "users": slices.Clone(g.Users)})
	}
	apps, commands := w.appsNow()
	return obj{
		"channels": channels, "users": w.usersNow(), "groups": groups, "commands": commands, "apps": apps,
		"team": obj{"id": w.st.team.ID, "name": w.st.team.Name, "domain": w.st.team.Domain},
	}, nil
}

func (w *Workspace) usersNow() []obj {
	users := []obj{}
	for _, u := range w.st.users {
		of := []string{}
		for _, g := range w.st.groups {
			if slices.Contains(g.Users, u.ID) {
				of = append(of, g.Handle)
			}
		}
		now := w.person(u)
		users = append(users, obj{
			"status_text": now.StatusText, "status_emoji": now.StatusEmoji, "away": now.Away, "dnd_end": now.DNDEnd, "team_id": w.st.teamOf(u),
			"id": u.ID, "name": u.Name, "is_bot": u.IsBot, "groups": of, "real_name": u.RealName, "email": u.Email,
			"tz": u.TZ, "color": u.Color, "deleted": u.Deleted, "is_restricted": u.IsRestricted,
		})
	}
	return users
}

func (w *Workspace) appsNow() ([]obj, []Command) {
	apps := []obj{}
	commands := []Command{}
	for _, a := range w.st.apps {
		commands = append(commands, a.Commands...)
		open := 0
		for _, s := range w.hub.sockets {
			if s.app == a.ID {
				open++
			}
		}
		apps = append(apps, obj{"id": a.ID, "name": a.Name, "bot_user": a.BotUser, "bot_id": a.botID(), "connections": open, "shortcuts": orEmpty(a.Shortcuts)})
	}
	return apps, commands
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
		if files := w.filesForPage(m); files != nil {
			o["files"] = files
		}
		if m.To != "" {
			o["ephemeral"], o["to"] = true, m.To
		}
		messages[i] = o
	}
	return rendered(obj{"messages": messages})
}

// filesForPage renders a message's files with the address under which the page
// may show them: this API is all that tells a file's key.
func (w *Workspace) filesForPage(m *Message) []obj {
	files := w.st.filesOf(m)
	for _, o := range files {
		f := w.st.files[o["id"].(string)]
		o["page_url"] = f.path() + "?key=" + f.Key
	}
	return files
}

// rendered encodes under the lock what refers to state.
func rendered(v any) (any, error) { return mustMarshal(v), nil }

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

// mayEnter refuses what a person cannot see: a private channel or a direct
// conversation of others. Public channels may be looked into.
func (w *Workspace) mayEnter(u *User, ch *conversation) error {
	if (ch.Private || ch.im != "") && !slices.Contains(ch.Members, u.ID) {
		return notFound("no channel %q for %s", ch.Name, u.Name)
	}
	return nil
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
