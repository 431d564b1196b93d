package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"warmline/escalate"
)

// JobAlerts tells a channel of the targets that came near or were missed.
const JobAlerts = "tell-alerts"

const (
	// gather is how long the first alert waits for others that fall with it.
	gather = 500 * time.Millisecond
	// alertsEvery is how often a channel hears of alerts at the most: what falls meanwhile comes in one message.
	alertsEvery = 10 * time.Second
	// unposted is how long a message that could not be posted holds back the next.
	unposted = 15 * time.Minute
	// mostAlerts is how many one message tells of at the most; the others come with the next.
	mostAlerts = 80
)

type alertsWork struct {
	Channel string `json:"channel"`
}

// alertedSetting keeps when a channel was told of alerts last.
func alertedSetting(channel string) string { return "alerted:" + channel }

// enqueueAlerts has a channel told, when it may be told again, but not before an instant.
func enqueueAlerts(ctx context.Context, tx Tx, channel string, at time.Time) error {
	again, err := mayTell(ctx, tx, channel)
	if err != nil {
		return err
	}
	if again.After(at) {
		at = again
	}
	j, err := newJob(JobAlerts, alertsWork{Channel: channel})
	if err != nil {
		return err
	}
	j.Key, j.Group, j.At = channel, "alerts:"+channel, at
	return tx.Enqueue(ctx, j)
}

// mayTell is when a channel may be told of alerts again. While the message before could not be posted, because Slack is away, the next
// waits and gathers: else there would be one for every ten seconds of the outage.
func mayTell(ctx context.Context, tx Tx, channel string) (time.Time, error) {
	kept, err := tx.Setting(ctx, alertedSetting(channel))
	if err != nil || kept == "" {
		return time.Time{}, err
	}
	at, token, _ := strings.Cut(kept, " ")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when #%s was told of alerts: %w", channel, err)
	}
	last := escalate.UnixMicro(n).Time()
	if _, n, err := loadNotice(ctx, tx, token); err == nil && n.Place.TS == "" && tx.Now().Before(last.Add(unposted)) {
		return tx.Now().Add(alertsEvery), nil
	}
	return last.Add(alertsEvery), nil
}

// tellAlerts turns the alerts that wait for a channel into one message: a post in the ticket's thread when it is about one ticket of the
// channel, a message of its own when it is about several, or in the managers' channel about one of another. The message is a durable job of the same commit that drops the rows.
func (s *Service) tellAlerts(ctx context.Context, j Leased) error {
	var w alertsWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var later error
	err := s.Store.Update(ctx, func(tx Tx) error {
		later = nil
		again, err := mayTell(ctx, tx, w.Channel)
		if err == nil && tx.Now().Before(again) {
			later = &Later{At: again}
			return nil
		}
		return errors.Join(err, s.tellNext(ctx, tx, w.Channel), tx.Finish(ctx, j))
	})
	return cmp.Or(err, later)
}

// tellNext tells a channel of the alerts that wait for it, as many as one message takes; the others come with the next.
func (s *Service) tellNext(ctx context.Context, tx Tx, channel string) error {
	rows, err := tx.AlertsOf(ctx, channel, mostAlerts)
	if err != nil {
		return fmt.Errorf("read alerts of #%s: %w", channel, err)
	}
	over, told, err := s.tellOf(ctx, tx, channel, rows)
	if err != nil {
		return err
	}
	if told != "" {
		if err := tx.PutSetting(ctx, alertedSetting(channel), fmt.Sprintf("%d %s", escalate.At(tx.Now()), told)); err != nil {
			return err
		}
	}
	if err := tx.DropAlerts(ctx, over); err != nil {
		return err
	}
	if len(over) < len(rows) || len(rows) == mostAlerts {
		return enqueueAlerts(ctx, tx, channel, tx.Now())
	}
	return nil
}

// inThread stands for the token of a message that is a post in a thread.
const inThread = "-"

// tellOf tells a channel of alerts, and returns the ids of those that are over: told, or no news any more because they were
// dealt with meanwhile. told is the token of the message; "" when there was nothing to tell.
func (s *Service) tellOf(ctx context.Context, tx Tx, channel string, rows []AlertRow) (over []string, told string, err error) {
	var open []*alerted
	for i := range rows {
		a, err := s.alerted(ctx, tx, &rows[i])
		if err != nil {
			return nil, "", err
		}
		if a == nil {
			over = append(over, rows[i].ID)
		} else {
			open = append(open, a)
		}
	}
	if len(open) == 0 {
		return over, "", nil
	}
	p, err := tx.Policy(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("load policy: %w", err)
	}
	leads, err := leadsFor(ctx, p, open)
	if err != nil {
		return nil, "", err
	}
	told = inThread
	one := open[0].change.ticket.ID
	if slices.ContainsFunc(open, func(a *alerted) bool { return a.change.ticket.ID != one || a.elsewhere() }) {
		var ans Answer
		ans, open = tellMany(ctx, tx, open, leads)
		told = s.NewToken()
		err = s.notify(ctx, tx, &Ask{Token: told, Kind: askNews, Subject: channel, At: tx.Now()}, &notice{Channel: channel, News: &ans})
	} else {
		err = tellOne(ctx, tx, open, leads)
	}
	for _, a := range open {
		over = append(over, a.id)
	}
	return over, told, err
}

// alerted is an alert with the ticket that it is about.
type alerted struct {
	TargetAlert

	id     string // of its row
	change *change
}

// alerted loads what an alert is about; nil when nobody has to hear of it any more.
func (s *Service) alerted(ctx context.Context, tx Tx, row *AlertRow) (*alerted, error) {
	a := &row.Alert
	c, err := s.change(ctx, tx, a.Ticket)
	if errors.Is(err, ErrNotFound) {
		return nil, nil //nolint:nilnil // erased: there is nothing to tell of
	}
	if err != nil {
		return nil, err
	}
	h := c.ticket.Handoff
	over := !h.Active() || h.ID != a.Handoff
	if a.Unclaimed != 0 {
		over = over || h.State != escalate.HandoffOpen
	} else {
		over = over || !c.ticket.Clocks.Runs[a.Target].Runs()
	}
	if over {
		return nil, nil //nolint:nilnil // it is dealt with
	}
	return &alerted{TargetAlert: *a, id: row.ID, change: c}, nil
}

// leadsFor are the leads to name when some alert is theirs to hear.
func leadsFor(ctx context.Context, p *escalate.Policy, all []*alerted) ([]escalate.PersonID, error) {
	for _, a := range all {
		if a.To == escalate.TellLeads {
			return a.change.leads(ctx, p)
		}
	}
	return nil, nil
}

// elsewhere reports whether the channel that is told is not the one where people have the ticket.
func (a *alerted) elsewhere() bool { return a.To == escalate.TellManager }

// words say what an alert tells: "first answer is due in 12 min".
func (a *alerted) words(now time.Time) string {
	if a.Unclaimed != 0 {
		return "unclaimed for " + spoken(now.Sub(a.Unclaimed.Time()))
	}
	what, due := a.Target.Words(), a.Due.Time()
	late := now.Sub(due)
	switch {
	case due.IsZero() && !a.Stage.Past():
		return what + " comes near"
	case due.IsZero() || late >= 0 && late < time.Minute:
		return what + " is overdue"
	case late >= time.Minute:
		return what + " is overdue by " + spoken(late)
	}
	return what + " is due in " + spoken(max((-late).Round(time.Minute), time.Minute))
}

// whose says whose the hand-off is, to its owner or of them.
func (a *alerted) whose() string {
	switch h := a.change.ticket.Handoff; {
	case h.State == escalate.HandoffTaken:
		return "A colleague has it in the helpdesk."
	case h.Owner != "":
		return "It is yours."
	}
	return "Nobody has claimed it."
}

// tellOne posts alerts of one ticket into its thread: one post, in the channel as well when it is for more than the owner.
func tellOne(ctx context.Context, tx Tx, all []*alerted, leads []escalate.PersonID) error {
	c, now := all[0].change, tx.Now()
	h := c.ticket.Handoff
	post := ThreadPost{Head: "Deadline", Mention: h.Owner, Leads: leads, At: now}
	key := []string{"alert", string(h.ID)}
	var text []string
	for _, a := range all {
		text = append(text, a.sentence(now))
		if a.Unclaimed != 0 {
			post.Head = "Unclaimed"
			key = append(key, a.id) // leads and managers may be told in one thread, each once
		}
		key = append(key, fmt.Sprintf("%s-%s-%d-%d", a.Target, a.Stage, a.Due, a.Unclaimed))
		post.Broadcast = post.Broadcast || a.To != escalate.TellOwner
	}
	if post.Head != "Unclaimed" {
		text = append(text, all[0].whose())
	}
	post.Text = strings.Join(text, " ")
	post.Key = hashOf(strings.Join(key, " "))[:32]
	return c.enqueueThread(ctx, h, post)
}

// sentence says the same of one ticket, below its card.
func (a *alerted) sentence(now time.Time) string {
	if a.Unclaimed != 0 {
		return "Nobody has claimed this for " + spoken(now.Sub(a.Unclaimed.Time())) + "."
	}
	return "The " + a.words(now) + "."
}

// roomForAlerts is how much one message tells of, in characters as Slack counts them.
const roomForAlerts = 8000

// tellMany makes one message of alerts of several tickets, a line each, and everybody named once who has to act. It returns which of
// them it tells of: as many as fit.
func tellMany(ctx context.Context, tx Tx, all []*alerted, leads []escalate.PersonID) (Answer, []*alerted) {
	now, room := tx.Now(), roomForAlerts
	var ans Answer
	for i, a := range all {
		line, owner := a.line(ctx, tx, now)
		room -= written(line.Head) + written(line.Text) + 20
		if room < 0 {
			all = all[:i]
			break
		}
		ans.Lines = append(ans.Lines, line)
		if owner != "" && !a.elsewhere() && !slices.Contains(ans.Mentions, owner) {
			ans.Mentions = append(ans.Mentions, owner)
		}
	}
	for _, lead := range leads {
		if !slices.Contains(ans.Mentions, lead) {
			ans.Mentions = append(ans.Mentions, lead)
		}
	}
	ans.Text = headOfAlerts(all)
	ans.Lines = slices.Insert(ans.Lines, 0, Line{Head: ans.Text})
	return ans, all
}

// headOfAlerts says how many deadlines are near, and how many tickets nobody claims.
func headOfAlerts(all []*alerted) string {
	unclaimed := 0
	for _, a := range all {
		if a.Unclaimed != 0 {
			unclaimed++
		}
	}
	var parts []string
	if due := len(all) - unclaimed; due > 0 {
		parts = append(parts, escalate.Counted(due, "deadline is near or missed", "deadlines are near or missed"))
	}
	if unclaimed > 0 {
		parts = append(parts, escalate.Counted(unclaimed, "ticket waits for somebody to claim it", "tickets wait for somebody to claim them"))
	}
	return strings.Join(parts, ", ")
}

// written is how many characters Slack counts for a text: some are written as five.
func written(s string) int {
	n := len(utf16.Encode([]rune(s)))
	for _, special := range []string{"&", "<", ">"} {
		n += 4 * strings.Count(s, special)
	}
	return n
}

// clipped is a text's beginning.
func clipped(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// line is an alert among others, and whose the hand-off is.
func (a *alerted) line(ctx context.Context, tx Tx, now time.Time) (Line, escalate.PersonID) {
	t, who := a.change.ticket, "unclaimed"
	switch owner := t.Handoff.Owner; {
	case t.Handoff.State == escalate.HandoffTaken:
		who = "taken over in the helpdesk"
	case owner != "":
		who = clipped(personName(ctx, tx, owner), 30)
	}
	if a.elsewhere() {
		who += " in #" + t.Handoff.Channel
	}
	text := strings.Join([]string{a.words(now), clipped(t.Content.Subject, 40), who}, " · ")
	return Line{Head: "#" + t.Ref.ID, Text: text, URL: t.Content.URL}, t.Handoff.Owner
}
