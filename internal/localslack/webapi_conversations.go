package localslack

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// paged cuts the part of items that the call's cursor and limit ask for.
func paged[T any](c *call, items []T) (part []T, next string, err error) {
	limit, err := c.limit(100)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if cur := c.str("cursor"); cur != "" {
		if from, err = strconv.Atoi(openCursor(cur, "offset:")); err != nil || from < 0 || from > len(items) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	to := min(from+limit, len(items))
	if to < len(items) {
		next = sealCursor("offset:" + strconv.Itoa(to))
	}
	return items[from:to], next, nil
}

func (c *call) limit(absent int) (int, error) {
	n, err := c.number("limit", 0)
	if err != nil || n < 0 || n > 1000 {
		return 0, refuse("invalid_limit")
	}
	if n == 0 {
		n = absent
	}
	return n, nil
}

func sealCursor(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// openCursor returns what follows the prefix, or nothing usable.
func openCursor(cursor, prefix string) string {
	b, err := base64.StdEncoding.DecodeString(cursor)
	rest, ok := strings.CutPrefix(string(b), prefix)
	if err != nil || !ok {
		return "invalid"
	}
	return rest
}

func cursorMeta(next string) obj { return obj{"next_cursor": next} }

// readable finds a conversation that the app may see and has the right, history
// or read, to look at.
func (c *call) readable(ref, right string) (*conversation, error) {
	ch := c.st.channel(ref)
	if ch == nil || ch.ID != ref || !c.sees(ch) {
		return nil, refuse("channel_not_found")
	}
	return ch, needScopes(c.app, ch.scope(right))
}

// sees reports whether a conversation is there for the app at all.
func (c *call) sees(ch *conversation) bool {
	return !ch.Private && ch.im == "" || slices.Contains(ch.Members, c.app.BotUser)
}

// typeScopes are the types of conversations, and what it takes to list them.
var typeScopes = map[string]string{
	"public_channel": "channels:read", "private_channel": "groups:read", "mpim": "mpim:read", "im": "im:read",
}

func (ch *conversation) isType(types []string) bool {
	kind := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im"}[ch.channelType()]
	return slices.Contains(types, kind)
}

// listed returns the conversations of the wanted types that keep allows.
func (c *call) listed(keep func(*conversation) bool) (obj, error) {
	types := c.list("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	for _, t := range types {
		right, known := typeScopes[t]
		if !known {
			return nil, refuse("invalid_types")
		}
		if err := needScopes(c.app, right); err != nil {
			return nil, err
		}
	}
	var all []obj
	for _, ch := range c.st.channels {
		if c.sees(ch) && ch.isType(types) && keep(ch) && (!ch.Archived || !c.flag("exclude_archived")) {
			all = append(all, c.st.conversation(ch, c.app))
		}
	}
	part, next, err := paged(c, all)
	if err != nil {
		return nil, err
	}
	return obj{"channels": orEmpty(part), "response_metadata": cursorMeta(next)}, nil
}

// orEmpty makes a nil slice encode as [] rather than null.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func conversationsList(c *call) (obj, error) {
	return c.listed(func(*conversation) bool { return true })
}

func usersConversations(c *call) (obj, error) {
	who := c.app.BotUser
	if ref := c.str("user"); ref != "" {
		who = ref
	}
	reply, err := c.listed(func(ch *conversation) bool { return slices.Contains(ch.Members, who) })
	if err != nil {
		return nil, err
	}
	for _, ch := range reply["channels"].([]obj) {
		delete(ch, "is_member") // Slack leaves it out here
		delete(ch, "num_members")
	}
	return reply, nil
}

func conversationsInfo(c *call) (obj, error) {
	ch, err := c.readable(c.str("channel"), "read")
	if err != nil {
		return nil, err
	}
	o := c.st.conversation(ch, c.app)
	if !c.flag("include_num_members") {
		delete(o, "num_members")
	}
	delete(o, "priority")
	delete(o, "user")
	delete(o, "is_user_deleted")
	return obj{"channel": o}, nil
}

func conversationsMembers(c *call) (obj, error) {
	ch, err := c.readable(c.str("channel"), "read")
	if err != nil {
		return nil, err
	}
	part, next, err := paged(c, ch.Members)
	if err != nil {
		return nil, err
	}
	return obj{"members": orEmpty(part), "response_metadata": cursorMeta(next)}, nil
}

func conversationsJoin(c *call) (obj, error) {
	ch := c.st.channel(c.str("channel"))
	if ch == nil || ch.ID != c.str("channel") || !c.sees(ch) {
		return nil, refuse("channel_not_found")
	}
	switch {
	case ch.Private || ch.im != "":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	reply := obj{}
	if slices.Contains(ch.Members, c.app.BotUser) {
		reply["warning"] = "already_in_channel"
		reply["response_metadata"] = obj{"warnings": []string{"already_in_channel"}}
	} else if err := c.join(ch, c.app.BotUser); err != nil {
		return nil, err
	}
	reply["channel"] = c.st.conversation(ch, c.app)
	return reply, nil
}

// join makes a user a member and tells the apps there.
func (w *Workspace) join(ch *conversation, user string) error {
	if err := w.commit(Record{Kind: ChannelJoined, Channel: ch.ID, User: user}); err != nil {
		return err
	}
	w.tellMember("member_joined_channel", ch, user)
	return nil
}

// leave ends a membership and tells the apps there, and the app whose bot left.
func (w *Workspace) leave(ch *conversation, user string) error {
	if !slices.Contains(ch.Members, user) {
		return nil
	}
	if err := w.commit(Record{Kind: ChannelLeft, Channel: ch.ID, User: user}); err != nil {
		return err
	}
	w.tellMember("member_left_channel", ch, user)
	kind := map[string]string{"channel": "channel_left", "group": "group_left"}[ch.channelType()]
	for _, a := range w.st.apps {
		if a.BotUser == user && a.has(ch.scope("read")) {
			w.emit(a, obj{"type": kind, "channel": ch.ID, "event_ts": w.nextTS()})
		}
	}
	return nil
}

// archive archives a channel or takes that back, and tells the apps.
func (w *Workspace) archive(ch *conversation, archived bool) error {
	record, event := ChannelUnarchived, "_unarchive"
	if archived {
		record, event = ChannelArchived, "_archive"
	}
	if err := w.commit(Record{Kind: record, Channel: ch.ID}); err != nil {
		return err
	}
	for _, a := range w.st.apps {
		if a.has(ch.scope("read")) && (!ch.Private || slices.Contains(ch.Members, a.BotUser)) {
			w.emit(a, obj{"type": ch.channelType() + event, "channel": ch.ID, "event_ts": w.nextTS()})
		}
	}
	return nil
}

func conversationsOpen(c *call) (obj, error) {
	if ref := c.str("channel"); ref != "" {
		ch := c.st.channel(ref)
		if ch == nil || ch.ID != ref || !c.sees(ch) {
			return nil, refuse("channel_not_found")
		}
		return c.opened(ch, true), nil
	}
	users := c.list("users")
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 1:
		return nil, refuse("method_not_supported_for_channel_type") // group conversations are not kept
	}
	u := c.st.user(users[0])
	if u == nil || u.ID != users[0] {
		return nil, refuse("user_not_found")
	}
	if u.Deleted {
		return nil, refuse("user_disabled")
	}
	before := len(c.st.channels)
	ch, err := c.openIM(c.app, u)
	if err != nil {
		return nil, err
	}
	return c.opened(ch, len(c.st.channels) == before), nil
}

func (c *call) opened(ch *conversation, already bool) obj {
	channel := obj{"id": ch.ID}
	if c.flag("return_im") {
		channel = c.st.conversation(ch, c.app)
		delete(channel, "is_user_deleted")
	}
	o := obj{"channel": channel}
	if already {
		o["no_op"], o["already_open"] = true, true
	}
	return o
}

// openIM finds or makes the direct conversation of an app's bot and a person.
func (w *Workspace) openIM(a *App, u *User) (*conversation, error) {
	id := derivedID("D", a.ID+"/"+u.ID)
	if ch := w.st.channel(id); ch != nil {
		return ch, nil
	}
	err := w.commit(Record{Kind: ConversationOpened, Channel: id, User: u.ID, Users: []string{u.ID, a.BotUser}})
	if err != nil {
		return nil, err
	}
	return w.st.channel(id), nil
}
