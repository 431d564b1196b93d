package localslack

import (
	"slices"
	"time"
)

// Person is what changes about a person while the workspace runs.
type Person struct {
	StatusText       string `json:"status_text,omitempty"`
	StatusEmoji      string `json:"status_emoji,omitempty"`
	StatusExpiration int64  `json:"status_expiration,omitempty"` // Unix seconds; 0: stays
	Away             bool   `json:"away,omitempty"`
	DNDStart         int64  `json:"dnd_start,omitempty"` // Unix seconds of the do-not-disturb window; 0: none
	DNDEnd           int64  `json:"dnd_end,omitempty"`
	Deleted          bool   `json:"deleted,omitempty"` // deactivated
}

// person is what is true of a person now: a status or a window that has ended
// is none.
func (w *Workspace) person(u *User) Person {
	p := w.st.persons[u.ID]
	p.Deleted = u.Deleted
	now := w.now().Unix()
	if p.StatusExpiration > 0 && p.StatusExpiration <= now {
		p.StatusText, p.StatusEmoji, p.StatusExpiration = "", "", 0
	}
	if p.DNDEnd <= now {
		p.DNDStart, p.DNDEnd = 0, 0
	}
	return p
}

// dnd renders a window as dnd.* and dnd_updated_user do: Slack says 1 where
// there is none.
func (p Person) dnd() obj {
	o := obj{"dnd_enabled": p.DNDEnd > 0, "next_dnd_start_ts": int64(1), "next_dnd_end_ts": int64(1)}
	if p.DNDEnd > 0 {
		o["next_dnd_start_ts"], o["next_dnd_end_ts"] = p.DNDStart, p.DNDEnd
	}
	return o
}

// setPerson changes a person and tells the apps that may know.
func (w *Workspace) setPerson(u *User, next Person) error {
	before := w.person(u)
	if err := w.commit(Record{Kind: PersonChanged, User: u.ID, Person: &next}); err != nil {
		return err
	}
	now := w.person(u)
	status := func(p Person) [3]any { return [3]any{p.StatusText, p.StatusEmoji, p.StatusExpiration} }
	for _, a := range w.st.apps {
		if a.has("users:read") && (status(before) != status(now) || before.Deleted != now.Deleted) {
			shown := (&call{Workspace: w, app: a}).user(u)
			w.emit(a, obj{"type": "user_change", "user": shown, "cache_ts": w.now().Unix(), "event_ts": w.nextTS()})
			if status(before) != status(now) {
				w.emit(a, obj{"type": "user_status_changed", "user": shown, "cache_ts": w.now().Unix(), "event_ts": w.nextTS()})
			}
		}
		if a.has("dnd:read") && (before.DNDStart != now.DNDStart || before.DNDEnd != now.DNDEnd) {
			w.emit(a, obj{"type": "dnd_updated_user", "user": u.ID, "dnd_status": now.dnd(), "event_ts": w.nextTS()})
		}
	}
	return nil
}

func dndInfo(c *call) (obj, error) {
	who := c.str("user")
	if who == "" {
		who = c.app.BotUser
	}
	u := c.st.user(who)
	if u == nil || u.ID != who {
		return nil, refuse("user_not_found")
	}
	return c.person(u).dnd(), nil
}

func dndTeamInfo(c *call) (obj, error) {
	ids := c.list("users")
	if len(ids) > maxDNDUsers {
		return nil, refuse("too_many_users")
	}
	users := obj{}
	for _, u := range c.st.users {
		if slices.Contains(ids, u.ID) {
			users[u.ID] = c.person(u).dnd()
		}
	}
	return obj{"users": users}, nil
}

// maxDNDUsers bounds one dnd.teamInfo.
const maxDNDUsers = 50

func usersGetPresence(c *call) (obj, error) {
	u := c.st.user(c.str("user"))
	if u == nil || u.ID != c.str("user") {
		return nil, refuse("user_not_found")
	}
	presence := "active"
	if c.person(u).Away || u.Deleted {
		presence = "away"
	}
	return obj{"presence": presence}, nil
}

func usersProfileGet(c *call) (obj, error) {
	u := c.st.user(c.str("user"))
	if u == nil || u.ID != c.str("user") {
		return nil, refuse("user_not_found")
	}
	return obj{"profile": c.user(u)["profile"]}, nil
}

type personInput struct {
	User          string  `json:"user"`
	StatusText    *string `json:"status_text"`
	StatusEmoji   *string `json:"status_emoji"`
	StatusMinutes int64   `json:"status_minutes"` // of the status given with it; 0: it stays
	Away          *bool   `json:"away"`
	DNDIn         int64   `json:"dnd_in"`      // minutes until the window given with it begins
	DNDMinutes    *int64  `json:"dnd_minutes"` // how long do-not-disturb lasts; 0 ends it
	Deleted       *bool   `json:"deleted"`
}

// apply returns a person with what the input names changed.
func (in personInput) apply(p Person, now time.Time) Person {
	if in.StatusText != nil || in.StatusEmoji != nil {
		p.StatusExpiration = 0
		if in.StatusMinutes > 0 {
			p.StatusExpiration = now.Add(time.Duration(in.StatusMinutes) * time.Minute).Unix()
		}
	}
	set(&p.StatusText, in.StatusText)
	set(&p.StatusEmoji, in.StatusEmoji)
	set(&p.Away, in.Away)
	set(&p.Deleted, in.Deleted)
	if in.DNDMinutes != nil {
		start := now.Add(time.Duration(in.DNDIn) * time.Minute)
		p.DNDStart, p.DNDEnd = start.Unix(), start.Add(time.Duration(*in.DNDMinutes)*time.Minute).Unix()
		if *in.DNDMinutes == 0 {
			p.DNDStart, p.DNDEnd = 0, 0
		}
	}
	return p
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}
