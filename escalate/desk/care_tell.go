package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// Why is why nobody looks after something.
type Why string

// The reasons, in the order in which people read them.
const (
	whyUnclaimed Why = "unclaimed"
	whyLeft      Why = "owner left"
	whyDoubt     Why = "in doubt"
	whySlack     Why = "slack"
	whyDesk      Why = "helpdesk"
	whyJob       Why = "job"
	whyLate      Why = "late"
	whyBroken    Why = "unreadable"
)

// Whys lists them.
var Whys = []Why{whyUnclaimed, whyLeft, whyDoubt, whySlack, whyDesk, whyJob, whyLate, whyBroken}

// whyOf says for what work of a kind fails.
func whyOf(kind string) Why {
	switch kind {
	case string(escalate.EffectDrawCard), string(escalate.EffectTranscript), JobThread, JobEdit, JobPhotos, JobNotice, JobTell, JobHome, JobDeliver,
		JobMembers, JobOpen, JobSetup:
		return whySlack
	case string(escalate.EffectAssess), string(escalate.EffectNote), string(escalate.EffectTags), string(escalate.EffectAssign),
		string(escalate.EffectStatus), string(escalate.EffectSend), string(escalate.EffectWarm), string(escalate.EffectStated), JobPersonNote,
		JobCorrect, JobLink:
		return whyDesk
	}
	return whyJob
}

// words say what is so with n of a kind, and what to do.
func (w Why) words(n int) (what, todo string) {
	const log = "The operator's log says why."
	switch w {
	case whyUnclaimed:
		return escalate.Counted(n, "ticket is nobody's, and no deadline of it is left", "tickets are nobody's, and no deadline of theirs is left"),
			"Claim one with its card's button, or with /escalate next."
	case whyLeft:
		return escalate.Counted(n, "ticket belongs to somebody who has left", "tickets belong to people who have left"),
			"A lead passes them on: Reassign on the card."
	case whyDoubt:
		return escalate.Counted(n, "answer may have arrived or not, and its ticket is nobody's", "answers may have arrived or not, and their tickets are nobody's"),
			"Look in the helpdesk, and answer there if it is not there."
	case whySlack:
		return escalate.Counted(n, "thing does not get into Slack", "things do not get into Slack"), log
	case whyDesk:
		return escalate.Counted(n, "thing waits for a helpdesk that does not take it", "things wait for a helpdesk that does not take them"), log
	case whyLate:
		return "The work lags by more than a quarter of an hour", "/escalate status says by how much."
	case whyBroken:
		return escalate.Counted(n, "ticket cannot be looked after", "tickets cannot be looked after"), "Look in the helpdesk. " + log
	default:
		return escalate.Counted(n, "job fails again and again", "jobs fail again and again"), log
	}
}

// due reports whether people are to be told of it now.
func (l *Loose) due(now time.Time) bool {
	switch {
	case l.Told == 0 && l.Subject == string(l.Ticket):
		return now.Sub(l.Since) >= looseFor
	case l.Told == 0:
		return true // it has failed for long already
	case l.Told == 1:
		return now.Sub(l.ToldAt) >= looseAgain
	}
	return now.Sub(l.ToldAt) >= looseDaily
}

// own reports whether each one of its kind needs a person, so that people have to read which it is. Of work that fails, they have to
// know how much there is.
func (w Why) own() bool { return slices.Contains([]Why{whyUnclaimed, whyLeft, whyDoubt, whyBroken}, w) }

// mostNamed is how many tickets one message names that need a person each; the others come with the next.
const mostNamed = 40

// tellLoose has people told of what nobody looks after: once, and again when it is still so hours later.
func (s *Service) tellLoose(ctx context.Context, tx Tx) error {
	rows, err := tx.AllLoose(ctx, mostLoose)
	if err != nil {
		return err
	}
	named := map[string]int{}
	for i := range rows {
		l := &rows[i]
		if !l.due(tx.Now()) || l.Why.own() && named[l.Channel] == mostNamed {
			continue
		}
		n := 0
		if l.Why.own() {
			n = 1
		}
		named[l.Channel] += n
		l.Told, l.ToldAt = l.Told+1, tx.Now()
		if err := tx.SaveLoose(ctx, l); err != nil {
			return err
		}
	}
	for _, channel := range slices.Sorted(maps.Keys(named)) {
		if err := s.announceLoose(ctx, tx, channel); err != nil {
			return err
		}
	}
	return nil
}

// looseSetting keeps the message that a channel was told last.
func looseSetting(channel string) string { return "care:" + channel }

// announceLoose has a channel told. A message that is not posted yet will say it: what it shows is what is so when it is posted, so
// that an outage of Slack ends with one.
func (s *Service) announceLoose(ctx context.Context, tx Tx, channel string) error {
	token, err := tx.Setting(ctx, looseSetting(channel))
	if err != nil {
		return err
	}
	if token != "" {
		_, n, err := loadNotice(ctx, tx, token)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err == nil && n.Place.TS == "" && !n.Unheard {
			return enqueueNotice(ctx, tx, token, tx.Now())
		}
	}
	at, err := mayTell(ctx, tx, channel)
	if err != nil {
		return err
	}
	if at.Before(tx.Now()) {
		at = tx.Now()
	}
	token = s.NewToken()
	if err := s.notify(ctx, tx, &Ask{Token: token, Kind: askCare, Subject: channel, At: at}, &notice{Channel: channel, Care: &care{Channel: channel, From: escalate.At(tx.Now())}}); err != nil {
		return err
	}
	return errors.Join(tx.PutSetting(ctx, looseSetting(channel), token),
		tx.PutSetting(ctx, alertedSetting(channel), fmt.Sprintf("%d %s", escalate.At(at), token)))
}

// care is a message about what nobody looks after.
type care struct {
	Channel string             `json:"channel"` // whose rows it tells of, wherever it is posted
	From    escalate.UnixMicro `json:"from"`    // those that people were to be told of since
}

// answer draws it from what is so now, with the leads named. What channels were told of before is only counted.
func (m *care) answer(ctx context.Context, tx Tx) (Answer, error) {
	rows, err := tx.AllLoose(ctx, mostLoose)
	if err != nil {
		return Answer{}, err
	}
	works, err := failing(ctx, tx)
	if err != nil {
		return Answer{}, err
	}
	rows = slices.DeleteFunc(rows, func(l Loose) bool {
		return l.Channel != m.Channel || l.Told == 0 || strings.HasPrefix(l.Subject, "job:") && !works[l.Subject]
	})
	all := len(rows)
	rows = slices.DeleteFunc(rows, func(l Loose) bool { return l.ToldAt.Before(m.From.Time()) })
	if len(rows) == 0 {
		text := "Something was nobody's for a while, and is looked after again."
		return Answer{Text: text, Lines: []Line{{Head: text}}}, nil
	}
	ans := Answer{Text: "Nobody looks after this."}
	ans.Lines = append(ans.Lines, Line{Head: ans.Text})
	more, err := looseLines(ctx, tx, rows, true)
	if err != nil {
		return Answer{}, err
	}
	ans.Lines = append(ans.Lines, more...)
	if before := all - len(rows); before > 0 {
		ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf("You were told of %d more before; /escalate status names them.", before)})
	}
	p, err := tx.Policy(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("load policy: %w", err)
	}
	ans.Mentions, err = leadsExcept(ctx, tx, p, "")
	return ans, err
}

// failing are the subjects of work that fails at this moment. A message that says so is often posted when that is over: it was Slack that
// was away.
func failing(ctx context.Context, tx Tx) (map[string]bool, error) {
	jobs, err := tx.FailingJobs(ctx, tx.Now().Add(-failingFor), mostFailing)
	if err != nil {
		return nil, err
	}
	still := map[string]bool{}
	for i := range jobs {
		still[looseJob(&jobs[i]).Subject] = true
	}
	due, err := tx.OldestDue(ctx)
	still["job:"+string(whyLate)] = err == nil && !due.IsZero() && tx.Now().Sub(due) >= failingFor
	return still, err
}

// looseNow are the lines about what nobody looks after now, whether people were told of it or soon will be.
func (a *act) looseNow(ctx context.Context) ([]Line, error) {
	rows, err := a.tx.AllLoose(ctx, mostLoose)
	if err != nil {
		return nil, err
	}
	return looseLines(ctx, a.tx, rows, false)
}

// fewNamed is how many tickets a line names that is about many.
const fewNamed = 10

// looseLines says what nobody looks after, a line for each reason. Tickets that need a person each have a line of their own where all
// are to be named.
func looseLines(ctx context.Context, tx Tx, rows []Loose, all bool) ([]Line, error) {
	var lines []Line
	for _, why := range Whys {
		some := slices.DeleteFunc(slices.Clone(rows), func(l Loose) bool { return l.Why != why })
		if len(some) == 0 {
			continue
		}
		what, todo := why.words(len(some))
		most := fewNamed
		if all && why.own() {
			most = mostNamed
		}
		var named []Line
		for i := range some[:min(most, len(some))] {
			line, err := looseLine(ctx, tx, &some[i])
			if err != nil {
				return nil, err
			}
			if some[i].Ticket != "" {
				named = append(named, line)
			}
		}
		more := ""
		if n := len(some) - len(named); n > 0 && len(named) > 0 {
			more = fmt.Sprintf("and %d more", n)
		}
		if all && why.own() {
			lines = append(append(lines, Line{Head: what, Text: todo}), named...)
			if more != "" {
				lines = append(lines, Line{Text: more})
			}
			continue
		}
		lines = append(lines, Line{Head: what, Text: looseNames(named, more) + todo})
	}
	return lines, nil
}

// looseNames is a list of tickets in one line.
func looseNames(named []Line, more string) string {
	var names []string
	for i := range named {
		names = append(names, named[i].Head)
	}
	if more != "" {
		names = append(names, more)
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + ". "
}

// looseLine names a ticket, and says for how long it is so.
func looseLine(ctx context.Context, tx Tx, l *Loose) (Line, error) {
	line := Line{Head: "#" + string(l.Ticket), Text: "for " + spoken(tx.Now().Sub(l.Since).Round(time.Minute))}
	t, err := tx.Ticket(ctx, l.Ticket)
	switch {
	case err == nil:
		line.Head, line.URL = "#"+t.Ref.ID, t.Content.URL
		if t.Content.Subject != "" {
			line.Text = clipped(t.Content.Subject, 40) + " · " + line.Text
		}
	case l.Why != whyBroken && !errors.Is(err, ErrNotFound):
		return line, err
	}
	return line, nil
}

// unheard brings people by a direct message what their channel could not be told: Slack does not take it there.
func (n *notice) unheard(ctx context.Context, s *Service, tx Tx, token string) error {
	if s.Courier == nil {
		return nil
	}
	a, err := n.answer(ctx, s, tx, token)
	if err != nil {
		return err
	}
	people := a.Mentions
	a.Mentions = nil
	for _, id := range people {
		d := &delivery{To: Recipient{Person: id}, Key: hashOf("unheard " + token + string(id))[:32], Answer: a}
		if err := enqueueDelivery(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}
