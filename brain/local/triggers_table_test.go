package local_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/escalate"
)

// row is one line of testdata/triggers: what must fire a trigger, or must not.
type row struct {
	name, text string
	want       bool
}

// rows reads a table: "@ name" begins the rows of a trigger, a risk by its topic; "+ text" must fire it, "- text" must not.
func rows(t *testing.T, path string) []row {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []row
	name := ""
	for in := bufio.NewScanner(f); in.Scan(); {
		sign, text, ok := strings.Cut(in.Text(), " ")
		switch {
		case ok && sign == "@":
			name = text
		case ok && name != "" && (sign == "+" || sign == "-"):
			out = append(out, row{name, text, sign == "+"})
		default:
			t.Fatalf("%s: cannot read %q", path, in.Text())
		}
	}
	return out
}

func tables(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/triggers/*.txt")
	if err != nil || len(paths) != 11 {
		t.Fatalf("tables %v: %v", paths, err)
	}
	return paths
}

func TestTriggersFireAndNearMissesDoNot(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for _, path := range tables(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			for _, r := range rows(t, path) {
				if fired := fires(assess(t, b, ticket("c: "+r.text)), r.name); fired != r.want {
					t.Errorf("%s fired = %v: %s", r.name, fired, r.text)
				}
			}
		})
	}
}

// A look-alike fires nothing else either: a customer who asks for their order is neither a lawyer nor in danger.
func TestNearMissesFireNoOtherTrigger(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for _, path := range tables(t) {
		for _, r := range rows(t, path) {
			if r.want || r.name == "suspicious" {
				continue
			}
			for _, s := range assess(t, b, ticket("c: "+r.text)).Signals {
				if s.Strength >= escalate.FireStrength && s.Kind != escalate.Anger {
					t.Errorf("%s %s fires at %q", s.Kind, s.Topic, r.text)
				}
			}
		}
	}
}

// Every language is held to as many ways of saying it as the others.
func TestEveryLanguageHasItsRows(t *testing.T) {
	least := func(name string) (yes, no int) {
		switch name {
		case "human_request":
			return 12, 8
		case "safety":
			return 8, 5
		}
		return 4, 2
	}
	for _, lang := range []string{"en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh"} {
		yes, no := map[string]int{}, map[string]int{}
		for _, r := range rows(t, filepath.Join("testdata", "triggers", lang+".txt")) {
			if r.want {
				yes[r.name]++
			} else {
				no[r.name]++
			}
		}
		for _, name := range append([]string{"human_request", "safety"}, escalate.Risks...) {
			if y, n := least(name); yes[name] < y || no[name] < n {
				t.Errorf("%s %s has %d rows that fire and %d that do not, fewer than %d and %d", lang, name, yes[name], no[name], y, n)
			}
		}
	}
}
