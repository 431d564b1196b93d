package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// waitWords are the words by which a command names a reason to wait.
func waitWords() []string {
	words := make([]string, 0, len(escalate.WaitReasons)+1)
	for _, r := range escalate.WaitReasons {
		words = append(words, string(r))
	}
	return append(words, waitNone)
}

// keepwarm shows or sets what a waiting customer hears from us.
func (a *act) keepwarm(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return a.misread(ctx, "Name one ticket: /escalate keepwarm 17")
	}
	if strings.EqualFold(args[0], "effect") {
		return a.showEffect(ctx)
	}
	preview := strings.EqualFold(args[0], "preview")
	if preview {
		if args = args[1:]; len(args) != 1 {
			return a.misread(ctx, "Name one ticket: /escalate keepwarm preview 17")
		}
	}
	id, err := a.find(ctx, "keepwarm", args[:1])
	if id == "" {
		return err
	}
	if a.change, err = a.s.change(ctx, a.tx, id); err != nil {
		return err
	}
	h := a.ticket().Handoff
	if h == nil || len(args) == 1 && !h.Active() {
		return a.say(ctx, "#%s is not in human hands; its customer gets no updates.", a.ticket().Ref.ID)
	}
	switch {
	case preview:
		return a.previewWarm(ctx)
	case len(args) == 1:
		return a.showWarm(ctx)
	}
	if ok, err := a.mayState(ctx); !ok || err != nil {
		return err
	}
	s, wrong := parseStating(args[1:], statingOf(a.ticket()), a.zoned(a.tx.Now()))
	if wrong != "" {
		return a.misread(ctx, "Nothing was changed: %s", wrong)
	}
	if _, why := s.fault(a.tx.Now(), h.Wait.Until); why != "" {
		return a.misread(ctx, "Nothing was changed. %s", why)
	}
	if ok, err := a.state(ctx, s); !ok || err != nil {
		return err
	}
	if err := a.showWarm(ctx); err != nil {
		return err
	}
	if err := a.change.save(ctx); err != nil {
		return err
	}
	return a.nudge(ctx)
}

// showWarm says what is set, and what the customer hears next and when.
func (a *act) showWarm(ctx context.Context) error {
	t := a.ticket()
	head, updates := "#"+t.Ref.ID, "the customer is kept informed"
	if t.Handoff.Quiet || t.OptedOut() != nil {
		updates = "updates are off"
	}
	lines := []Line{{Head: head, Text: updates}}
	if w := &t.Handoff.Wait; w.Set() {
		text := fmt.Sprintf("%s, since %s, says %s", w.Reason.Words(), a.day(w.Since), a.name(ctx, w.By))
		if !w.Until.IsZero() {
			text += "; the customer hears from us by " + a.day(w.Until)
		}
		lines = append(lines, Line{Head: "Waiting for", Text: text})
	} else if w.Measured() {
		text := "the customer was told to hear from us by " + a.day(w.Until) + ", from how long others waited; it stands until somebody says another time"
		lines = append(lines, Line{Head: "Stated time", Text: text})
	}
	if t.Content.NoUpdates() {
		text, going := a.s.tagWords(t, a.tx.Now())
		lines = append(lines, Line{Head: "Tag", Text: text})
		if going {
			return a.answer(ctx, Answer{Text: head + ": " + updates, Lines: lines})
		}
	}
	hours, err := a.change.warmHours(ctx, a.policy)
	if err != nil {
		return err
	}
	due, why := hours.comes(a.policy, t, a.tx.Now())
	if why != "" {
		lines = append(lines, Line{Head: "Next update", Text: "none: " + why})
		return a.answer(ctx, Answer{Text: head + ": " + updates, Lines: lines})
	}
	u, err := a.change.update(ctx, a.policy, due, t.Outdated()) // a time that has passed by then is not said
	if err != nil {
		return err
	}
	text, _ := u.different(t)
	lines = append(lines, Line{Head: "Next update", Text: "at about " + a.day(due) + ", if nobody writes before:"}, Line{Text: text})
	return a.answer(ctx, Answer{Text: head + ": " + updates, Lines: lines})
}

// tagWords says what to do about the tag that keeps a customer from updates, and whether it is just being taken away.
func (s *Service) tagWords(t *escalate.Ticket, now time.Time) (words string, going bool) {
	own := escalate.Content{Tags: t.Content.Tags}
	if !own.NoUpdates() {
		return escalate.TagNoUpdates + " is the customer's in the helpdesk: no updates go out until it is taken away there", false
	}
	hd, err := s.helpdesk(t.Ref)
	_, able := hd.(Untagger)
	switch {
	case err != nil || !able:
		return escalate.TagNoUpdates + " is the ticket's in the helpdesk: take it away there, for I cannot; until then no updates go out", false
	case t.Handoff.UpdatesOn.Equal(now):
		return escalate.TagNoUpdates + " is being taken from the ticket in the helpdesk; then updates go on", true
	}
	return escalate.TagNoUpdates + " is the ticket's in the helpdesk: “on” takes it away", false
}

// parseStating reads "[on|off] [reason payment] [by thursday 14:00]" on top of what is set. wrong says which words make no sense.
// now is the person's local time.
func parseStating(args []string, s stating, now time.Time) (_ stating, wrong string) {
	for len(args) > 0 {
		word := strings.ToLower(args[0])
		args = args[1:]
		switch {
		case word == "on" || word == "off":
			s.off, s.on = word == "off", word == "on"
		case word == "reason" && len(args) > 0 && !reasonWord(args[0]):
			return s, fmt.Sprintf("I know no reason %q. The reasons are %s.", args[0], strings.Join(waitWords(), ", "))
		case word == "reason" && len(args) > 0:
			s.reason, s.until = reasonNamed(args[0], s.until)
			args = args[1:]
		case reasonWord(word):
			s.reason, s.until = reasonNamed(word, s.until)
		case word == "by":
			at, used := parseInstant(args, now)
			if used == 0 {
				return s, fmt.Sprintf("I do not understand the time %q. Write 14:00, tomorrow 14:00, thursday 14:00, 2026-03-05 14:00, 4h, or none.", strings.Join(args, " "))
			}
			s.until, args = at, args[used:]
		default:
			return s, fmt.Sprintf("I do not understand %q.", word)
		}
	}
	return s, ""
}

func reasonWord(word string) bool {
	word = strings.ToLower(word)
	return word == waitNone || escalate.WaitReason(word).Known()
}

// reasonNamed is the reason that a word names. Without a reason there is no time either.
func reasonNamed(word string, until time.Time) (escalate.WaitReason, time.Time) {
	word = strings.ToLower(word)
	if word == waitNone {
		return escalate.WaitNone, time.Time{}
	}
	return escalate.WaitReason(word), until
}

// parseInstant reads an instant from the first words of a command, as a person in the zone of now says it, and how many words it
// took; 0 when they say none. "none" is the zero time.
func parseInstant(args []string, now time.Time) (at time.Time, used int) {
	if len(args) == 0 {
		return at, 0
	}
	word := strings.ToLower(args[0])
	if word == waitNone {
		return at, 1
	}
	if d, ok := span(word); ok {
		return now.Add(d).UTC().Truncate(time.Minute), 1
	}
	if clock, err := time.Parse("15:04", word); err == nil {
		if at = onDay(now, 0, clock); !at.After(now) {
			at = onDay(now, 1, clock)
		}
		return at.UTC(), 1
	}
	if len(args) < 2 {
		return at, 0
	}
	clock, err := time.Parse("15:04", args[1])
	if err != nil {
		return at, 0
	}
	if date, err := time.ParseInLocation(time.DateOnly, word, now.Location()); err == nil {
		return onDay(date, 0, clock).UTC(), 2
	}
	days, ok := daysTo(word, now)
	if !ok {
		return at, 0
	}
	if at = onDay(now, days, clock); !at.After(now) && word != "today" {
		at = onDay(now, days+7, clock)
	}
	return at.UTC(), 2
}

// span reads "4h", "30m" or "2d".
func span(word string) (time.Duration, bool) {
	if n, ok := strings.CutSuffix(word, "d"); ok {
		d, err := time.ParseDuration(n + "h")
		return d * 24, err == nil && d > 0 && d < 10000*time.Hour
	}
	d, err := time.ParseDuration(word)
	return d, err == nil && d > 0
}

// daysTo is how many days a named day is off: "today", "tomorrow", "thursday", "thu".
func daysTo(word string, now time.Time) (int, bool) {
	switch word {
	case "today":
		return 0, true
	case "tomorrow":
		return 1, true
	}
	for d := range 7 {
		name := strings.ToLower(now.AddDate(0, 0, d).Weekday().String())
		if word == name || word == name[:3] {
			return d, true
		}
	}
	return 0, false
}

// onDay is a time of day, some days after a date.
func onDay(date time.Time, days int, clock time.Time) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day()+days, clock.Hour(), clock.Minute(), 0, 0, date.Location())
}
