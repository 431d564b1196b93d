package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// goPackage is what go list says of a package, as far as the rules need it.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	// -e: a package that does not compile right now still has imports to judge.
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = root
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestPackagesImportOnlyWhatTheirRuleAllows(t *testing.T) {
	all := packages(t)
	if len(all) == 0 {
		t.Fatal("go list found no package")
	}
	for _, p := range all {
		if _, err := ruleFor(p.ImportPath); err != nil {
			t.Error(err)
			continue
		}
		for _, imported := range p.Imports {
			if err := Check(p.ImportPath, imported, false); err != nil {
				t.Error(err)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if imported == p.ImportPath {
				continue // package x_test imports x
			}
			if err := Check(p.ImportPath, imported, true); err != nil {
				t.Errorf("in a test, %v", err)
			}
		}
	}
}

func TestDomainReadsNoClock(t *testing.T) {
	err := filepath.WalkDir(filepath.Join(root, "escalate"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		reads, err := ClockReads(path, nil)
		for _, read := range reads {
			t.Errorf("%s: take now as an argument", read)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTopLevelFoldersAreThoseOfTheDesign(t *testing.T) {
	design := []string{"bot", "brain", "cmd", "docs", "escalate", "helpdesk", "internal", "lookup", "simulate", "store", "web"}
	const built = "bin" // what make builds; git ignores it

	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() && !strings.HasPrefix(name, ".") && name != built && !slices.Contains(design, name) {
			t.Errorf("top-level folder %s: a new one needs a decision in docs/adr", name)
		}
	}
}

// The rules themselves, on packages that need not exist.
func TestCheck(t *testing.T) {
	const allowed = ""
	for _, tc := range []struct {
		path, imported string
		inTest         bool
		want           string // part of the reason, or allowed
	}{
		{"escalate", "time", false, allowed},
		{"escalate", "net/url", false, allowed},
		{"escalate/desk", "warmline/escalate", false, allowed},
		{"escalate/desk", "log/slog", false, allowed},
		{"escalate", "os", false, "pure"},
		{"escalate", "os/exec", false, "pure"},
		{"escalate", "database/sql", false, "pure"},
		{"escalate", "database/sql/driver", false, "pure"},
		{"escalate/desk", "net/http", false, "pure"},
		{"escalate", "github.com/oklog/ulid/v2", false, "standard library only"},
		{"escalate", "warmline/store", false, "pure"},
		{"escalate/desk", "warmline/brain/local", false, "pure"},
		{"escalate", "warmline/escalate/calendar", false, allowed},
		{"escalate/calendar", "warmline/escalate", false, "the domain's policy holds working hours"},
		{"escalate/calendar", "github.com/rickar/cal/v2", false, "standard library only"},
		{"escalate/calendar", "os", false, "zones and holidays are given"},
		{"escalate", "warmline/escalate/rota", false, allowed},
		{"escalate/rota", "warmline/escalate/calendar", false, allowed},
		{"escalate/rota", "warmline/escalate", false, "the domain's policy holds rotas"},
		{"escalate/rota", "math/rand/v2", false, "the domain's policy holds rotas"},
		{"escalate", "os", true, allowed},
		{"escalate", "github.com/google/go-cmp/cmp", true, allowed},
		{"escalate/desk", "warmline/store/storetest", true, allowed},
		{"escalate/desk", "warmline/store", true, "pure"},

		{"brain", "warmline/escalate", false, allowed},
		{"brain/local", "warmline/brain", false, allowed},
		{"brain/llm", "warmline/brain", false, allowed},
		{"brain/llm", "warmline/brain/local", false, "fallback"},
		{"brain/llm", "github.com/sashabaranov/go-openai", false, allowed},
		{"brain", "warmline/store", false, "never each other"},
		{"bot/card", "warmline/escalate", false, allowed},
		{"bot", "warmline/bot/card", false, allowed},
		{"bot", "warmline/helpdesk", false, "never each other"},
		{"bot", "warmline/store/queue", false, "never each other"},
		{"bot", "warmline/cmd/warmline", false, "never each other"},
		{"bot", "warmline/internal/localslack", false, "never each other"},
		{"bot", "warmline/internal/localslack", true, allowed},
		{"helpdesk/zendesk", "warmline/helpdesk", false, allowed},
		{"helpdesk", "warmline/web", false, "never each other"},
		{"helpdesk/builtin", "warmline/helpdesk", false, allowed},
		{"helpdesk/builtin", "warmline/helpdesk/zendesk", false, "journal of its own"},
		{"helpdesk/builtin", "warmline/store", false, "journal of its own"},
		{"helpdesk/builtin", "warmline/store", true, "journal of its own"},
		{"lookup", "warmline/helpdesk", false, allowed},
		{"lookup", "warmline/helpdesk/builtin", false, "signed as a helpdesk's webhooks"},
		{"lookup", "warmline/brain", false, "signed as a helpdesk's webhooks"},
		{"store", "warmline/store/queue", false, allowed},
		{"store", "warmline/store/storetest", false, "only tests"},
		{"store", "warmline/store/storetest", true, allowed},
		{"store/storetest", "warmline/store", false, allowed},
		{"store/storetest", "warmline/internal/pgtest", false, allowed},
		{"store/storetest", "warmline/helpdesk", false, "no other adapter"},
		{"web", "warmline/bot", false, "handlers that it is given"},
		{"simulate", "warmline/brain/local", false, allowed},
		{"simulate", "warmline/store", false, "touches nothing"},

		{"cmd/warmline", "warmline/simulate", false, allowed},
		{"cmd/warmline", "warmline/cmd/warmline/demo", false, allowed},
		{"cmd/warmline", "warmline/internal/localslack/page", false, allowed},
		{"cmd/warmline", "warmline/helpdesk/helpdesktest", false, "only tests"},
		{"cmd/warmline", "warmline/internal/pgtest", false, "only tests"},
		{"cmd/warmline", "warmline/internal/pgtest", true, allowed},
		{"cmd/warmline", "warmline/internal/judge", true, allowed},

		{"internal/localslack", "warmline/store", false, "Slack's side"},
		{"internal/localslack", "warmline/escalate", false, "Slack's side"},
		{"internal/localslack", "warmline/internal/localslack/page", false, allowed},
		{"internal/policyfile", "warmline/escalate", false, allowed},
		{"internal/policyfile", "go.yaml.in/yaml/v4", false, allowed},
		{"internal/policyfile", "warmline/store", false, "nothing more"},
		{"internal/holidays", "warmline/escalate/calendar", false, allowed},
		{"internal/holidays", "github.com/rickar/cal/v2", false, allowed},
		{"internal/holidays", "warmline/escalate", false, "dates for a calendar"},
		{"cmd/warmline", "warmline/internal/holidays", false, allowed},
		{"internal/judge", "warmline/internal/localslack", false, allowed},
		{"internal/judge", "github.com/jackc/pgx/v5", false, allowed},
		{"internal/judge", "warmline/store", false, "accused"},
		{"internal/judge", "warmline/escalate", false, "accused"},
		{"internal/netfault", "warmline/bot", false, "not the project"},
		{"internal/pgtest/with", "warmline/internal/pgtest", false, allowed},
		{"internal/archtest", "warmline/escalate", false, "import none"},

		{"util", "strings", false, "has no rule"},
		{"internal/helpers", "strings", false, "has no rule"},
		{"storefront", "warmline/store", false, "has no rule"},
	} {
		err := Check(Module+"/"+tc.path, tc.imported, tc.inTest)
		switch {
		case tc.want == allowed && err != nil:
			t.Errorf("refused: %v", err)
		case tc.want != allowed && (err == nil || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s imports %s (in a test: %v): got %v, want a refusal that says %q", tc.path, tc.imported, tc.inTest, err, tc.want)
		}
	}
}

func TestClockReads(t *testing.T) {
	for _, tc := range []struct {
		name, src string
		want      []string
	}{
		{"a call", `import "time"; var t = time.Now()`, []string{"x.go:1: time.Now"}},
		{"handed on", `import "time"; var now = time.Now`, []string{"x.go:1: time.Now"}},
		{"by another name", `import clock "time"; var t = clock.Since(clock.Time{})`, []string{"x.go:1: time.Since"}},
		{"until", `import "time"; func f(t time.Time) any { return time.Until(t) }`, []string{"x.go:1: time.Until"}},
		{"only the types", `import "time"; func f(now time.Time) time.Duration { return now.Sub(time.Time{}) }`, nil},
		{"another Now", `type tx struct{ Now func() int }; func f(time tx) int { return time.Now() }`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ClockReads("x.go", "package x; "+tc.src)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}
