package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// The most that is taken and told at once.
const (
	mostOverrides = 200 // that have not ended, of one rota: working out who is on goes through all of them
	mostStretches = 6   // of what an override comes to
)

// cover lists, makes or removes who is on in a rota other than by turn.
func (a *act) cover(ctx context.Context, args []string) error {
	if len(args) > 0 && strings.EqualFold(args[0], "remove") {
		return a.coverRemove(ctx, args[1:]) // also of a rota that is gone
	}
	switch {
	case len(a.policy.Rotas) == 0:
		return a.noRotas(ctx)
	case len(args) == 0 || strings.EqualFold(args[0], "list"):
		return a.coverList(ctx)
	}
	c, err := a.covering(ctx, args)
	if c == nil || err != nil {
		return err
	}
	return a.coverAdd(ctx, c)
}

// coverList lists what has not ended, each with the number by which it is removed.
func (a *act) coverList(ctx context.Context) error {
	all, err := a.tx.OverridesAfter(ctx, a.tx.Now())
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return a.say(ctx, "Nobody covers anybody. /escalate cover ? shows how to say it.")
	}
	head := fmt.Sprintf("Cover: %d", len(all))
	how := fmt.Sprintf("in your time, %s; /escalate cover remove %s takes the first back", a.zoneWords(), all[0].ID)
	ans := Answer{Text: head, Lines: []Line{{Head: head, Text: how}}}
	for i := range all[:min(len(all), 20)] {
		o := &all[i]
		text := fmt.Sprintf("%s · %s · by %s", a.overrideWords(ctx, o), o.Rota, a.rotaName(ctx, o.By))
		if _, ok := a.policy.Rotas[o.Rota]; !ok {
			text += " · there is no such rota any more"
		}
		ans.Lines = append(ans.Lines, Line{Head: o.ID, Text: text})
	}
	return a.answer(ctx, ans)
}

// overrideWords says what an override does and when, in the person's own time.
func (a *act) overrideWords(ctx context.Context, o *rota.Override) string {
	return fmt.Sprintf("%s from %s to %s", a.named(ctx, o.String(), o), a.shift(o.From), a.shift(o.To))
}

// named puts names in the place of the ids of an override's people.
func (a *act) named(ctx context.Context, text string, o *rota.Override) string {
	pairs := []string{string(o.Person), a.rotaName(ctx, o.Person)}
	if o.Instead != "" {
		pairs = append(pairs, string(o.Instead), a.rotaName(ctx, o.Instead))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// covering reads a cover: who, for whom, when and in which rota. It answers and returns nil when it cannot.
func (a *act) covering(ctx context.Context, args []string) (*rota.Override, error) {
	o := &rota.Override{By: rota.PersonID(a.press.Actor), Made: a.tx.Now()}
	p, err := a.coverer(ctx, args[0])
	if p == nil || err != nil {
		return nil, err
	}
	o.Person = rota.PersonID(p.ID)
	rest := args[1:]
	switch {
	case len(rest) > 1 && strings.EqualFold(rest[0], "for") && names(rest[1]):
		if p, err = a.coverer(ctx, rest[1]); p == nil || err != nil {
			return nil, err
		}
		o.Kind, o.Instead, rest = rota.Cover, rota.PersonID(p.ID), rest[2:]
	case len(rest) > 0 && strings.EqualFold(rest[0], "off"):
		o.Kind, rest = rota.Off, rest[1:]
	}
	if o.Rota, rest = a.rotaIn(rest); o.Rota == "" {
		return nil, a.misread(ctx, "Say at the end in which rota: %s.", strings.Join(a.rotaNames(), ", "))
	}
	span, err := rota.ParseSpan(strings.Join(rest, " "), a.tx.Now(), a.zoned(a.tx.Now()).Location())
	if err != nil {
		return nil, a.misread(ctx, "Nothing was changed: %v.", err)
	}
	o.From, o.To = span.From.UTC(), span.To.UTC()
	return o, nil
}

// names reports whether a word stands for a person.
func names(word string) bool {
	return strings.HasPrefix(word, "@") || strings.HasPrefix(word, "<@") || strings.EqualFold(word, "me")
}

// coverer finds who is meant; it answers and returns nil when that is nobody.
func (a *act) coverer(ctx context.Context, word string) (*Person, error) {
	switch {
	case strings.EqualFold(word, "me"):
		return &a.who.Person, nil
	case !names(word):
		return nil, a.misread(ctx, "I do not know whom you mean by %q. Say who is on, and when: /escalate cover @ana fri 9:00-13:00", word)
	}
	return a.someone(ctx, word, "cover")
}

// rotaIn takes the rota's name from the end of what was typed; it can be left out where there is one rota. "" is none.
func (a *act) rotaIn(words []string) (name string, rest []string) {
	all := a.rotaNames()
	if n := len(words) - 1; n >= 0 {
		if last := strings.ToLower(words[n]); slices.Contains(all, last) {
			rest = words[:n]
			if n > 0 && strings.EqualFold(rest[n-1], "in") {
				rest = rest[:n-1]
			}
			return last, rest
		}
	}
	if len(all) == 1 {
		return all[0], words
	}
	return "", words
}

// mayCover says whether the person may change when somebody is on: leads may, and everybody for themself.
func (a *act) mayCover(ctx context.Context, whose ...rota.PersonID) (bool, error) {
	if a.who.role.atLeast(RoleLead) || slices.Contains(whose, rota.PersonID(a.press.Actor)) {
		return true, nil
	}
	return false, a.refuse(ctx, fmt.Sprintf("Only %s, or a lead, can do that. Nothing was changed.", a.rotaName(ctx, whose[0])))
}

// coverAdd keeps an override, and says what it comes to.
func (a *act) coverAdd(ctx context.Context, o *rota.Override) error {
	if ok, err := a.mayCover(ctx, o.Person); !ok || err != nil {
		return err
	}
	before, err := a.coverable(ctx, o)
	if before == nil || err != nil {
		return err
	}
	if o.Kind == "" {
		o.Kind = before.Covering()
	}
	if err := o.Validate(); err != nil {
		return a.misread(ctx, "Nothing was changed: %v.", err)
	}
	if err := a.tx.AddOverride(ctx, o); err != nil {
		return err
	}
	if err := a.audit(ctx, "rota "+o.Rota, outcomeDone, overrideDetail("cover", o)); err != nil {
		return err
	}
	after, err := a.s.loadRoster(ctx, a.tx, a.policy, o.Rota)
	if err != nil {
		return err
	}
	return a.coverAnswer(ctx, o, before, after)
}

// coverable makes an override's rota ready, if it can be overridden for its person; it answers and returns nil when not.
func (a *act) coverable(ctx context.Context, o *rota.Override) (*roster, error) {
	to, err := identify(ctx, a.tx, a.policy, escalate.PersonID(o.Person))
	if err != nil {
		return nil, err
	}
	if o.Kind != rota.Off && !to.role.atLeast(RoleAgent) {
		return nil, a.say(ctx, "Nothing was changed: %s is none of the agents.", to.Name)
	}
	r, err := a.s.loadRoster(ctx, a.tx, a.policy, o.Rota)
	if isFault(err) {
		return nil, a.say(ctx, "Nothing was changed: %v", err)
	}
	if err != nil {
		return nil, err
	}
	if len(r.overrides) >= mostOverrides {
		return nil, a.say(ctx, "Nothing was changed: %s has %d of these already. What changes so much is a change of the rota.", o.Rota, len(r.overrides))
	}
	return r, nil
}

// coverAnswer says what was made, what it overlaps and who is on then, and tells who did not say it themself.
func (a *act) coverAnswer(ctx context.Context, o *rota.Override, before, after *roster) error {
	text := fmt.Sprintf("%s, in %s (%s). /escalate cover remove %s takes it back.", a.overrideWords(ctx, o), o.Rota, a.zoneWords(), o.ID)
	ans := Answer{Text: text, Lines: []Line{{Text: text}}}
	for _, v := range rota.Overlaps(o, before.overrides) {
		ans.Lines = append(ans.Lines, Line{Head: "Number " + v.Other.ID, Text: a.named(ctx, v.String(), &v.Other)})
	}
	line := after.Shifts(o.From, o.To)
	if slices.EqualFunc(line, before.Shifts(o.From, o.To), sameStretch) {
		ans.Lines = append(ans.Lines, Line{Text: "As things stand that changes nothing: who is on then stays on."})
	}
	for i := range line[:min(len(line), mostStretches)] {
		ans.Lines = append(ans.Lines, Line{Head: a.shift(line[i].From), Text: a.stretchWords(ctx, &line[i])})
	}
	if more := len(line) - mostStretches; more > 0 {
		ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf("It changes %d more times until then.", more)})
	}
	if err := a.tellCoverer(ctx, o, "said that"); err != nil {
		return err
	}
	return a.answer(ctx, ans)
}

func sameStretch(x, y rota.Stretch) bool {
	return x.From.Equal(y.From) && x.To.Equal(y.To) && slices.Equal(x.People, y.People)
}

// stretchWords says who is on in a stretch.
func (a *act) stretchWords(ctx context.Context, s *rota.Stretch) string {
	words := make([]string, len(s.People))
	for i := range s.People {
		words[i] = a.rotaName(ctx, s.People[i].Person)
	}
	if len(words) == 0 {
		words = []string{"nobody is on"}
	}
	return strings.Join(words, ", ") + " until " + a.shift(s.To)
}

// tellCoverer tells a person of what somebody else said about when they are on; in the zone of who said it, which is named.
func (a *act) tellCoverer(ctx context.Context, o *rota.Override, did string) error {
	if o.Person == rota.PersonID(a.press.Actor) {
		return nil
	}
	text := fmt.Sprintf("%s %s %s, in %s (%s).", a.who.Name, did, a.overrideWords(ctx, o), o.Rota, a.zoneWords())
	to, ans := Recipient{Person: escalate.PersonID(o.Person)}, Answer{Text: text, Lines: []Line{{Text: text}}}
	if a.s.Courier == nil {
		to.Channel = a.press.On.Channel
		return a.s.enqueueTell(ctx, a.tx, to, ans)
	}
	return enqueueDelivery(ctx, a.tx, &delivery{To: to, Key: hashOf("cover " + did + o.ID)[:32], Answer: ans})
}

// coverRemove takes an override back. Of one that has begun, what was keeps standing.
func (a *act) coverRemove(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return a.misread(ctx, "Name one by its number: /escalate cover remove 3")
	}
	now := a.tx.Now()
	all, err := a.tx.OverridesAfter(ctx, now)
	if err != nil {
		return err
	}
	id := strings.TrimPrefix(args[0], "#")
	i := slices.IndexFunc(all, func(o rota.Override) bool { return o.ID == id })
	if i < 0 {
		return a.say(ctx, "There is no cover %s that has not ended. /escalate cover lists them.", args[0])
	}
	o := &all[i]
	if ok, err := a.mayCover(ctx, o.Person, o.By); !ok || err != nil {
		return err
	}
	rest, begun := o.Cut(now)
	if err := a.tx.EndOverride(ctx, o.ID, rest.To); err != nil { // the zero time where there is nothing to keep
		return err
	}
	if err := a.audit(ctx, "rota "+o.Rota, outcomeDone, overrideDetail("remove", o)); err != nil {
		return err
	}
	if err := a.tellCoverer(ctx, o, "took back that"); err != nil {
		return err
	}
	text := "Removed: " + a.overrideWords(ctx, o) + "."
	if begun {
		text += " It ends now; what was until now stays written down."
	}
	return a.say(ctx, "%s", text)
}

// overrideDetail is what the audit log says of an override; people by their ids, times in UTC.
func overrideDetail(did string, o *rota.Override) string {
	const minute = "2006-01-02T15:04Z"
	return fmt.Sprintf("%s %s: %s from %s to %s", did, o.ID, o, o.From.UTC().Format(minute), o.To.UTC().Format(minute))
}
