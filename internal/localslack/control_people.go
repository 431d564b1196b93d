package localslack

import (
	"net/http"
	"slices"
	"strings"
)

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
	ch, u, err := w.mayWrite(in)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Text) == "" {
		return nil, badRequest("text is empty")
	}
	m := &Message{Channel: ch.ID, User: u.ID, ThreadTS: in.ThreadTS, Text: w.st.linked(clip(in.Text, maxPostText), false), TS: w.nextTS()}
	if err := w.commit(Record{Kind: MessagePosted, Message: m}); err != nil {
		return nil, err
	}
	w.tellApps(ch, m)
	return obj{"ok": true, "ts": m.TS}, nil
}

// mayWrite finds where and as whom something is to be said, if it may.
func (w *Workspace) mayWrite(in sayInput) (*conversation, *User, error) {
	ch, err := w.channelNamed(in.Channel)
	if err != nil {
		return nil, nil, err
	}
	u, err := w.actor(in.User)
	switch {
	case err != nil:
		return nil, nil, err
	case !slices.Contains(ch.Members, u.ID):
		return nil, nil, badRequest("%s is not a member of #%s", u.Name, ch.Name)
	case ch.Archived:
		return nil, nil, badRequest("#%s is archived", ch.Name)
	case w.st.readOnly(ch):
		return nil, nil, badRequest("sending messages to this app has been turned off")
	}
	if in.ThreadTS != "" {
		if p := w.st.byTS[key(ch.ID, in.ThreadTS)]; p == nil || p.To != "" || p.ThreadTS != "" {
			return nil, nil, notFound("no message %s to reply to in #%s", in.ThreadTS, ch.Name)
		}
	}
	return ch, u, nil
}

// readOnly reports whether a direct conversation is with an app that takes no
// messages there.
func (s *state) readOnly(ch *conversation) bool {
	return ch.im != "" && slices.ContainsFunc(s.apps, func(a *App) bool {
		return slices.Contains(ch.Members, a.BotUser) && (a.tabs().MessagesReadOnly || !a.tabs().Messages)
	})
}

// linked turns @name and #channel into the mentions that the composer makes;
// named adds the names, as the escaping of a command does.
func (s *state) linked(text string, named bool) string {
	label := func(name string) string {
		if named {
			return "|" + name
		}
		return ""
	}
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		bare := strings.TrimRight(word, " .,:;!?\n")
		rest := word[len(bare):]
		if len(bare) < 2 {
			continue
		}
		u, g, ch := s.user(bare), s.group(bare), s.channel(bare)
		switch {
		case bare[0] == '@' && u != nil:
			words[i] = "<@" + u.ID + label(u.Name) + ">" + rest
		case bare[0] == '@' && g != nil:
			words[i] = "<!subteam^" + g.ID + label(bare) + ">" + rest
		case bare[0] == '#' && ch != nil:
			words[i] = "<#" + ch.ID + label(ch.Name) + ">" + rest
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

// changePerson sets a person's status, presence or do-not-disturb, or
// deactivates them.
func (w *Workspace) changePerson(_ *http.Request, in personInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.userNamed(in.User)
	if err != nil {
		return nil, err
	}
	if u.IsBot {
		return nil, badRequest("%s is a bot", u.Name)
	}
	if err := w.setPerson(u, in.apply(w.person(u), w.now())); err != nil {
		return nil, err
	}
	return rendered(obj{"ok": true, "person": w.person(u)})
}

type channelInput struct {
	Channel  string   `json:"channel"`
	Add      []string `json:"add"`
	Remove   []string `json:"remove"`
	Archived *bool    `json:"archived"`
}

// changeChannel adds and removes members, bots included, and archives.
func (w *Workspace) changeChannel(_ *http.Request, in channelInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.channelNamed(in.Channel)
	if err != nil {
		return nil, err
	}
	if ch.im != "" {
		return nil, badRequest("a direct conversation has the members that it has")
	}
	for _, name := range slices.Concat(in.Add, in.Remove) {
		if _, err := w.userNamed(name); err != nil {
			return nil, err
		}
	}
	for _, id := range minus(w.st.userIDs(in.Add), ch.Members) {
		if err := w.join(ch, id); err != nil {
			return nil, err
		}
	}
	for _, id := range w.st.userIDs(in.Remove) {
		if err := w.leave(ch, id); err != nil {
			return nil, err
		}
	}
	if in.Archived != nil && *in.Archived != ch.Archived {
		if err := w.archive(ch, *in.Archived); err != nil {
			return nil, err
		}
	}
	return obj{"ok": true, "members": slices.Clone(ch.Members), "archived": ch.Archived}, nil
}
