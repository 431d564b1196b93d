package localslack

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Message is a message as the workspace keeps it.
type Message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"` // of a reply: its parent's ts
	User        string          `json:"user"`
	App         string          `json:"app_id,omitempty"` // empty: a person wrote it
	Username    string          `json:"username,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Broadcast   bool            `json:"broadcast,omitempty"` // a reply shown in the channel too
	EditedTS    string          `json:"edited_ts,omitempty"`
	To          string          `json:"to,omitempty"` // ephemeral: the one person who sees it
	Reactions   []Reaction      `json:"reactions,omitempty"`
	Files       []string        `json:"files,omitempty"` // ids
	gone        bool            // deleted, but its thread goes on
}

// Reaction is one emoji under a message.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// View is a modal or a Home tab.
type View struct {
	ID         string          `json:"id"`
	App        string          `json:"app_id"`
	User       string          `json:"user"`
	Type       string          `json:"type"` // modal or home
	Hash       string          `json:"hash"`
	Root       string          `json:"root_view_id"`
	Previous   string          `json:"previous_view_id,omitempty"`
	Content    json.RawMessage `json:"content"` // as the app sent it, block ids filled in
	callbackID string
	externalID string
	notify     bool
}

// state is what the journal's lines add up to. Only apply changes it.
type state struct {
	team     Team
	users    []*User
	channels []*conversation
	groups   []*Group
	apps     []*App

	messages   map[string][]*Message // channel to messages and replies, oldest first
	ephemerals map[string][]*Message
	byTS       map[string]*Message // channel/ts, ephemerals too
	replies    map[string][]*Message
	views      map[string]*View
	modals     map[string][]*View // user to open modals, lowest first
	homes      map[string]*View   // app/user
	groupTime  map[string]time.Time
	persons    map[string]Person // user to what has changed about them
	files      map[string]*File
	stored     int   // bytes of all files
	lastTS     int64 // µs; timestamps never repeat
}

// conversation is a channel or a direct conversation.
type conversation struct {
	Channel
	im      string // of a direct conversation: the person
	created time.Time
}

func newState(c Config) *state {
	c = c.withDefaults()
	s := &state{
		team: c.Team, messages: map[string][]*Message{}, ephemerals: map[string][]*Message{},
		byTS: map[string]*Message{}, replies: map[string][]*Message{}, views: map[string]*View{},
		modals: map[string][]*View{}, homes: map[string]*View{}, groupTime: map[string]time.Time{},
		persons: map[string]Person{},
		files:   map[string]*File{},
	}
	for i := range c.Users {
		s.users = append(s.users, &c.Users[i])
	}
	for i := range c.Apps {
		s.apps = append(s.apps, &c.Apps[i])
	}
	for _, ch := range c.Channels {
		ch.Members = s.userIDs(ch.Members)
		s.channels = append(s.channels, &conversation{Channel: ch, created: time.Unix(1_700_000_000, 0)})
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		g.Users = s.userIDs(g.Users)
		s.groups = append(s.groups, g)
	}
	return s
}

func (s *state) userIDs(names []string) []string {
	ids := make([]string, 0, len(names))
	for _, n := range names {
		if u := s.user(n); u != nil && !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// apply makes a record part of the state. It is the same code for a live change
// and for replay.
func (s *state) apply(r Record) {
	switch r.Kind {
	case MessagePosted, EphemeralPosted:
		s.addMessage(r.Message)
	case MessageUpdated, EphemeralUpdated:
		if m := s.byTS[key(r.Message.Channel, r.Message.TS)]; m != nil {
			*m = *r.Message
		}
	case MessageDeleted, EphemeralDeleted:
		s.dropMessage(r.Channel, r.TS)
	case ReactionsChanged:
		if m := s.byTS[key(r.Channel, r.TS)]; m != nil {
			m.Reactions = r.Reactions
		}
	case ChannelJoined:
		if ch := s.channel(r.Channel); ch != nil && !slices.Contains(ch.Members, r.User) {
			ch.Members = append(ch.Members, r.User)
		}
	case ChannelLeft:
		if ch := s.channel(r.Channel); ch != nil {
			ch.Members = minus(ch.Members, []string{r.User})
		}
	case ChannelArchived, ChannelUnarchived:
		if ch := s.channel(r.Channel); ch != nil {
			ch.Archived = r.Kind == ChannelArchived
		}
	case PersonChanged:
		if u := s.user(r.User); u != nil {
			u.Deleted, s.persons[u.ID] = r.Person.Deleted, *r.Person
		}
	case ConversationOpened:
		s.channels = append(s.channels, &conversation{
			Channel: Channel{ID: r.Channel, Members: r.Users}, im: r.User, created: r.At,
		})
	case GroupChanged:
		if g := s.group(r.Group); g != nil {
			g.Users, s.groupTime[g.ID] = r.Users, r.At
		}
	case ViewOpened, ViewUpdated, ViewPublished:
		s.setView(r.View)
	case ViewClosed:
		s.dropView(r.View.ID)
	case FileUploaded:
		s.addFile(r.File)
	case FileCompleted:
		s.completeFile(r.File)
	case FileGiven:
		s.giveFile(r.File)
	case FileDeleted:
		s.dropFile(r.File.ID)
	case InteractionDelivered, InteractionAcked, InteractionTimedOut, InteractionUndelivered:
		// Kept for whoever reads the journal; nothing is derived from them.
	}
}

func (s *state) addMessage(m *Message) {
	s.byTS[key(m.Channel, m.TS)] = m
	s.lastTS = max(s.lastTS, tsMicros(m.TS))
	if m.To != "" {
		s.ephemerals[m.Channel] = append(s.ephemerals[m.Channel], m)
		return
	}
	s.shareFiles(m)
	s.messages[m.Channel] = append(s.messages[m.Channel], m)
	if m.ThreadTS != "" {
		k := key(m.Channel, m.ThreadTS)
		s.replies[k] = append(s.replies[k], m)
	}
}

func (s *state) dropMessage(channel, ts string) {
	m := s.byTS[key(channel, ts)]
	if m == nil {
		return
	}
	if len(s.replies[key(channel, ts)]) > 0 { // the thread goes on under what stands for the message
		*m = Message{Channel: channel, TS: ts, User: slackbot, Text: "This message was deleted.", gone: true}
		return
	}
	gone := func(x *Message) bool { return x == m }
	delete(s.byTS, key(channel, ts))
	s.messages[channel] = slices.DeleteFunc(s.messages[channel], gone)
	s.ephemerals[channel] = slices.DeleteFunc(s.ephemerals[channel], gone)
	if m.ThreadTS != "" {
		k := key(channel, m.ThreadTS)
		s.replies[k] = slices.DeleteFunc(s.replies[k], gone)
		if parent := s.byTS[k]; parent != nil && parent.gone && len(s.replies[k]) == 0 {
			s.dropMessage(channel, parent.TS)
		}
	}
}

// slackbot is who speaks where Slack itself does.
const slackbot = "USLACKBOT"

func (s *state) setView(v *View) {
	var c struct {
		CallbackID    string `json:"callback_id"`
		ExternalID    string `json:"external_id"`
		NotifyOnClose bool   `json:"notify_on_close"`
	}
	_ = json.Unmarshal(v.Content, &c) // checked when it came in
	v.callbackID, v.externalID, v.notify = c.CallbackID, c.ExternalID, c.NotifyOnClose
	old := s.views[v.ID]
	s.views[v.ID] = v
	switch {
	case v.Type == "home":
		s.homes[key(v.App, v.User)] = v
	case old != nil:
		stack := s.modals[v.User]
		stack[slices.Index(stack, old)] = v
	default:
		s.modals[v.User] = append(s.modals[v.User], v)
	}
}

func (s *state) dropView(id string) {
	v := s.views[id]
	if v == nil {
		return
	}
	delete(s.views, id)
	s.modals[v.User] = slices.DeleteFunc(s.modals[v.User], func(x *View) bool { return x == v })
}

func key(a, b string) string { return a + "/" + b }

// user finds a person or bot by id or name; @ before a name is allowed.
func (s *state) user(ref string) *User {
	name := strings.TrimPrefix(ref, "@")
	for _, u := range s.users {
		if u.ID == ref || u.Name == name {
			return u
		}
	}
	return nil
}

// channel finds a conversation by id or name; # before a name is allowed.
func (s *state) channel(ref string) *conversation {
	name := strings.TrimPrefix(ref, "#")
	for _, ch := range s.channels {
		if ch.ID == ref || (name != "" && ch.Name == name) {
			return ch
		}
	}
	return nil
}

func (s *state) group(ref string) *Group {
	handle := strings.TrimPrefix(ref, "@")
	for _, g := range s.groups {
		if g.ID == ref || g.Handle == handle {
			return g
		}
	}
	return nil
}

func (s *state) app(id string) *App {
	for _, a := range s.apps {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// sortedViews lists a person's Home views and open modals, lowest first.
func (s *state) sortedViews(user string) []*View {
	var views []*View
	for _, v := range s.homes {
		if v.User == user {
			views = append(views, v)
		}
	}
	slices.SortFunc(views, func(a, b *View) int { return cmp.Compare(a.App, b.App) })
	return append(views, s.modals[user]...)
}
