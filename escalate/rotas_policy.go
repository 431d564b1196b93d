package escalate

import (
	"errors"

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
			cs.add(false, "rota %s changed", name)
		}
	}
}
