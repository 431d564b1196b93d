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
