package simulate_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
	"warmline/simulate"
)

var update = flag.Bool("update", false, "write the golden files anew")

func report(t *testing.T, r *simulate.Result, o simulate.ReportOptions) *simulate.Report {
	t.Helper()
	rep, err := r.Report(o)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func small() simulate.Options {
	past := world{answers: 40, rows: 2500, dated: true}.past()
	for i := 2400; i < 2420; i++ { // nobody knows what to say to these
		past[i] = solved(past[i].ID, "does the watering valve freeze in winter "+word(i%40, i%9), "")
		past[i].Created = began.Add(time.Duration(i) * time.Hour)
	}
	return simulate.Options{
		Past: past, Budget: 0.1, Macros: []brain.Macro{{ID: "answer-01", Title: "How to return a parcel"}},
	}
}

func TestReportsAreTheSameBytesForTheSameSeed(t *testing.T) {
	write := func(seed string) (out [4]string) {
		o := small()
		o.Seed = seed
		rep := report(t, run(t, o), simulate.ReportOptions{Team: "Mossbrook"})
		for i, f := range []func(*bytes.Buffer) error{
			func(b *bytes.Buffer) error { return rep.WriteJSON(b) }, func(b *bytes.Buffer) error { return rep.WriteText(b) },
			func(b *bytes.Buffer) error { return rep.WriteHTML(b) }, func(b *bytes.Buffer) error { return rep.WritePNG(b) },
		} {
			var b bytes.Buffer
			if err := f(&b); err != nil {
				t.Fatal(err)
			}
			out[i] = b.String()
		}
		return out
	}
	first, again, other := write("1"), write("1"), write("2")
	for i, name := range []string{"JSON", "text", "HTML", "PNG"} {
		if first[i] != again[i] {
			t.Errorf("%s differs between two runs with one seed", name)
		}
	}
	if first[0] == other[0] {
		t.Error("another seed leaves out the same answers")
	}
	picture, err := png.Decode(strings.NewReader(first[3]))
	if err != nil {
		t.Fatal(err)
	}
	if b := picture.Bounds(); b.Dx() != 1200 || b.Dy() != 675 {
		t.Errorf("picture of %v", b)
	}
}

func TestReportsReadAsBefore(t *testing.T) {
	rep := report(t, run(t, small()), simulate.ReportOptions{Team: "Mossbrook", At: began})
	for _, f := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{"report.txt", func(b *bytes.Buffer) error { return rep.WriteText(b) }},
		{"report.json", func(b *bytes.Buffer) error { return rep.WriteJSON(b) }},
	} {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", f.name)
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s differs from testdata (run with -update if that is meant):\n%s", f.name, d)
		}
	}
}

func TestTextFitsATerminal(t *testing.T) {
	var b bytes.Buffer
	if err := report(t, run(t, small()), simulate.ReportOptions{}).WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// Tickets are untrusted: what a customer wrote must stay words in every report.
func TestHostileTextStaysWords(t *testing.T) {
	evil := "<script>alert(1)</script> <img src=x onerror=alert(2)> \x1b[31m\x07 javascript:alert(3) \u202e \"' </title></style>"
	o := small()
	for i := range o.Past {
		p := &o.Past[i]
		p.Content.Messages[0].Text += " " + evil
		p.Content.Messages[1].Text += " " + evil
		p.Content.Category += evil
		p.ID += evil
	}
	o.Macros = []brain.Macro{{ID: "answer-01", Title: evil}}
	rep := report(t, run(t, o), simulate.ReportOptions{Team: evil})
	var page, text bytes.Buffer
	if err := rep.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if err := rep.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)<(script|img|iframe|object|embed|link|base|form)\b|<[^>]*\s(src|href|on\w+)\s*=`).FindString(page.String()); found != "" {
		t.Errorf("the page holds %q", found)
	}
	if outside := regexp.MustCompile(`https?://|//[a-z]|@import|url\(`).FindString(page.String()); outside != "" {
		t.Errorf("the page reaches outside: %q", outside)
	}
	if strings.Count(page.String(), "</title>") != 1 || !strings.Contains(page.String(), "default-src 'none'") {
		t.Error("the page's head was broken into")
	}
	for _, r := range text.String() {
		if unicode.IsControl(r) && r != '\n' {
			t.Fatalf("the text holds the control character %q", r)
		}
	}
}

func TestWhatIfCountsEveryTicketOnce(t *testing.T) {
	r := run(t, small())
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	p.Exclusions = []escalate.Exclusion{{ID: "x1", Topic: "topic-1", Then: escalate.ExcludeCard}}
	c := r.WhatIf(p)
	toHuman := 0
	for _, m := range c.Moves {
		if m.To == escalate.WayAuto {
			t.Errorf("an exclusion let more through: %+v", m)
		}
		if m.From == escalate.WayAuto {
			toHuman += m.Tickets
			for _, x := range m.Examples {
				if x.Topic != "topic-1" {
					t.Errorf("moved %s of %s", x.ID, x.Topic)
				}
			}
		}
	}
	if c.Now.Tickets != 500 || c.Now.Auto-c.Then.Auto != toHuman || toHuman == 0 {
		t.Errorf("now %+v, then %+v, %d moved", c.Now, c.Then, toHuman)
	}
	if want := " of 500 tickets would move from auto to a human, 0 the other way"; !strings.Contains(c.Words, want) {
		t.Errorf("says %q", c.Words)
	}
	if same := r.WhatIf(func() *escalate.Policy { p := escalate.DefaultPolicy(); p.Stage = escalate.StageAuto; return p }()); len(same.Moves) > 0 {
		t.Errorf("the same policy moves %+v", same.Moves)
	}
}

func TestEveryWrongAnswerComesWithAWayOut(t *testing.T) {
	rep := report(t, run(t, small()), simulate.ReportOptions{})
	if len(rep.Wrong) == 0 {
		t.Fatal("none of the answers is wrong")
	}
	last := 1.0
	for _, c := range rep.Wrong {
		if c.Right || !c.Judged || c.Confidence > last {
			t.Errorf("listed %+v after one of %v", c, last)
		}
		last = c.Confidence
		if c.Fix == "" || !strings.HasPrefix(c.Exclude, "/escalate exclude add topic topic-") || c.Source == nil {
			t.Errorf("%s: fix %q, exclude %q, source %v", c.ID, c.Fix, c.Exclude, c.Source)
		}
	}
}

func TestQuestionsThatNobodyAnswersAreGrouped(t *testing.T) {
	rep := report(t, run(t, small()), simulate.ReportOptions{})
	if len(rep.Gaps) == 0 || rep.Gaps[0].Tickets < 15 || !strings.Contains(strings.Join(rep.Gaps[0].Words, " "), "valve") {
		t.Fatalf("gaps %+v", rep.Gaps)
	}
	if len(rep.Gaps[0].Questions) == 0 || len(rep.Gaps[0].IDs) != rep.Gaps[0].Tickets {
		t.Errorf("gap %+v", rep.Gaps[0])
	}
}

func TestJSONCanBeReadBack(t *testing.T) {
	rep := report(t, run(t, small()), simulate.ReportOptions{})
	var b bytes.Buffer
	if err := rep.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back simulate.Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rep.Recommended, back.Recommended); d != "" {
		t.Error(d)
	}
}
