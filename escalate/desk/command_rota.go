package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// rotaVerbs are what a lead may do with the people of a rota's layer.
var rotaVerbs = []string{"people", "add", "remove", "swap"}

// rotas shows the rotas, or changes who takes turns in one.
func (a *act) rotas(ctx context.Context, args []string) error {
	verb := rotaVerb(args)
	switch {
	case len(a.policy.Rotas) == 0:
		return a.noRotas(ctx)
	case verb < 0:
		return a.rotaList(ctx, args)
	}
	name, layer, err := a.rotaLayer(ctx, args[:verb])
	if name == "" || err != nil {
		return err
	}
	named, err := a.rotaPeople(ctx, args[verb+1:])
	if named == nil || err != nil {
		return err
	}
	r := a.policy.Rotas[name]
	did := strings.ToLower(args[verb])
	people, why := turned(r.Layers[layer].People, named, did)
	if why != "" {
		return a.misread(ctx, "Nothing was changed: %s.", a.withNames(ctx, &r, named, why))
	}
	return a.rotaChange(ctx, name, layer, people, did)
}

// rotaVerb is where in what was typed the verb stands; -1 when there is none.
func rotaVerb(args []string) int {
	return slices.IndexFunc(args, func(w string) bool { return slices.Contains(rotaVerbs, strings.ToLower(w)) })
}

// rotaList shows who takes turns, in one rota or in all.
func (a *act) rotaList(ctx context.Context, args []string) error {
	names := a.rotaNames()
	if len(args) > 0 {
		name := strings.ToLower(args[0])
		if !slices.Contains(names, name) {
			return a.noSuchRota(ctx, "rota", name)
		}
		names = []string{name}
	}
	ans := Answer{Text: escalate.Counted(len(names), "rota", "rotas"), Lines: []Line{{Head: "Rotas", Text: "who takes turns; /escalate oncall says who is on"}}}
	for _, name := range names {
		r := a.policy.Rotas[name]
		for i := range r.Layers {
			ans.Lines = append(ans.Lines, Line{Head: name + ", " + layerName(&r, i), Text: a.layerWords(ctx, &r, i)})
		}
	}
	return a.answer(ctx, ans)
}

// layerName is how a layer is said: by its name, or its number.
func layerName(r *rota.Rota, i int) string {
	if name := r.Layers[i].Name; name != "" {
		return name
	}
	return fmt.Sprint("layer ", i+1)
}

// layerWords say who is in a layer, how they take turns, and whose turn it is.
func (a *act) layerWords(ctx context.Context, r *rota.Rota, i int) string {
	l := &r.Layers[i]
	if l.Group != "" {
		return "everybody in " + l.Group
	}
	words := make([]string, len(l.People))
	for n, id := range l.People {
		words[n] = a.rotaName(ctx, id)
	}
	text := strings.Join(words, ", ")
	if l.Rotation == (rota.Rotation{}) {
		return text + " · all at once"
	}
	text += " · by the " + l.Rotation.Every.String()
	if whose := r.TurnOf(i, a.tx.Now(), time.LoadLocation); whose != "" {
		text += " · the turn of " + a.rotaName(ctx, whose)
	}
	return text
}

// rotaLayer finds the rota and the layer that are meant: both may be left out where there is one. It answers and returns "" when it
// cannot tell. What has a user group is changed in Slack.
func (a *act) rotaLayer(ctx context.Context, words []string) (name string, layer int, err error) {
	all := a.rotaNames()
	switch {
	case len(words) > 0 && slices.Contains(all, strings.ToLower(words[0])):
		name, words = strings.ToLower(words[0]), words[1:]
	case len(all) == 1:
		name = all[0]
	default:
		return "", 0, a.misread(ctx, "Say in which rota: %s.", strings.Join(all, ", "))
	}
	r, typed := a.policy.Rotas[name], strings.Join(words, " ")
	var listed []int
	var known []string
	for i := range r.Layers {
		known = append(known, layerName(&r, i))
		number := strconv.Itoa(i + 1)
		if strings.EqualFold(typed, layerName(&r, i)) || typed == number || typed == "" && r.Layers[i].Group == "" {
			listed = append(listed, i)
		}
	}
	switch {
	case len(listed) == 1 && r.Layers[listed[0]].Group == "":
		return name, listed[0], nil
	case len(listed) == 1:
		return "", 0, a.say(ctx, "Nothing was changed: %s are whoever is in %s; change that group in Slack.", known[listed[0]], r.Layers[listed[0]].Group)
	case len(listed) == 0 && typed == "":
		return "", 0, a.say(ctx, "Nothing was changed: all of %s are user groups; change those in Slack.", name)
	}
	return "", 0, a.misread(ctx, "Say in which layer of %s: %s.", name, strings.Join(known, ", "))
}

// rotaPeople finds the people that were named, who must be agents. It answers and returns nil when it cannot.
func (a *act) rotaPeople(ctx context.Context, words []string) ([]rota.PersonID, error) {
	if len(words) == 0 {
		return nil, a.misread(ctx, "Say who: /escalate rota %s people @ana @ben", a.rotaNames()[0])
	}
	var ids []rota.PersonID
	for _, word := range words {
		p, err := a.coverer(ctx, strings.TrimSuffix(word, ","))
		if p == nil || err != nil {
			return nil, err
		}
		to, err := identify(ctx, a.tx, a.policy, p.ID)
		if err != nil {
			return nil, err
		}
		if !to.role.atLeast(RoleAgent) {
			return nil, a.say(ctx, "Nothing was changed: %s is none of the agents.", to.Name)
		}
		ids = append(ids, rota.PersonID(p.ID))
	}
	return ids, nil
}

// turned is a list of people as a verb changes it; or why it cannot.
func turned(list, named []rota.PersonID, verb string) (people []rota.PersonID, why string) {
	people = slices.Clone(list)
	switch verb {
	case "people":
		return named, ""
	case "add":
		for _, id := range named {
			if slices.Contains(people, id) {
				return nil, string(id) + " is in it already"
			}
			people = append(people, id)
		}
		return people, ""
	case "remove":
		for _, id := range named {
			if !slices.Contains(people, id) {
				return nil, string(id) + " is not in it"
			}
			people = slices.DeleteFunc(people, func(p rota.PersonID) bool { return p == id })
		}
		if len(people) == 0 {
			return nil, "nobody would be left"
		}
		return people, ""
	}
	if len(named) != 2 || named[0] == named[1] {
		return nil, "a swap is of two people"
	}
	for i, id := range people {
		switch id {
		case named[0]:
			people[i] = named[1]
		case named[1]:
			people[i] = named[0]
		}
	}
	for _, id := range named {
		if !slices.Contains(list, id) {
			return nil, string(id) + " is not in it"
		}
	}
	return people, ""
}

// withNames puts names in the place of the ids of those who are in a rota, or are named.
func (a *act) withNames(ctx context.Context, r *rota.Rota, named []rota.PersonID, text string) string {
	ids := slices.Clone(named)
	for i := range r.Layers {
		ids = append(ids, r.Layers[i].People...)
	}
	var pairs []string
	for _, id := range ids {
		pairs = append(pairs, string(id), a.rotaName(ctx, id))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// rotaChange makes the next version of the policy, with other people in a layer, and says who is on then.
func (a *act) rotaChange(ctx context.Context, name string, layer int, people []rota.PersonID, did string) error {
	before := a.policy.Rotas[name]
	after, err := before.WithPeople(layer, people, a.tx.Now(), time.LoadLocation)
	if err != nil {
		return a.say(ctx, "Nothing was changed: %v", err)
	}
	version := a.policy.Version
	err = a.revise(ctx, revision{why: "rota " + name + " " + did, edit: func(p *escalate.Policy) { p.Rotas[name] = after }})
	if err != nil || a.ack.Answer == nil {
		return err
	}
	ans := a.ack.Answer
	ans.Text = a.withNames(ctx, &before, people, ans.Text)
	for i := range ans.Lines {
		ans.Lines[i].Text = a.withNames(ctx, &before, people, ans.Lines[i].Text)
	}
	if a.policy.Version == version {
		return nil
	}
	r, err := a.s.loadRoster(ctx, a.tx, a.policy, name)
	switch {
	case isFault(err):
		ans.Lines = append(ans.Lines, Line{Text: "Nobody can say who is on: " + err.Error()})
		return nil
	case err != nil:
		return err
	}
	ans.Lines = append(ans.Lines, Line{Head: name, Text: a.onWords(ctx, r) + " (your time, " + a.zoneWords() + ")"})
	return nil
}
