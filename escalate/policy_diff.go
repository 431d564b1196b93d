package escalate

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference between two versions of a policy.
type Change struct {
	What   string // in words: "delivery: answers from 95 % → 90 %"
	Looser bool   // it lets the machine do more than before
}

// changes collects differences.
type changes []Change

func (cs *changes) add(looser bool, format string, args ...any) {
	*cs = append(*cs, Change{What: fmt.Sprintf(format, args...), Looser: looser})
}

// Diff says what differs between two policies, always in the same order. What a topic inherits is not repeated for it. A
// change is looser when more is answered or drafted by the machine, or with less evidence; where it cannot be told, as for
// routes and roles, it is not.
func Diff(from, to *Policy) []Change {
	var cs changes
	cs.budget("", from.Budget, to.Budget)
	cs.line("", from.Thresholds, to.Thresholds, from.Stage, to.Stage)
	if from.Sample != to.Sample {
		cs.add(to.Sample > from.Sample, "share answered at stage sample %s → %s", share(from.Sample), share(to.Sample))
	}
	for _, topic := range bothKeys(from.Topics, to.Topics) {
		cs.topic(topic, from, to)
	}
	cs.exclusions(from.Exclusions, to.Exclusions)
	if from.LowConfidence != to.LowConfidence {
		cs.add(false, "low confidence %s → %s", from.LowConfidence, to.LowConfidence)
	}
	cs.triggers(&from.Triggers, &to.Triggers)
	cs.targets(from, to)
	cs.routeRules(from.Routes.Rules, to.Routes.Rules)
	cs.rotas(from.Rotas, to.Rotas)
	cs.offers(&from.Offers, &to.Offers)
	cs.rest(from, to)
	return cs
}

// Loosens reports whether any of the changes does.
func Loosens(cs []Change) bool {
	return slices.ContainsFunc(cs, func(c Change) bool { return c.Looser })
}

// topic compares what holds for a topic that has a rule of its own in either policy.
func (cs *changes) topic(topic string, from, to *Policy) {
	a, b := from.Topics[topic], to.Topics[topic]
	if sameJSON(a, b) {
		return
	}
	oldLine, oldStage := from.For(topic)
	newLine, newStage := to.For(topic)
	before := len(*cs)
	cs.budget(topic, from.Promises(topic), to.Promises(topic))
	cs.line(topic, oldLine, newLine, oldStage, newStage)
	if len(*cs) == before { // it holds what it held, but follows the others no more, or follows them again
		cs.add(false, "%swhat is its own and what it takes from the others", about(topic))
	}
}

func (cs *changes) budget(topic string, from, to float64) {
	if from == to {
		return
	}
	// 0 promises nothing: to begin with a promise is stricter, and to end it is looser, than any budget.
	cs.add(to == 0 || from != 0 && to > from, "%spromise %s → %s", about(topic), budgetWords(from), budgetWords(to))
}

func (cs *changes) line(topic string, from, to Thresholds, oldStage, newStage Stage) {
	if from.Auto != to.Auto {
		cs.add(to.Auto < from.Auto, "%sanswers from %s → %s", about(topic), share(from.Auto), share(to.Auto))
	}
	if from.Draft != to.Draft {
		cs.add(to.Draft < from.Draft, "%sdrafts from %s → %s", about(topic), share(from.Draft), share(to.Draft))
	}
	if oldStage != newStage {
		cs.add(newStage.rank() > oldStage.rank(), "%sstage %s → %s", about(topic), oldStage, newStage)
	}
}

func (cs *changes) exclusions(from, to []Exclusion) {
	find := func(xs []Exclusion, id string) int {
		return slices.IndexFunc(xs, func(x Exclusion) bool { return x.ID == id })
	}
	for i := range from {
		switch j := find(to, from[i].ID); {
		case j < 0:
			cs.add(true, "tickets with %s are no longer kept from the AI (%s)", from[i].Describe(), from[i].ID)
		case from[i] != to[j]:
			cs.add(true, "what is kept from the AI as %s is now %s", from[i].ID, to[j].Describe()) // it may be less than before
		}
	}
	for i := range to {
		if find(from, to[i].ID) < 0 {
			cs.add(false, "tickets with %s are kept from the AI (%s)", to[i].Describe(), to[i].ID)
		}
	}
}

// Describe says what an exclusion matches and what becomes of it: "tag “press”, to #payments".
func (x *Exclusion) Describe() string {
	var what string
	for _, m := range []struct{ kind, value string }{
		{"tag", x.Tag},
		{"category", x.Category},
		{"topic", x.Topic},
		{"customer", x.Customer},
		{"channel", x.Channel},
		{"language", x.Language},
		{"words", x.Words},
		{"the answer", x.Answer},
	} {
		if m.value != "" {
			what = fmt.Sprintf("%s “%s”", m.kind, m.value)
		}
	}
	if x.Then == ExcludeLeave {
		what += ", left in the helpdesk's queue"
	}
	if x.Route != "" {
		what += ", to #" + x.Route
	}
	return what
}

func (cs *changes) triggers(from, to *TriggerRules) {
	for _, k := range Triggers {
		was, is := slices.Contains(from.Off, k), slices.Contains(to.Off, k)
		switch {
		case is && !was:
			cs.add(true, "trigger %s off", k)
		case was && !is:
			cs.add(false, "trigger %s on", k)
		}
	}
	if from.Repeat != to.Repeat {
		cs.add(to.Repeat > from.Repeat, "attempts until a person is asked %d → %d", from.Repeat, to.Repeat)
	}
	if !slices.Equal(from.VIPTags, to.VIPTags) {
		gone := slices.ContainsFunc(from.VIPTags, func(tag string) bool { return !slices.Contains(to.VIPTags, tag) })
		cs.add(gone, "tags of important customers %s → %s", listed(from.VIPTags), listed(to.VIPTags))
	}
}

// rest names the parts that say how people work, not what the machine may do.
func (cs *changes) rest(from, to *Policy) {
	for _, part := range []struct {
		name string
		a, b any
	}{
		{"routes", from.Routes.plain(), to.Routes.plain()},
		{"roles", from.Roles, to.Roles},
		{"updates to waiting customers", from.KeepWarm, to.KeepWarm},
		{"pace", from.Pace, to.Pace},
		{"folding", from.Fold, to.Fold},
		{"lease of a claim", from.Lease, to.Lease},
		{"team name", from.Team, to.Team},
	} {
		if !sameJSON(part.a, part.b) {
			cs.add(false, "%s changed", part.name)
		}
	}
}

func sameJSON(a, b any) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(x) == string(y)
}

func bothKeys[K ~string, V any](a, b map[K]V) []K {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

func about(topic string) string {
	if topic == "" {
		return ""
	}
	return topic + ": "
}

func listed(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

func budgetWords(budget float64) string {
	if budget == 0 {
		return "off"
	}
	return share(budget)
}

// share writes a share as people do: 0.955 is "95.5 %".
func share(v float64) string { return strconv.FormatFloat(math.Round(v*10000)/100, 'f', -1, 64) + " %" }
