package localslack

import (
	"slices"
)

func conversationsHistory(c *call) (obj, error) {
	ch, err := c.readable(c.str("channel"), "history")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ch.Members, c.app.BotUser) {
		return nil, refuse("not_in_channel")
	}
	var shown []*Message
	for _, m := range slices.Backward(c.st.messages[ch.ID]) {
		if m.ThreadTS == "" || m.Broadcast {
			shown = append(shown, m)
		}
	}
	return c.window(shown, false)
}

func conversationsReplies(c *call) (obj, error) {
	ch, err := c.readable(c.str("channel"), "history")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ch.Members, c.app.BotUser) {
		return nil, refuse("not_in_channel")
	}
	parent := c.st.byTS[key(ch.ID, c.str("ts"))]
	if parent == nil || parent.To != "" {
		return nil, refuse("thread_not_found")
	}
	if parent.ThreadTS != "" {
		return c.window([]*Message{parent}, true)
	}
	return c.window(append([]*Message{parent}, c.st.replies[key(ch.ID, parent.TS)]...), true)
}

// window applies oldest, latest, inclusive, limit and cursor. With keepFirst
// the first message, a thread's parent, is outside the range of times.
func (c *call) window(all []*Message, keepFirst bool) (obj, error) {
	in, err := c.timeRange()
	if err != nil {
		return nil, err
	}
	var hits []*Message
	for i, m := range all {
		if in(tsMicros(m.TS)) || (keepFirst && i == 0) {
			hits = append(hits, m)
		}
	}
	if cur := c.str("cursor"); cur != "" {
		at := slices.IndexFunc(hits, func(m *Message) bool { return m.TS == openCursor(cur, "next_ts:") })
		if at < 0 {
			return nil, refuse("invalid_cursor")
		}
		hits = hits[at:]
	}
	limit, err := c.limit(100)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(hits) > limit {
		next = sealCursor("next_ts:" + hits[limit].TS)
		hits = hits[:limit]
	}
	messages := make([]obj, len(hits))
	for i, m := range hits {
		messages[i] = c.st.message(m, c.flag("include_all_metadata"))
	}
	reply := obj{"messages": messages, "has_more": next != ""}
	if next != "" {
		reply["response_metadata"] = cursorMeta(next)
	}
	if !keepFirst {
		reply["pin_count"], reply["channel_actions_ts"], reply["channel_actions_count"] = 0, nil, 0
	}
	return reply, nil
}

// timeRange reads oldest, latest and inclusive.
func (c *call) timeRange() (func(int64) bool, error) {
	oldest, latest := int64(0), int64(1<<62)
	if s := c.str("oldest"); s != "" && s != "0" {
		if oldest = tsMicros(s); oldest < 0 {
			return nil, refuse("invalid_ts_oldest")
		}
	}
	if s := c.str("latest"); s != "" && s != "now" {
		if latest = tsMicros(s); latest < 0 {
			return nil, refuse("invalid_ts_latest")
		}
	}
	inclusive := c.flag("inclusive")
	return func(ts int64) bool {
		return ts > oldest && ts < latest || inclusive && (ts == oldest || ts == latest)
	}, nil
}
