package localslack

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

func chatPostMessage(c *call) (obj, error) {
	ch, err := c.writableChannel(c.str("channel"))
	if err != nil {
		return nil, err
	}
	m, err := c.newMessage(ch)
	if err != nil {
		return nil, err
	}
	if wait := c.limits.waitChannel(c.now(), ch.ID); wait > 0 {
		return nil, &rateLimitError{wait}
	}
	m.TS = c.nextTS()
	if err := c.commit(Record{Kind: MessagePosted, Message: m}); err != nil {
		return nil, err
	}
	c.tellApps(ch, m)
	return obj{"channel": ch.ID, "ts": m.TS, "message": c.st.message(m, true)}, nil
}

func chatPostEphemeral(c *call) (obj, error) {
	ch, err := c.writableChannel(c.str("channel"))
	if err != nil {
		return nil, err
	}
	to := c.st.user(c.str("user"))
	if to == nil || to.ID != c.str("user") || to.Deleted || !slices.Contains(ch.Members, to.ID) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := c.newMessage(ch)
	if err != nil {
		return nil, err
	}
	m.TS, m.To = c.nextTS(), to.ID
	if err := c.commit(Record{Kind: EphemeralPosted, Message: m}); err != nil {
		return nil, err
	}
	return obj{"message_ts": m.TS}, nil
}

// writableChannel finds where a message may go: a channel by id or name, or a
// person, whose direct conversation is opened.
func (c *call) writableChannel(ref string) (*conversation, error) {
	ch := c.st.channel(ref)
	if u := c.st.user(ref); ch == nil && u != nil && u.ID == ref {
		im, err := c.openIM(c.app, u)
		if err != nil {
			return nil, err
		}
		ch = im
	}
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	switch {
	case !c.sees(ch):
		return nil, refuse("channel_not_found")
	case ch.im != "" && !c.app.tabs().Messages:
		return nil, refuse("messages_tab_disabled")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !slices.Contains(ch.Members, c.app.BotUser) && !c.app.has("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// newMessage builds the caller's message from its arguments.
func (c *call) newMessage(ch *conversation) (*Message, error) {
	m := &Message{Channel: ch.ID, User: c.app.BotUser, App: c.app.ID, Text: clip(c.str("text"), maxPostText)}
	if c.app.has("chat:write.customize") {
		m.Username = c.str("username")
	}
	if err := c.fill(m); err != nil {
		return nil, err
	}
	if m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return nil, refuse("no_text")
	}
	if ts := c.str("thread_ts"); ts != "" {
		parent := c.st.byTS[key(ch.ID, ts)]
		if parent == nil || parent.To != "" {
			return nil, refuse("thread_not_found")
		}
		if parent.ThreadTS != "" {
			return nil, refuse("cannot_reply_to_message")
		}
		m.ThreadTS, m.Broadcast = ts, c.flag("reply_broadcast")
	}
	return m, nil
}

func chatUpdate(c *call) (obj, error) {
	m, err := c.ownMessage("ts", "cant_update_message")
	if err != nil {
		return nil, err
	}
	if c.st.channel(m.Channel).Archived {
		return nil, refuse("is_inactive")
	}
	if len(c.str("text")) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	next := *m
	next.Text, next.Blocks, next.Attachments = c.str("text"), nil, nil // metadata stays unless given
	if err := c.fill(&next); err != nil {
		return nil, err
	}
	if next.Text == "" && len(next.Blocks) == 0 && len(next.Attachments) == 0 {
		return nil, refuse("no_text")
	}
	next.EditedTS = c.nextTS()
	if err := c.changeMessage(m, &next); err != nil {
		return nil, err
	}
	return obj{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": c.st.message(m, true)}, nil
}

func chatDelete(c *call) (obj, error) {
	m, err := c.ownMessage("ts", "cant_delete_message")
	if err != nil {
		return nil, err
	}
	return obj{"channel": m.Channel, "ts": m.TS}, c.deleteMessage(m)
}

// changeMessage makes a message what next says and tells the apps.
func (w *Workspace) changeMessage(m, next *Message) error {
	before := w.st.message(m, false)
	if err := w.commit(Record{Kind: MessageUpdated, Message: next}); err != nil {
		return err
	}
	w.tellAppsChanged(m, "message_changed", before)
	return nil
}

// deleteMessage removes a message and tells the apps.
func (w *Workspace) deleteMessage(m *Message) error {
	before := w.st.message(m, false)
	if err := w.commit(Record{Kind: MessageDeleted, Channel: m.Channel, TS: m.TS}); err != nil {
		return err
	}
	kind := "message_deleted"
	if m.gone {
		kind = "message_changed" // into what stands for it above its thread
	}
	w.tellAppsChanged(m, kind, before)
	return nil
}

// ownMessage finds the message to change. Ephemerals cannot be changed, other
// authors' messages neither.
func (c *call) ownMessage(tsArg, foreign string) (*Message, error) {
	m, err := c.visibleMessage(tsArg)
	if err != nil {
		return nil, err
	}
	if m.App != c.app.ID {
		return nil, refuse(foreign)
	}
	return m, nil
}

func (c *call) visibleMessage(tsArg string) (*Message, error) {
	ch := c.st.channel(c.str("channel"))
	if ch == nil || ch.ID != c.str("channel") {
		return nil, refuse("channel_not_found")
	}
	m := c.st.byTS[key(ch.ID, c.str(tsArg))]
	if m == nil || m.To != "" || m.gone {
		return nil, refuse("message_not_found")
	}
	return m, nil
}

func chatGetPermalink(c *call) (obj, error) {
	m, err := c.visibleMessage("message_ts")
	if err != nil {
		return nil, err
	}
	link := c.base + "/archives/" + m.Channel + "/p" + strings.Replace(m.TS, ".", "", 1)
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return obj{"channel": m.Channel, "permalink": link}, nil
}

// servePermalink shows a permalink's message on the page.
func servePermalink(rw http.ResponseWriter, r *http.Request) {
	http.Redirect(rw, r, "/slack/#"+r.PathValue("channel")+"/"+r.PathValue("message"), http.StatusFound)
}

func clip(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes])
}
