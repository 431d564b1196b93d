package rota

import "fmt"

// String says the reason in words that follow a person's name; people are named by their ids.
func (w Why) String() string {
	switch w.Source {
	case ByTurn:
		return "whose turn it is in " + w.Layer
	case ByLayer:
		return "who is on with all of " + w.Layer
	case ByCover:
		if w.Layer == "" { // of who took over, or was added
			return fmt.Sprintf("who covers %s", w.Instead)
		}
		return fmt.Sprintf("who covers %s in %s", w.Instead, w.Layer)
	case ByTakeOver:
		return "who took over from everybody"
	case ByAdd:
		return "who was added"
	}
	return "for a reason that is not known"
}

// The words in which Overlap speaks of an override.
func (o *Override) String() string {
	switch o.Kind {
	case Cover:
		return fmt.Sprintf("%s covers %s", o.Person, o.Instead)
	case TakeOver:
		return fmt.Sprintf("%s takes over", o.Person)
	case Add:
		return fmt.Sprintf("%s is added", o.Person)
	case Off:
		return fmt.Sprintf("%s is off", o.Person)
	}
	return fmt.Sprintf("%q of %s", o.Kind, o.Person)
}
