package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// question is what a simulation is asked for.
type question struct {
	budget float64
	words  string // as typed
	whatIf *whatIf
}

// whatIf is a change of the policy that is looked at before it is made.
type whatIf struct {
	words string
	edit  func(*escalate.Policy)
}

// next is the policy with the change.
func (w *whatIf) next(p *escalate.Policy) (*escalate.Policy, error) {
	next, err := p.Clone()
	if err != nil {
		return nil, err
	}
	w.edit(next)
	next.Version = p.Version + 1
	if len(escalate.Diff(p, next)) == 0 {
		return nil, errors.New("the policy says so already")
	}
	return next, next.Validate()
}

// usualBudget is the budget when neither the command nor the policy names one.
const usualBudget = 0.02

// parseQuestion reads "[budget 2%] [what-if CHANGE]".
func parseQuestion(p *escalate.Policy, args []string) (question, error) {
	q := question{budget: p.Budget, words: questionWords(args)}
	if len(args) > 0 && strings.EqualFold(args[0], "budget") {
		if len(args) == 1 {
			return q, errors.New("budget needs a share of wrong answers, such as 2%")
		}
		budget, err := parseBudget(args[1])
		if err != nil {
			return q, err
		}
		if budget == 0 {
			return q, errors.New("a simulation needs a budget, such as 2%")
		}
		q.budget, args = budget, args[2:]
	}
	if q.budget == 0 {
		q.budget = usualBudget
	}
	if len(args) == 0 {
		return q, nil
	}
	if !slices.Contains([]string{"what-if", "whatif"}, strings.ToLower(args[0])) {
		return q, fmt.Errorf("%q is neither budget nor what-if, which is what a simulation takes", args[0])
	}
	var err error
	q.whatIf, err = parseWhatIf(args[1:])
	return q, err
}

// questionWords is a simulation as it was asked for.
func questionWords(args []string) string {
	return strings.Join(append([]string{"simulate"}, args...), " ")
}

// parseWhatIf reads a change as the command that makes it is typed: "threshold [topic] 0.9", "exclude topic delivery",
// "promise [topic] 1%".
func parseWhatIf(args []string) (*whatIf, error) {
	w := &whatIf{words: strings.Join(args, " ")}
	var err error
	switch {
	case len(args) >= 2 && args[0] == "threshold":
		w.edit, err = thresholdWhatIf(args[1:])
	case len(args) >= 2 && args[0] == "promise":
		w.edit, err = promiseWhatIf(args[1:])
	case len(args) >= 2 && args[0] == "exclude":
		rest := args[1:]
		if rest[0] == "add" {
			rest = rest[1:]
		}
		if len(rest) < 2 {
			return nil, errors.New("say what to exclude, such as exclude topic delivery")
		}
		w.edit, err = exclusionEdit(rest[0], strings.Join(rest[1:], " "))
	default:
		return nil, errors.New("say what to try: what-if threshold, what-if promise or what-if exclude")
	}
	return w, err
}

// thresholdWhatIf reads what threshold reads, and also the number alone, which is the line for answers.
func thresholdWhatIf(args []string) (func(*escalate.Policy), error) {
	if !slices.Contains(args, "auto") && !slices.Contains(args, "draft") {
		args = slices.Insert(slices.Clone(args), len(args)-1, "auto")
	}
	topic, auto, draft, err := parseThreshold(args)
	if err != nil {
		return nil, err
	}
	return thresholdEdit(topic, auto, draft), nil
}

func promiseWhatIf(args []string) (func(*escalate.Policy), error) {
	budget, err := parseBudget(args[len(args)-1])
	if err != nil {
		return nil, err
	}
	return promiseEdit(strings.Join(args[:len(args)-1], " "), budget), nil
}
