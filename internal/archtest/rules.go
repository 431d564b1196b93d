package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Module is the path that all packages of the project begin with.
const Module = "warmline"

// Rule says what the packages that For names may import. A pattern is a package path below the module; "x/..." means x and
// everything below it.
type Rule struct {
	For       string
	May       []string // packages of this project
	Libraries bool     // modules other than this one and the standard library
	Refused   []string // packages of the standard library; nil refuses none
	Why       string   // what a person reads who broke the rule
}

// Rules is the house of DESIGN.md. Of several rules that match a package, the one with the longest For counts.
var Rules = []Rule{
	{
		For: "escalate/...", May: []string{"escalate/..."}, Refused: impure,
		Why: "the domain is pure: it takes time and facts as arguments and returns decisions",
	},
	{
		For: "escalate/calendar/...", May: []string{"escalate/calendar/..."}, Refused: impure,
		Why: "the domain's policy holds working hours, so they can know nothing of it; zones and holidays are given to them",
	},
	{
		For: "escalate/rota/...", May: []string{"escalate/calendar", "escalate/rota/..."}, Refused: impure,
		Why: "the domain's policy holds rotas, so they can know nothing of it; zones, user groups and overrides are given to them",
	},
	{
		For: "brain/...", May: []string{"escalate/...", "brain/..."}, Libraries: true,
		Why: "adapters know the domain and never each other; cmd/warmline ties them together",
	},
	{
		For: "brain/llm/...", May: []string{"escalate/...", "brain", "brain/llm/..."}, Libraries: true,
		Why: "the model is given its fallback and never imports it; what it may send is masked first",
	},
	{
		For: "bot/...", May: []string{"escalate/...", "bot/..."}, Libraries: true,
		Why: "adapters know the domain and never each other; cmd/warmline ties them together",
	},
	{
		For: "helpdesk/...", May: []string{"escalate/...", "helpdesk/..."}, Libraries: true,
		Why: "adapters know the domain and never each other; cmd/warmline ties them together",
	},
	{
		For: "helpdesk/builtin/...", May: []string{"escalate/...", "helpdesk", "helpdesk/builtin/..."}, Libraries: true,
		Why: "the built-in desk keeps a journal of its own, so that it outlives and can testify against the bot's store",
	},
	{
		For: "lookup/...", May: []string{"escalate/...", "helpdesk", "lookup/..."}, Libraries: true,
		Why: "a look-up is signed as a helpdesk's webhooks are, and shares nothing else with any adapter",
	},
	{
		For: "store/...", May: []string{"escalate/...", "store/..."}, Libraries: true,
		Why: "adapters know the domain and never each other; cmd/warmline ties them together",
	},
	{
		For: "store/storetest/...", May: []string{"escalate/...", "store/...", "internal/pgtest"}, Libraries: true,
		Why: "the store's suite may bring its own PostgreSQL, and knows no other adapter",
	},
	{
		For: "web/...", May: []string{"escalate/...", "web/..."}, Libraries: true,
		Why: "web mounts the handlers that it is given; it does not know where they come from",
	},
	{
		For: "simulate/...", May: []string{"escalate/...", "brain/...", "simulate/..."}, Libraries: true,
		Why: "a simulation replays history through brain and domain, and touches nothing that acts",
	},
	{
		For: "cmd/warmline/...", Libraries: true,
		May: []string{
			"cmd/warmline/...", "escalate/...", "brain/...", "bot/...", "helpdesk/...", "lookup/...", "store/...", "web/...",
			"simulate/...", "internal/helpdeskfile/...", "internal/holidays/...", "internal/localslack/...", "internal/policyfile/...",
		},
		Why: "the command ties everything together, except what only tests use",
	},
	{
		For: "internal/localslack/...", May: []string{"internal/localslack/..."}, Libraries: true,
		Why: "the workspace is Slack's side of the wire: it shares no code and no store with the bot",
	},
	{
		For: "internal/policyfile/...", May: []string{"escalate/...", "internal/policyfile/..."}, Libraries: true,
		Why: "the policy file is the domain's policy written as YAML, nothing more",
	},
	{
		For: "internal/helpdeskfile/...", May: []string{"internal/helpdeskfile/..."}, Libraries: true,
		Why: "the file names accounts and where their secrets are; which vendors there are the command knows",
	},
	{
		For: "internal/holidays/...", May: []string{"escalate/calendar", "internal/holidays/..."}, Libraries: true,
		Why: "public holidays are dates for a calendar, whoever works by it",
	},
	{
		For: "internal/netfault/...", May: []string{"internal/netfault/..."}, Libraries: true,
		Why: "faults know the network, not the project",
	},
	{
		For: "internal/judge/...", May: []string{"internal/judge/...", "internal/localslack/..."}, Libraries: true,
		Why: "a judge that shares code with the accused shares its bugs: it reads journals and the database only",
	},
	{
		For: "internal/pgtest/...", May: []string{"internal/pgtest/..."}, Libraries: true,
		Why: "the test server knows PostgreSQL, not the project",
	},
	{
		For: "internal/browsertest/...", May: []string{"internal/browsertest/..."}, Libraries: true,
		Why: "the test browser knows Chromium, not the project",
	},
	{
		For: "internal/archtest/...", Libraries: true,
		Why: "the rules read the project's sources and import none of them",
	},
}

// impure lists the packages of the standard library by which the domain could read or change the world. Time is not among
// them, because its types are the domain's words; that no clock is read is checked in the sources (ClockReads).
var impure = []string{
	"crypto/rand", "database/sql/...", "io/ioutil", "log", "math/rand/...", "net", "net/http/...", "net/rpc/...", "net/smtp",
	"net/textproto", "os/...", "plugin", "syscall/...", "unsafe",
}

// testOnly lists what may be imported by tests, and by nothing that ships. What is listed may import its own kind.
var testOnly = []string{
	"helpdesk/helpdesktest/...", "internal/archtest/...", "internal/browsertest/...", "internal/judge/...", "internal/netfault/...",
	"internal/pgtest/...", "store/storetest/...",
	"helpdesk/*/*test", // the vendors' fakes
}

// forTests lists what every test may import beyond its package's rule, besides all libraries and the standard library.
var forTests = []string{
	"helpdesk/builtin/...", "helpdesk/helpdesktest/...", "internal/browsertest/...", "internal/judge/...", "internal/localslack/...",
	"internal/netfault/...", "internal/pgtest/...", "store/storetest/...", "helpdesk/*/*test",
}

// Check returns why the package at path may not import the other one, or nil if it may. Paths are as go list prints them;
// inTest says that the import stands in a _test.go file.
func Check(path, imported string, inTest bool) error {
	rule, err := ruleFor(path)
	if err != nil {
		return err
	}
	target, inProject := below(imported)
	var reason string
	switch {
	case inProject && inTest && matchesAny(forTests, target):
		return nil
	case inProject && !inTest && matchesAny(testOnly, target) && !matchesAny(testOnly, trim(path)):
		reason = "only tests may import it; nothing that ships does"
	case inProject && !matchesAny(rule.May, target):
		reason = rule.Why
	case inProject || inTest:
		return nil
	case isLibrary(imported) && !rule.Libraries:
		reason = "it may import the standard library only; " + rule.Why
	case matchesAny(rule.Refused, imported):
		reason = rule.Why
	default:
		return nil
	}
	return fmt.Errorf("%s imports %s: %s", trim(path), trim(imported), reason)
}

func ruleFor(path string) (Rule, error) {
	var best Rule
	for _, r := range Rules {
		if matches(r.For, trim(path)) && len(r.For) > len(best.For) {
			best = r
		}
	}
	if best.For == "" {
		return best, fmt.Errorf("%s has no rule: say in internal/archtest/rules.go what it may import, and why", trim(path))
	}
	return best, nil
}

// below returns a path without the module, and whether it lies in the module at all.
func below(path string) (string, bool) {
	if path == Module {
		return "", true
	}
	return strings.CutPrefix(path, Module+"/")
}

func trim(path string) string {
	inside, _ := below(path)
	return inside
}

// isLibrary tells other modules from the standard library as the go command does: by a dot in the first element.
func isLibrary(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

func matches(pattern, name string) bool {
	if parent, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == parent || strings.HasPrefix(name, parent+"/")
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}
