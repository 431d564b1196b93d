package simulate_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/simulate"
)

// evalDir is where the public measuring sets lie; they are no part of the project.
func evalDir(t *testing.T) string {
	t.Helper()
	dir := cmp.Or(os.Getenv("WARMLINE_EVAL"), filepath.Join("..", "..", "shared", "eval"))
	if testing.Short() {
		t.Skip("SKIPPED: measuring takes minutes; run without -short")
	}
	if _, err := os.Stat(filepath.Join(dir, "dev")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: no measuring sets here; make measure runs this where WARMLINE_EVAL names their folder")
	}
	return filepath.Join(dir, "dev")
}

func unzip(t *testing.T, path string) *bytes.Buffer {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return &b
}

func readSet(t *testing.T, dir, set string) []brain.Past {
	t.Helper()
	rows, err := brain.ReadTickets(unzip(t, filepath.Join(dir, set+".jsonl.gz")))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func buildLocal(ctx context.Context, k brain.Knowledge) (simulate.Brain, error) {
	return local.NewContext(ctx, local.Options{Knowledge: k, Seed: "1"})
}

// judged is one question of life: how sure the brain was, whether a threshold alone decides, and whether it was right.
type judged struct {
	confidence  float64
	free, right bool
}

// live lets a brain that knows the whole history answer questions that were kept from it.
func live(t *testing.T, k brain.Knowledge, rows []brain.Past) []judged {
	t.Helper()
	mind, err := buildLocal(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	free := escalate.DefaultPolicy()
	free.Stage, free.Thresholds = escalate.StageAuto, escalate.Thresholds{}
	var out []judged
	for i := range rows {
		a, err := mind.Assess(t.Context(), time.Time{}, rows[i].Ticket())
		if err != nil {
			t.Fatal(err)
		}
		d := escalate.Decide(time.Time{}, free, rows[i].Ticket(), a, escalate.World{})
		out = append(out, judged{
			a.Confidence, d.Way == escalate.WayAuto && d.Leave == "",
			a.Answer != nil && !rows[i].Unanswerable() && a.Answer.ID == rows[i].Gold.AnswerID,
		})
	}
	return out
}

// TestEvalPromisesHold measures what is promised on a history against what happens on questions that came after: thresholds
// are frozen, a brain is built on the whole history, and of what it would send at most the promised share may be wrong.
// WARMLINE_SEEDS repeats it with other draws; of these one in seven may fail by the luck of the questions. Half of what life
// asks of banking77_oos is new: beyond the 40 % of the promise, and inside the 55 % of the second.
func TestEvalPromisesHold(t *testing.T) {
	dir := evalDir(t)
	seeds, err := strconv.Atoi(cmp.Or(os.Getenv("WARMLINE_SEEDS"), "1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		set     string
		unknown float64 // 0: what the history says, which is nothing
	}{{"banking77_oos", 0}, {"banking77_oos", 0.55}, {"clinc150", 0}, {"hwu64", 0}, {"banking77", 0}} {
		set := c.set
		t.Run(fmt.Sprintf("%s unknown %v", set, c.unknown), func(t *testing.T) {
			macros, err := brain.ReadMacros(unzip(t, filepath.Join(dir, "macros."+set+".jsonl.gz")))
			if err != nil {
				t.Fatal(err)
			}
			past := readSet(t, dir, set+".history")
			asked := live(t, brain.Knowledge{Macros: macros, Past: past}, readSet(t, dir, set+".test"))
			kept := 0
			for seed := 1; seed <= seeds; seed++ {
				r, err := simulate.Run(t.Context(), simulate.Options{
					Past: past, Macros: macros, Build: buildLocal, Seed: strconv.Itoa(seed), Unknown: c.unknown,
				})
				if err != nil {
					t.Fatal(err)
				}
				if delivered(t, r, asked, seed) {
					kept++
				}
			}
			if 20*kept < 17*seeds {
				t.Errorf("promises were kept with %d of %d seeds", kept, seeds)
			}
		})
	}
}

// delivered compares a result's promises with life, and reports whether all were kept.
func delivered(t *testing.T, r *simulate.Result, asked []judged, seed int) bool {
	t.Helper()
	ok := true
	for _, budget := range []float64{0.01, 0.02, 0.05, 0.1} {
		p := r.Recommend(budget).All
		sent, wrong := 0, 0
		for _, q := range asked {
			if p.OK && q.free && q.confidence >= p.From {
				sent++
				if !q.right {
					wrong++
				}
			}
		}
		rate := float64(wrong) / max(1, float64(sent))
		kept := rate <= p.Rate.High && p.Rate.High <= 1 && (!p.OK || p.Rate.High <= budget)
		ok = ok && kept
		says := "nothing"
		if p.OK {
			says = fmt.Sprintf("%4.1f %% answered, at most %.2f %% wrong", 100*p.Auto, 100*p.Rate.High)
		}
		if seed == 1 || !kept {
			t.Logf("seed %d budget %2.0f %%: promised %-42s delivered %4.1f %% answered, %.2f %% wrong (%d of %d) %v",
				seed, 100*budget, says, 100*float64(sent)/float64(len(asked)), 100*rate, wrong, sent, kept)
		}
	}
	return ok
}

// TestEvalPromisesHoldForNewAnswers makes harder worlds of the same sets: of three answers in ten nothing is in the history, and
// life asks for all of them. They lie as near to what is known as answers of one company do.
func TestEvalPromisesHoldForNewAnswers(t *testing.T) {
	dir := evalDir(t)
	if os.Getenv("WARMLINE_SEEDS") == "" {
		t.Skip("SKIPPED: one world says little, and twenty take half an hour; set WARMLINE_SEEDS=20")
	}
	seeds, err := strconv.Atoi(os.Getenv("WARMLINE_SEEDS"))
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{"banking77", "clinc150", "hwu64"} {
		t.Run(set, func(t *testing.T) {
			all, test := readSet(t, dir, set+".history"), readSet(t, dir, set+".test")
			test = slices.DeleteFunc(test, func(p brain.Past) bool { return p.Unanswerable() }) // the share is ours to set
			kept := 0
			for seed := 1; seed <= seeds; seed++ {
				isNew := func(p *brain.Past) bool {
					return escalate.Sampled(p.Gold.AnswerID, "new "+strconv.Itoa(seed), 0.3)
				}
				var past []brain.Past
				for i := range all {
					if !isNew(&all[i]) {
						past = append(past, all[i])
					}
				}
				asked := live(t, brain.Knowledge{Past: past}, test)
				r, err := simulate.Run(t.Context(), simulate.Options{Past: past, Build: buildLocal, Seed: "1"})
				if err != nil {
					t.Fatal(err)
				}
				if delivered(t, r, asked, seed) {
					kept++
				}
			}
			if 20*kept < 17*seeds {
				t.Errorf("promises were kept in %d of %d worlds", kept, seeds)
			}
		})
	}
}
