package local_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/brain/local/learn"
)

func marshal(tb testing.TB, m *local.Model) []byte {
	tb.Helper()
	b, err := m.MarshalBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func readModel(tb testing.TB, b []byte) *local.Model {
	tb.Helper()
	m, err := local.ReadModel(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// wantSame fails unless two brains say the same, to the byte, of all past tickets and of what would have come of them.
func wantSame(t *testing.T, one, two *local.Brain, past []brain.Past) {
	t.Helper()
	for i := range past {
		a, _ := json.Marshal(assess(t, one, past[i].Ticket()))
		b, _ := json.Marshal(assess(t, two, past[i].Ticket()))
		if diff := cmp.Diff(string(a), string(b)); diff != "" {
			t.Fatalf("ticket %s (-one +two):\n%s", past[i].ID, diff)
		}
	}
	if diff := cmp.Diff(one.Outcomes(""), two.Outcomes("")); diff != "" {
		t.Errorf("outcomes (-one +two):\n%s", diff)
	}
}

func TestAModelThatWasKeptGivesTheSameAssessments(t *testing.T) {
	k := knowledge(t)
	for name, encoder := range map[string]local.Encoder{"words": nil, "meaning": lengths{}} {
		t.Run(name, func(t *testing.T) {
			trained, err := local.New(local.Options{Knowledge: k, Seed: "1", Encoder: encoder})
			if err != nil {
				t.Fatal(err)
			}
			kept := marshal(t, trained.Model())
			m := readModel(t, kept)
			loaded, err := local.New(local.Options{Knowledge: k, Seed: "1", Encoder: encoder, Model: m})
			if err != nil {
				t.Fatal(err)
			}
			wantSame(t, trained, loaded, k.Past)
			if !bytes.Equal(kept, marshal(t, loaded.Model())) {
				t.Error("the same model is other bytes")
			}
			if loaded.Stale() || loaded.FilesChanged() || !m.Trained() || m.Answers() < 2 || m.Rows != len(k.Past) {
				t.Errorf("stale %v, files changed %v, %d answers of %d rows", loaded.Stale(), loaded.FilesChanged(), m.Answers(), m.Rows)
			}
		})
	}
}

// lengths is an encoder that knows how long a text is, and nothing else.
type lengths struct{}

func (lengths) ID() string   { return "lengths" }
func (lengths) Lang() string { return "en" }

func (lengths) Dim() int { return 2 }
func (lengths) Encode(text string, to []float32) {
	to[0], to[1] = 1, 0
	if len(text) > 60 {
		to[0], to[1] = 0, 1
	}
}

func TestAModelOfOtherKnowledgeIsStaleAndOfUse(t *testing.T) {
	k := knowledge(t)
	m := newBrain(t, k).Model()
	other := k
	other.Past = other.Past[:len(other.Past)-1]
	b, err := local.New(local.Options{Knowledge: other, Seed: "1", Model: m})
	if err != nil {
		t.Fatal(err)
	}
	if !b.Stale() || !b.FilesChanged() {
		t.Errorf("stale %v, files changed %v with a ticket less", b.Stale(), b.FilesChanged())
	}
	if a := assess(t, b, ticket("c: My new sensor does not pair with the hub.")); a.Answer == nil || a.Answer.ID != "pair" || a.Confidence < 0.6 {
		t.Errorf("answer %+v, confidence %v", a.Answer, a.Confidence)
	}
	if err := b.Refit(context.Background()); err != nil {
		t.Fatal(err)
	}
	if b.Stale() || b.FilesChanged() {
		t.Error("stale after a refit")
	}
}

func TestTheOrderInWhichTicketsCameDoesNotMakeAModelStale(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	k.Past = append(k.Past[1:len(k.Past):len(k.Past)], k.Past[0])
	again, err := local.New(local.Options{Knowledge: k, Seed: "1", Model: b.Model()})
	if err != nil {
		t.Fatal(err)
	}
	if again.Stale() {
		t.Error("the same tickets in another order are others")
	}
	again, err = local.New(local.Options{Knowledge: k, Seed: "2", Model: b.Model()})
	if err != nil {
		t.Fatal(err)
	}
	if !again.Stale() {
		t.Error("another seed is the same")
	}
}

func TestAModelOfOtherCodeOrAnotherEncoderIsRefused(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	older := *b.Model()
	older.Version = "local/0"
	for name, o := range map[string]local.Options{
		"code":    {Knowledge: k, Model: &older},
		"encoder": {Knowledge: k, Model: b.Model(), Encoder: lengths{}},
	} {
		if _, err := local.New(o); !errors.Is(err, local.ErrOtherModel) {
			t.Errorf("%s: error %v, want ErrOtherModel", name, err)
		}
	}
	if err := b.Use(&older); !errors.Is(err, local.ErrOtherModel) {
		t.Errorf("error %v, want ErrOtherModel", err)
	}
	if m := b.Model(); m.Version != local.Version {
		t.Errorf("a refused model of %s is in force", m.Version)
	}
}

func TestAModelThatWasCutShortOrChangedIsRefused(t *testing.T) {
	kept := marshal(t, newBrain(t, knowledge(t)).Model())
	changed := bytes.Clone(kept)
	changed[len(changed)/2]++
	for name, b := range map[string][]byte{
		"nothing": nil, "half": kept[:len(kept)/2], "one byte less": kept[:len(kept)-1], "one byte more": append(bytes.Clone(kept), 0),
		"a changed byte": changed, "another format": append([]byte("x"), kept[1:]...),
	} {
		if _, err := local.ReadModel(bytes.NewReader(b)); !errors.Is(err, learn.ErrBroken) {
			t.Errorf("%s: error %v, want ErrBroken", name, err)
		}
	}
	if _, err := local.ReadModel(failing{}); err == nil || errors.Is(err, learn.ErrBroken) {
		t.Errorf("a failed read gives %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

func TestATeamWithLittlePastHasAModelToo(t *testing.T) {
	k := knowledge(t)
	k.Past = k.Past[:20]
	b := newBrain(t, k)
	m := readModel(t, marshal(t, b.Model()))
	if m.Trained() || m.Answers() != 0 || m.Rows != 20 {
		t.Errorf("trained %v on %d rows", m.Trained(), m.Rows)
	}
	loaded, err := local.New(local.Options{Knowledge: k, Seed: "1", Model: m})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, b, loaded, k.Past)
}

func TestAnotherProcessesModelIsTakenOver(t *testing.T) {
	k := knowledge(t)
	trained := newBrain(t, k)
	late, err := local.New(local.Options{Knowledge: k, Seed: "1", Later: true})
	if err != nil {
		t.Fatal(err)
	}
	if late.Model().Trained() || late.Model().Hash != "" || !late.Stale() || late.FilesChanged() || len(late.Outcomes("")) != 0 {
		t.Error("it learned before it was told to")
	}
	if a := assess(t, late, ticket("c: My new sensor does not pair with the hub.")); a.Answer == nil || a.Answer.ID != "pair" || a.Confidence > 0.6 {
		t.Errorf("without heads: answer %+v, confidence %v", a.Answer, a.Confidence)
	}
	if err := late.Use(readModel(t, marshal(t, trained.Model()))); err != nil {
		t.Fatal(err)
	}
	wantSame(t, trained, late, k.Past)
}

// TestEvalModel measures how large a model is and how fast a brain starts with it.
func TestEvalModel(t *testing.T) {
	dir := evalDir(t)
	macros, err := brain.ReadMacros(unzip(t, filepath.Join(dir, "macros.clinc150.jsonl.gz")))
	if err != nil {
		t.Fatal(err)
	}
	k := brain.Knowledge{Macros: macros, Past: readSet(t, dir, "clinc150.history")}
	trained, err := local.New(local.Options{Knowledge: k, Seed: "1"})
	if err != nil {
		t.Fatal(err)
	}
	kept := marshal(t, trained.Model())
	began := time.Now()
	loaded, err := local.New(local.Options{Knowledge: k, Seed: "1", Model: readModel(t, kept)})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	t.Logf("%d answers, %d tickets: %.2f MB, started in %v", trained.Model().Answers(), len(k.Past), float64(len(kept))/1e6, took.Round(time.Millisecond))
	if len(kept) > 6_000_000 {
		t.Errorf("%d bytes", len(kept))
	}
	if took > 2*time.Second { // a second on two idle cores
		t.Errorf("started in %v", took)
	}
	wantSame(t, trained, loaded, readSet(t, dir, "clinc150.test")[:500])
}

// FuzzReadModel holds that no bytes, their hash being right, make reading or asking panic.
func FuzzReadModel(f *testing.F) {
	const format = "warmline model 1\n"
	k := knowledge(f)
	b, err := local.New(local.Options{Knowledge: k, Seed: "1", Later: true})
	if err != nil {
		f.Fatal(err)
	}
	trained, err := local.New(local.Options{Knowledge: k, Seed: "1"})
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []*local.Model{b.Model(), trained.Model()} {
		kept := marshal(f, m)
		body := kept[len(format) : len(kept)-sha256.Size]
		f.Add(body)
		f.Add(body[:len(body)/2])
	}
	asked := k.Past[0].Ticket()
	f.Fuzz(func(t *testing.T, body []byte) {
		whole := append([]byte(format), body...)
		sum := sha256.Sum256(whole)
		m, err := local.ReadModel(bytes.NewReader(append(whole, sum[:]...)))
		if err != nil {
			if !errors.Is(err, learn.ErrBroken) {
				t.Fatalf("error %v, want ErrBroken", err)
			}
			return
		}
		if err := b.Use(m); err != nil {
			return
		}
		if p := assess(t, b, asked).Confidence; !(p >= 0 && p <= 1) {
			t.Fatalf("confidence %v", p)
		}
		for _, o := range b.Outcomes("") {
			if !(o.Confidence >= 0 && o.Confidence <= 1) {
				t.Fatalf("an outcome at confidence %v", o.Confidence)
			}
		}
	})
}
