package brain_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
)

func TestABadLineIsToldAtOnceAndReadingGoesOn(t *testing.T) {
	in := `{"id":"a"}` + "\nnonsense\n" + `{"id":"b"}` + "\n"
	var order []string
	r := brain.Reader{Bad: func(b brain.BadLine) error {
		order = append(order, b.Error())
		return nil
	}}
	err := r.Tickets(strings.NewReader(in), func(line int, p brain.Past) error {
		order = append(order, fmt.Sprintf("%d %s", line, p.ID))
		return nil
	})
	want := []string{"1 a", "line 2: invalid character 'o' in literal null (expecting 'u')", "3 b"}
	if diff := cmp.Diff(want, order); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestTheCallersErrorEndsTheReadingAndIsNoBadLine(t *testing.T) {
	full := errors.New("full")
	calls := 0
	err := brain.Reader{}.Macros(strings.NewReader("{\"id\":\"a\"}\n{\"id\":\"b\"}"), func(int, brain.Macro) error {
		calls++
		return full
	})
	var bad brain.BadLines
	if !errors.Is(err, full) || errors.As(err, &bad) || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func TestAnErrorNamesTheFirstLinesOnly(t *testing.T) {
	_, err := brain.ReadTickets(strings.NewReader(strings.Repeat("{}\n", 8)))
	want := "read tickets: line 1: no id; line 2: no id; line 3: no id; line 4: no id; line 5: no id; and 3 more"
	if err == nil || err.Error() != want {
		t.Errorf("error %q", err)
	}
	if _, err := brain.ReadTickets(strings.NewReader(strings.Repeat("{}\n", 5000))); !strings.HasSuffix(err.Error(), "and many more") {
		t.Errorf("error %q", err)
	}
}

func TestKeysThatAreNotOursAreKeptOnlyWhenWanted(t *testing.T) {
	const line = `{"id":"t","shelf":7}`
	for _, wanted := range []bool{false, true} {
		err := brain.Reader{Extra: wanted}.Tickets(strings.NewReader(line), func(_ int, p brain.Past) error {
			if got := string(p.Extra["shelf"]) == "7"; got != wanted {
				t.Errorf("wanted %v, extra %v", wanted, p.Extra)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestBrandAndValueAreReadWhereTheyAreSome(t *testing.T) {
	for line, want := range map[string]escalate.Content{
		`{"id":"t","brand":"North","value":1250.5}`:    {Brand: "North", Value: 1250.5},
		`{"id":"t","brand":7,"value":"5000"}`:          {Brand: "7", Value: 5000},
		`{"id":"t","brand":null,"value":null}`:         {},
		`{"id":"t","brand":{"id":1},"value":["dear"]}`: {}, // another program's
		`{"id":"t","brand":true,"value":"1.234,50"}`:   {},
		`{"id":"t","value":-5}`:                        {},
		`{"id":"t"}`:                                   {},
	} {
		err := brain.Reader{}.Tickets(strings.NewReader(line), func(_ int, p brain.Past) error {
			if p.Content.Brand != want.Brand || p.Content.Value != want.Value {
				t.Errorf("%s: got %q and %v", line, p.Content.Brand, p.Content.Value)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A long history holds little more than its texts: what repeats is kept once, and no JSON stays.
func TestALongHistoryHoldsNoJSON(t *testing.T) {
	const rows, most = 5_000, 900 // bytes a row, of which 80 are its own texts
	line := `{"id":"%07d","channel":"email","lang":"en","status":"solved","tags":["billing","eu"],"padding":"` + strings.Repeat("x", 2000) +
		`","messages":[{"role":"customer","text":"where is parcel %07d please"},{"role":"agent","text":"it leaves today"}],` +
		`"gold":{"answer_id":"track","in_scope":true,"triggers":{"anger":false,"high_risk":[]}}}` + "\n"
	pipe := &manyLines{format: line, left: rows}
	before := heap()
	var kept []brain.Past
	err := brain.Reader{}.Tickets(pipe, func(_ int, p brain.Past) error { kept = append(kept, p); return nil })
	if err != nil || len(kept) != rows {
		t.Fatalf("%d rows, %v", len(kept), err)
	}
	// The slice itself has spare room, which is no fault of the rows.
	kept = append(make([]brain.Past, 0, rows), kept...)
	if per := (heap() - before) / rows; per > most {
		t.Errorf("a row takes %d bytes, want at most %d", per, most)
	}
	if kept[3].Gold.AnswerID != "track" || kept[rows-1].Content.Messages[1].Text != "it leaves today" {
		t.Errorf("read %+v", kept[rows-1])
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // no heap is that large
}

// manyLines makes its lines while they are read.
type manyLines struct {
	format string
	left   int
	rest   string
}

func (m *manyLines) Read(p []byte) (int, error) {
	if m.rest == "" {
		if m.left == 0 {
			return 0, io.EOF
		}
		m.left--
		m.rest = fmt.Sprintf(m.format, m.left, m.left)
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}
