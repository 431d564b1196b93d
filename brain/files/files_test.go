package files_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/files"
	"warmline/escalate"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func tickets(t *testing.T, o files.Options, path string) ([]brain.Past, error) {
	t.Helper()
	var out []brain.Past
	err := o.Tickets(path, func(_ int, p brain.Past) error { out = append(out, p); return nil })
	return out, err
}

const table = "Ticket ID;Betreff;Nachricht;Antwort;Kategorie;Erstellt am;Sprache;E-Mail;Regal\r\n" +
	"7;Lampe;\"Sie ist kaputt;\nwas nun, \"\"Freunde\"\"?\";Wir tauschen sie;defekt;02.06.2026 11:16;Deutsch;ina@kunde.example;B4\r\n"

func wantTable() []brain.Past {
	at := time.Date(2026, 6, 2, 11, 16, 0, 0, time.UTC)
	return []brain.Past{{
		ID: "7", Lang: "de", Created: at,
		Content: escalate.Content{
			Subject: "Lampe", Category: "defekt", Customer: escalate.Customer{Email: "ina@kunde.example"},
			Messages: []escalate.Message{
				{ID: "0", Role: "customer", Email: "ina@kunde.example", Text: "Sie ist kaputt;\nwas nun, \"Freunde\"?", Public: true, At: at},
				{ID: "1", Role: "agent", Text: "Wir tauschen sie", Public: true},
			},
		},
	}}
}

func TestATableIsReadWithoutAMappingWhenItsColumnsHaveUsualNames(t *testing.T) {
	for name, text := range map[string]string{
		"plain.csv":    table,
		"marked.csv":   "\xef\xbb\xbf" + table,
		"utf16.csv":    utf16LE(table),
		"no-ending":    table,
		"packed.csv":   packed(t, table),
		"tabs.tsv":     strings.ReplaceAll(strings.ReplaceAll(table, ";", "\t"), "kaputt\t", "kaputt;"),
		"one-line.csv": strings.TrimSuffix(table, "\r\n"),
	} {
		got, err := tickets(t, files.Options{}, write(t, name, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(wantTable(), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestATableTellsBrandAndValue(t *testing.T) {
	const text = "id,question,Brand,Order value\n1,Broken.,North,1250.5\n2,Broken.,,\n3,Broken.,South,\"1.234,50\"\n"
	got, err := tickets(t, files.Options{}, write(t, "t.csv", text))
	if err != nil || len(got) != 3 {
		t.Fatalf("%d tickets, %v", len(got), err)
	}
	for i, want := range []escalate.Content{{Brand: "North", Value: 1250.5}, {}, {Brand: "South"}} {
		if c := got[i].Content; c.Brand != want.Brand || c.Value != want.Value {
			t.Errorf("ticket %d: got %q and %v, want %q and %v", i+1, c.Brand, c.Value, want.Brand, want.Value)
		}
	}
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func packed(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONLinesComeFromAFileOrStandardInputPackedOrNot(t *testing.T) {
	const line = `{"id":"a","messages":[{"role":"customer","text":"hello"}]}` + "\n"
	for name, o := range map[string]struct {
		files.Options
		path string
	}{
		"file":   {path: write(t, "h.jsonl", line)},
		"gz":     {path: write(t, "h.jsonl.gz", packed(t, line))},
		"-":      {files.Options{Stdin: strings.NewReader(line)}, "-"},
		"- gz":   {files.Options{Stdin: strings.NewReader(packed(t, line))}, "-"},
		"marked": {path: write(t, "h.jsonl", "\xef\xbb\xbf"+line)},
	} {
		got, err := tickets(t, o.Options, o.path)
		if err != nil || len(got) != 1 || got[0].ID != "a" || got[0].Content.Messages[0].Text != "hello" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAnOldSpreadsheetsLettersAreRead(t *testing.T) {
	got, err := tickets(t, files.Options{}, write(t, "old.csv", "id,question,reply\n1,M\xfcller \x80 5,Gr\xfc\xdfe\n2,Müller,Grüße\n"))
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if got[0].Content.Messages[0].Text != "Müller € 5" || got[0].Reply() != "Grüße" || got[1].Reply() != "Grüße" {
		t.Errorf("read %q, %q, %q", got[0].Content.Messages[0].Text, got[0].Reply(), got[1].Reply())
	}
}

const mapping = `
tickets: {id: Nr, question: What they wrote, reply: What we wrote, answer_id: Which macro}
date: month-first
delimiter: "|"
`

func TestAMappingNamesColumnsAndTheRestIsKeptWhenWanted(t *testing.T) {
	m, err := files.ReadMap(write(t, "map.yaml", mapping))
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "export.csv", "Nr|What they wrote|What we wrote|Which macro|Created|Shelf\n9|a, b; c|d|m1|3/4/2026|B4\n")
	got, err := tickets(t, files.Options{Map: m, Extra: true}, path)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	p := got[0]
	if p.ID != "9" || p.Content.Messages[0].Text != "a, b; c" || p.Reply() != "d" || p.Gold.AnswerID != "m1" {
		t.Errorf("read %+v", p)
	}
	if !p.Created.Equal(time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)) || string(p.Extra["Shelf"]) != `"B4"` {
		t.Errorf("created %v, extra %v", p.Created, p.Extra)
	}
}

func TestAMappingThatFitsNothingSaysSo(t *testing.T) {
	for text, want := range map[string]string{
		"tickets: {identity: Nr}":  `tickets: no column of ours is called "identity"; there are id, subject,`,
		"columns: {id: Nr}":        "columns",
		"date: tomorrow":           `date: "tomorrow" is neither day-first`,
		"delimiter: x":             `delimiter: "x"`,
		"macros: {question: Text}": "macros: no column",
	} {
		if _, err := files.ReadMap(write(t, "map.yaml", text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	_, err := tickets(t, files.Options{Map: &files.Map{Tickets: map[string]string{"id": "Nr"}}}, write(t, "x.csv", "Number,Text\n1,a\n"))
	if err == nil || !strings.Contains(err.Error(), `the mapping says that id is in the column "Nr"; the columns are "Number", "Text"`) {
		t.Errorf("error %v", err)
	}
	_, err = tickets(t, files.Options{}, write(t, "x.csv", "id,colour\n1,red\n"))
	if err == nil || !strings.Contains(err.Error(), "no column looks like question") || !strings.Contains(err.Error(), "--map") {
		t.Errorf("error %v", err)
	}
}

const faulty = "id,question,created_at\n" + // 1
	"a,fine,\n" + // 2
	"b,\"open\nstill\",2026-06-01\n" + // 3, 4
	",no id,\n" + // 5
	"c,one too many,,\n" + // 6
	"d,\"text\" after,\n" + // 7
	"e,when,03/04/2026\n" + // 8
	"f,fine,2026-06-01T10:00:00Z\n" + // 9
	"g,\"never closed,\n" + // 10
	"h,fine,\n" // 11

func TestBadRowsAreToldWithTheirLineAndSkippedOnlyWhenAsked(t *testing.T) {
	path := write(t, "faulty.csv", faulty)
	_, err := tickets(t, files.Options{}, path)
	var bad brain.BadLines
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "faulty.csv: line 5: no id; line 6: ") {
		t.Fatalf("error %v", err)
	}
	var told []string
	o := files.Options{Bad: func(name string, b brain.BadLine) error {
		told = append(told, filepath.Base(name)+" "+b.Error())
		return nil
	}}
	got, err := tickets(t, o, path)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range got {
		ids = append(ids, p.ID)
	}
	if diff := cmp.Diff([]string{"a", "b", "f", "h"}, ids); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"faulty.csv line 5: no id",
		"faulty.csv line 6: 4 fields where the header has 3; is a field with a line end or a delimiter in it not quoted?",
		`faulty.csv line 7: text follows a closing quote; a quote inside a quoted field is written ""`,
		`faulty.csv line 8: created_at: "03/04/2026" can be read two ways; say date: day-first or month-first in the mapping`,
		fmt.Sprintf("faulty.csv line 10: a quoted field that begins here does not end within %d bytes", brain.MaxLine),
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

func TestWhoeverIsToldOfABadRowMayEndTheReading(t *testing.T) {
	enough := errors.New("enough")
	for name, text := range map[string]string{"x.csv": faulty, "x.jsonl": "{\"id\":\"a\"}\n{}\n{\"id\":\"b\"}\n"} {
		got, err := tickets(t, files.Options{Bad: func(string, brain.BadLine) error { return enough }}, write(t, name, text))
		if !errors.Is(err, enough) || len(got) == 0 || got[len(got)-1].ID == "h" {
			t.Errorf("%s: %d rows, %v", name, len(got), err)
		}
	}
}

func TestAQuoteThatIsNeverClosedLosesOneRowOfALongFile(t *testing.T) {
	text := "id,question\n1,\"open\n" + strings.Repeat("2,fine\n", 400_000)
	bad, rows := 0, 0
	o := files.Options{Bad: func(string, brain.BadLine) error { bad++; return nil }}
	if err := o.Tickets(write(t, "open.csv", text), func(int, brain.Past) error { rows++; return nil }); err != nil {
		t.Fatal(err)
	}
	if bad != 1 || rows != 400_000 {
		t.Errorf("%d bad rows and %d good ones", bad, rows)
	}
}

func TestALineThatIsTooLongCostsOneRow(t *testing.T) {
	text := "id,question\n1," + strings.Repeat("x", 3*brain.MaxLine) + "\n2,fine\n"
	o := files.Options{Bad: func(string, brain.BadLine) error { return nil }}
	got, err := tickets(t, o, write(t, "long.csv", text))
	if err != nil || len(got) != 1 || got[0].ID != "2" {
		t.Errorf("%d rows, %v", len(got), err)
	}
}

func TestATableWithoutIDsCountsLines(t *testing.T) {
	got, err := tickets(t, files.Options{}, write(t, "x.csv", "instruction,intent,response\nwhere is it,track,soon\n"))
	if err != nil || len(got) != 1 || got[0].ID != "line-2" || got[0].Gold.AnswerID != "track" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMacrosAndArticlesComeFromTablesToo(t *testing.T) {
	var m []brain.Macro
	err := files.Options{}.Macros(write(t, "m.csv", "Title,Reply,Folder,Risk\nTrack it,It leaves today,shipping,refund;legal\n"),
		func(_ int, x brain.Macro) error { m = append(m, x); return nil })
	want := []brain.Macro{{ID: "Track it", Title: "Track it", Body: "It leaves today", Topic: "shipping", HighRisk: []string{"refund", "legal"}}}
	if diff := cmp.Diff(want, m); err != nil || diff != "" {
		t.Error(err, diff)
	}
	var a []brain.Article
	err = files.Options{}.Articles(write(t, "a.csv", "id,title,html,link,locale\n4,Lamps,<p>on</p>,https://h.example/4,en-US\n"),
		func(_ int, x brain.Article) error { a = append(a, x); return nil })
	wantArticles := []brain.Article{{ID: "4", Title: "Lamps", Body: "<p>on</p>", URL: "https://h.example/4", Lang: "en"}}
	if diff := cmp.Diff(wantArticles, a); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestDatesThatCanBeReadOneWayNeedNoMapping(t *testing.T) {
	want := time.Date(2026, 6, 2, 11, 16, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-06-02T11:16:00Z", "2026-06-02 11:16", "2026-06-02T13:16:00+02:00", "02.06.2026 11:16", "2.6.2026, 11:16", "2 Jun 2026 11:16",
		"2026-06-02 11:16:00 UTC", "2026/06/02 11:16", "1780398960", "1780398960000", "Jun 2, 2026 11:16 AM",
	} {
		got, err := tickets(t, files.Options{}, write(t, "x.csv", "id,question,created_at\n1,x,\""+s+"\"\n"))
		if err != nil || len(got) != 1 || !got[0].Created.Equal(want) {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
}

func TestAnArrayIsToldHowToBecomeLines(t *testing.T) {
	for _, name := range []string{"x.json", "x", "x.jsonl"} {
		if _, err := tickets(t, files.Options{}, write(t, name, "\n [{\"id\":\"a\"}]")); err == nil || !strings.Contains(err.Error(), "one object a line") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestNothingIsNoTable(t *testing.T) {
	if _, err := tickets(t, files.Options{}, write(t, "x.csv", "\n\n")); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("error %v", err)
	}
	if got, err := tickets(t, files.Options{}, write(t, "x.jsonl", "")); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := tickets(t, files.Options{}, "missing.jsonl"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func FuzzTables(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte(faulty))
	f.Add([]byte("id,question\n\"\"\"\n"))
	f.Add([]byte(utf16LE("id,question\n1,ü\n")))
	f.Fuzz(func(t *testing.T, in []byte) {
		rows, bad, last := 0, 0, 0
		o := files.Options{Bad: func(string, brain.BadLine) error { bad++; return nil }, Stdin: bytes.NewReader(in)}
		err := o.Tickets("-", func(line int, p brain.Past) error {
			if p.ID == "" || line <= last {
				t.Fatalf("line %d after %d: %+v", line, last, p)
			}
			rows, last = rows+1, line
			return nil
		})
		if lines := bytes.Count(in, []byte{'\n'}) + 1; err == nil && rows+bad > max(lines, len(in)) {
			t.Fatalf("%d rows and %d bad ones out of %d lines", rows, bad, lines)
		}
	})
}
