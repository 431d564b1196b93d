package helpdesktest

import (
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// able skips a test of a row that the vendor lacks, in its own words, and returns the connector.
func able(c *contract, row helpdesk.Row) helpdesk.Connector {
	c.t.Helper()
	k, ok := c.Desk.(helpdesk.Connector)
	if !ok {
		c.t.Skip("SKIPPED: this helpdesk is no helpdesk.Connector")
	}
	for _, a := range k.Abilities() {
		if a.Row == row && !a.Has {
			c.t.Skipf("SKIPPED: no %s here: %s", row, a.Says)
		}
	}
	return k
}

// saysWhatItCan holds an account to saying of every row how it does it, or what it lacks.
func saysWhatItCan(c *contract) {
	t := c.t
	k := able(c, "")
	var rows []helpdesk.Row
	has := make(map[helpdesk.Row]bool)
	for _, a := range k.Abilities() {
		rows = append(rows, a.Row)
		has[a.Row] = a.Has
		if a.Says == "" {
			t.Errorf("of %s it says nothing", a.Row)
		}
	}
	if !slices.Equal(rows, helpdesk.Rows()) {
		t.Errorf("rows: got %q, want all in order: %q", rows, helpdesk.Rows())
	}
	_, macros := k.(helpdesk.MacroReader)
	_, articles := k.(helpdesk.ArticleReader)
	_, files := k.(desk.FileReader)
	_, registers := k.(helpdesk.Registrar)
	_, past := k.(helpdesk.Archive)
	_, opens := k.(desk.Opener)
	want(t, "macros", has[helpdesk.RowMacros], macros)
	want(t, "articles", has[helpdesk.RowArticles], articles)
	want(t, "files", has[helpdesk.RowFiles], files && k.Limits().MaxFiles > 0)
	want(t, "register", has[helpdesk.RowRegister], registers)
	want(t, "past", has[helpdesk.RowPast], past)
	want(t, "open", has[helpdesk.RowOpen], opens)
	want(t, "stamps", has[helpdesk.RowStamp], k.Limits().Stamps)
}

// checksAccount holds an account to finding nothing wrong where nothing is.
func checksAccount(c *contract) {
	t := c.t
	found, err := able(c, "").Check(t.Context())
	if err != nil || len(found) == 0 {
		t.Fatalf("check: %d findings, %v", len(found), err)
	}
	for _, f := range found {
		if !f.OK || f.What == "" || f.Says == "" {
			t.Errorf("finding %+v", f)
		}
	}
}

func tellsNumber(c *contract) {
	t, f := c.t, c.Fixture
	t.Helper()
	id := f.Create(t, first)
	number := ""
	if f.Number != nil {
		number = f.Number(t, id)
	}
	want(t, "number", read(t, f, id).Content.Number, number)
}

func setsPriority(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowPriority)
	id := f.Create(t, first)
	for _, p := range []escalate.Priority{escalate.PriorityUrgent, escalate.PriorityHigh, escalate.PriorityLow, escalate.PriorityNormal} {
		write(t, f, id, desk.Write{Kind: desk.WritePriority, Key: "job-priority", Priority: p})
		want(t, "priority", read(t, f, id).Content.Priority, p)
	}
}

func readsDeadlines(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowDeadlines)
	if f.Due == nil {
		t.Fatal("the fixture sets no deadlines")
	}
	id := f.Create(t, first)
	if got := read(t, f, id).Deadlines; got != (desk.Deadlines{}) {
		t.Errorf("a ticket without deadlines has %+v", got)
	}
	due := f.Due(t, id)
	got := read(t, f, id).Deadlines
	for _, d := range []struct {
		name      string
		got, want time.Time
	}{
		{"first response", got.FirstResponse, due.FirstResponse},
		{"next response", got.NextResponse, due.NextResponse},
		{"resolution", got.Resolution, due.Resolution},
	} {
		if !d.got.Equal(d.want) {
			t.Errorf("%s: got %s, want %s", d.name, d.got, d.want)
		}
	}
}

func followsMerge(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowMerges)
	if f.Merge == nil {
		t.Fatal("the fixture merges nothing")
	}
	from, into := f.Create(t, first), f.Create(t, first)
	f.Merge(t, from, into)
	s := read(t, f, from)
	want(t, "status", s.Status, escalate.StatusGone)
	want(t, "merged into", s.Merged, into)
	want(t, "status of the other", read(t, f, into).Merged, "")
}

func readsMacros(c *contract) {
	t, f := c.t, c.Fixture
	k := able(c, helpdesk.RowMacros).(helpdesk.MacroReader) //nolint:forcetypeassert // saysWhatItCan holds it to that
	got := pages(t, func(cursor string) ([]helpdesk.Macro, string, error) { return k.Macros(t.Context(), cursor) })
	if !slices.Equal(got, f.Macros) || len(got) == 0 {
		t.Errorf("macros: got %+v, want %+v", got, f.Macros)
	}
}

func readsArticles(c *contract) {
	t, f := c.t, c.Fixture
	k := able(c, helpdesk.RowArticles).(helpdesk.ArticleReader) //nolint:forcetypeassert // saysWhatItCan holds it to that
	got := pages(t, func(cursor string) ([]helpdesk.Article, string, error) { return k.Articles(t.Context(), cursor) })
	if !slices.Equal(got, f.Articles) || len(got) == 0 {
		t.Errorf("articles: got %+v, want the public ones: %+v", got, f.Articles)
	}
}

func listsPast(c *contract) {
	t, f := c.t, c.Fixture
	k := able(c, helpdesk.RowPast).(helpdesk.Archive) //nolint:forcetypeassert // saysWhatItCan holds it to that
	wanted := make(map[string]bool)
	const tickets = 130 // beyond one page
	for range tickets {
		wanted[f.Create(t, first)] = true
	}
	var got []string
	for _, id := range pages(t, func(cursor string) ([]string, string, error) {
		return k.Past(t.Context(), time.Now().Add(-240*time.Hour), cursor)
	}) {
		if !slices.Contains(got, id) {
			got = append(got, id)
		}
		delete(wanted, id)
	}
	want(t, "tickets missed", len(wanted), 0)
	want(t, "tickets found", len(got), tickets)
}

// pages reads a list from its beginning to its end.
func pages[T any](t *testing.T, page func(cursor string) ([]T, string, error)) (all []T) {
	t.Helper()
	cursor := ""
	for range 1000 {
		some, next, err := page(cursor)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
		if next == "" {
			return all
		}
		cursor = next
	}
	t.Fatal("the list has no end")
	return nil
}
