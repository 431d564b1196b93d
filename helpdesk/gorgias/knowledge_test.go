package gorgias_test

import (
	"errors"
	"strings"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/gorgias/gorgiastest"
)

func articles(t *testing.T, c helpdesk.ArticleReader) (all []helpdesk.Article) {
	t.Helper()
	cursor := ""
	for range 100 {
		page, next, err := c.Articles(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		if all, cursor = append(all, page...), next; next == "" {
			return all
		}
	}
	t.Fatal("the help centre has no end")
	return nil
}

// TestTheHelpCentreIsReadAsAnybodyReadsIt holds the reading of articles to taking no credentials along.
func TestTheHelpCentreIsReadAsAnybodyReadsIt(t *testing.T) {
	fake, c := account(t, nil)
	want := fake.Fixture(c).Articles
	if got := articles(t, c); len(got) != len(want) || fake.Leaked() != 0 {
		t.Errorf("%d articles, want %d; %d requests came with credentials", len(got), len(want), fake.Leaked())
	}
}

func TestAnArticleThatComesMeanwhileMovesNoOther(t *testing.T) {
	fake, c := account(t, nil)
	want := fake.Fixture(c).Articles
	page, next, err := c.Articles(t.Context(), "")
	if err != nil || next == "" {
		t.Fatal(next, err)
	}
	fake.Pages["/llms.txt"] = strings.Replace(fake.Pages["/llms.txt"], "## Articles\n", "## Articles\n- [New](/en-US/a-9.md)\n", 1)
	fake.Pages["/en-US/a-9.md"] = "# New\n\nNews."
	for next != "" {
		var more []helpdesk.Article
		if more, next, err = c.Articles(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		page = append(page, more...)
	}
	if len(page) != len(want) {
		t.Errorf("%d articles, want the %d that were there at the beginning", len(page), len(want))
	}
}

func TestWithoutAHelpCentreThereAreNoArticles(t *testing.T) {
	fake, _ := account(t, nil)
	if got := articles(t, trusting(t, fake, nil)); len(got) != 0 {
		t.Errorf("got %d", len(got))
	}
}

func TestAHelpCentreThatIsNotThereIsAnError(t *testing.T) {
	fake, c := account(t, nil)
	if _, _, err := c.Articles(t.Context(), ""); !errors.Is(err, desk.ErrNotFound) { // else all articles would count as gone
		t.Errorf("no list of articles: %v", err)
	}
	found, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := found[len(found)-1]; f.OK || !strings.Contains(f.Says, "help_center") {
		t.Errorf("checked: %+v", f)
	}
	fake.Pages = map[string]string{"/llms.txt": "<!doctype html><p>Welcome</p>"}
	if _, _, err := c.Articles(t.Context(), ""); err == nil {
		t.Error("a page of HTML passes for a list without articles")
	}
}

func TestCheckSaysWhatIsMissing(t *testing.T) {
	for name, change := range map[string]func(*gorgiastest.Fake){
		"users": func(f *gorgiastest.Fake) { f.NotListed = true }, "HTTP integrations": func(f *gorgiastest.Fake) { f.NotAdmin = true },
		"replies": func(f *gorgiastest.Fake) { f.Roles = map[string]string{gorgiastest.Me.ID: "observer-agent"} },
	} {
		fake, c := account(t, change)
		fake.Fixture(c)
		found, err := c.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.OK != (f.What != name) || f.Says == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}
