package escalate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"warmline/escalate/rota"
)

// rotas checks who is on when.
func (fs *faults) rotas(rotas rota.Rotas) {
	joined, ok := rotas.Validate().(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, e := range joined.Unwrap() {
		if f, ok := errors.AsType[*rota.Fault](e); ok {
			fs.add("rotas."+f.Path, "%s", f.What)
		}
	}
}

// rotas names the rotas that differ. None of it lets the machine do more.
func (cs *changes) rotas(from, to rota.Rotas) {
	for _, name := range bothKeys(from, to) {
		a, was := from[name]
		b, is := to[name]
		switch {
		case !is:
			cs.add(false, "rota %s is gone", name)
		case !was:
			cs.add(false, "rota %s is new", name)
		case !sameJSON(a, b):
			cs.layers(name, &a, &b)
		}
	}
}

// layers names the people of layers that differ, and says so when there is more.
func (cs *changes) layers(name string, a, b *rota.Rota) {
	rest := *b
	if len(a.Layers) == len(b.Layers) {
		rest.Layers = slices.Clone(b.Layers)
		for i := range a.Layers {
			x, y := &a.Layers[i], &rest.Layers[i]
			if x.Name != y.Name || slices.Equal(x.People, y.People) {
				continue
			}
			layer := cmp.Or(x.Name, fmt.Sprint("layer ", i+1))
			cs.add(false, "rota %s, %s: %s → %s", name, layer, peopleWords(x.People), peopleWords(y.People))
			y.People, y.Rotation.Start = x.People, x.Rotation.Start // which keeps the present turn
		}
	}
	if !sameJSON(*a, rest) {
		cs.add(false, "rota %s changed", name)
	}
}

func peopleWords(ids []rota.PersonID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return listed(words)
}
