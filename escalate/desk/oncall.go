package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// shiftTime is how a time of a rota is said: shifts are of this week or the next, and of somebody's own zone.
const shiftTime = "Mon 2 Jan 15:04"

// rotaNames are the names of the policy's rotas, in ascending order.
func (a *act) rotaNames() []string { return slices.Sorted(maps.Keys(a.policy.Rotas)) }

// noRotas answers where the policy has none.
func (a *act) noRotas(ctx context.Context) error {
	return a.say(ctx, "There is no rota. A policy names them under “rotas”; docs/rota.md has an example.")
}

// onCall says who is on now and who is next, in one rota or in each.
func (a *act) onCall(ctx context.Context, args []string) error {
	names := a.rotaNames()
	switch {
	case len(names) == 0:
		return a.noRotas(ctx)
	case len(args) > 0:
		name := strings.ToLower(strings.Join(args, " "))
		if !slices.Contains(names, name) {
			return a.noSuchRota(ctx, "oncall", name)
		}
		names = []string{name}
	}
	ans := Answer{Lines: []Line{{Head: "On call", Text: "in your time, " + a.zoneWords()}}}
	for _, name := range names {
		line := Line{Head: name}
		r, err := a.s.loadRoster(ctx, a.tx, a.policy, name)
		switch {
		case isFault(err):
			line.Text = "Nobody can say who is on: " + err.Error()
		case err != nil:
			return err
		default:
			line.Text = a.onWords(ctx, r)
		}
		ans.Lines = append(ans.Lines, line)
	}
	ans.Text = "On call: " + ans.Lines[1].Text
	return a.answer(ctx, ans)
}

// noSuchRota answers a rota's name that there is none of.
func (a *act) noSuchRota(ctx context.Context, cmd, typed string) error {
	names := a.rotaNames()
	if near := closest(typed, names); near != "" {
		return a.say(ctx, "There is no rota %q. Did you mean /escalate %s %s?", typed, cmd, near)
	}
	return a.say(ctx, "There is no rota %q. There are: %s.", typed, strings.Join(names, ", "))
}

// onWords says who is on and until when, who would be but is off, and who is next.
func (a *act) onWords(ctx context.Context, r *roster) string {
	now := a.tx.Now()
	on := r.OnCall(now)
	var parts []string
	for i := range on.People {
		p := &on.People[i]
		text := a.rotaName(ctx, p.Person) + a.untilWords(p.Until)
		if p.Why.Source == rota.ByCover {
			text += ", for " + a.rotaName(ctx, p.Why.Instead)
		}
		parts = append(parts, text)
	}
	words := "now nobody"
	if len(parts) > 0 {
		words = "now " + strings.Join(parts, " and ")
	}
	said := []string{words}
	for i := range on.Absent {
		said = append(said, a.rotaName(ctx, on.Absent[i].Person)+" is off"+a.untilWords(on.Absent[i].Until))
	}
	words = strings.Join(said, " · ")
	next, ok := r.Next(now)
	if !ok {
		return words + " · nobody else comes on in the next 100 days"
	}
	names := make([]string, len(next.On))
	for i, id := range next.On {
		names[i] = a.rotaName(ctx, id)
	}
	return words + fmt.Sprintf(" · next %s from %s", strings.Join(names, " and "), a.shift(next.At))
}

func (a *act) untilWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + a.shift(t)
}

// shift says a time of a rota in the person's own zone.
func (a *act) shift(t time.Time) string { return a.zoned(t).Format(shiftTime) }

// zoneWords names the zone in which the person is told times.
func (a *act) zoneWords() string { return a.zoned(a.tx.Now()).Location().String() }

func (a *act) rotaName(ctx context.Context, id rota.PersonID) string {
	return a.name(ctx, escalate.PersonID(id))
}
