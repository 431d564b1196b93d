package measure_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"warmline/simulate/measure"
)

// scorer returns the public scorer's path, or skips: it is no part of the project.
func scorer(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: the public scorer takes a second; run without -short")
	}
	path := filepath.Join(cmp.Or(os.Getenv("WARMLINE_EVAL"), filepath.Join("..", "..", "..", "shared", "eval")), "score.py")
	if _, err := os.Stat(path); err != nil {
		t.Skip("SKIPPED: no public scorer; set WARMLINE_EVAL to its folder")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("SKIPPED: the public scorer needs python3")
	}
	return path
}

func score(t *testing.T, into any, path, task string, gold, said []any, more ...string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{path, task}
	for i, rows := range [][]any{gold, said} {
		var b bytes.Buffer
		for _, r := range rows {
			if err := json.NewEncoder(&b).Encode(r); err != nil {
				t.Fatal(err)
			}
		}
		name := filepath.Join(dir, fmt.Sprintf("%d.jsonl", i))
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.CommandContext(t.Context(), "python3", append(args, more...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

type obj = map[string]any

func TestAnswerFiguresAreThePublicScorers(t *testing.T) {
	path := scorer(t)
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same tickets in every run
	var items []measure.Item
	var gold, said []any
	for i := range 3000 {
		it := measure.Item{P: float64(chance.IntN(200)) / 199, InScope: chance.IntN(5) > 0}
		it.Right = it.InScope && chance.Float64() < it.P
		answer := any("b")
		switch {
		case chance.IntN(50) == 0:
			it.P, it.Right, answer = measure.Unanswered, false, nil
		case it.Right:
			answer = "a"
		}
		items = append(items, it)
		gold = append(gold, obj{"id": i, "gold": obj{"in_scope": it.InScope, "answer_id": "a"}})
		said = append(said, obj{"id": i, "answer_id": answer, "confidence": max(0, it.P)})
	}
	var want map[string]float64
	score(t, &want, path, "t1", gold, said)
	near(t, "in_scope_accuracy", measure.Accuracy(items), want["in_scope_accuracy"])
	near(t, "AURC", measure.AURC(items), want["AURC"])
	near(t, "ECE15", measure.ECE(items), want["ECE15"])
	near(t, "Brier", measure.Brier(items), want["Brier"])
	right := 0
	for _, it := range items {
		if it.Right {
			right++
		}
	}
	near(t, "AURC_oracle", measure.OracleAURC(len(items), right), want["AURC_oracle"])
	for _, percent := range []int{1, 2, 5, 10} {
		got := measure.AtRisk(items, float64(percent)/100)
		at := fmt.Sprintf("@%d%%", percent)
		near(t, "cov"+at, got.Coverage, want["cov"+at])
		near(t, "correct_auto"+at, got.CorrectAuto, want["correct_auto"+at])
		near(t, "oos_auto"+at, got.OutOfScope, want["oos_auto"+at])
	}
}

func TestTriggerFiguresAreThePublicScorers(t *testing.T) {
	path := scorer(t)
	chance := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same tickets in every run
	var signals []measure.Signal
	var gold, said []any
	for i := range 2000 {
		s := measure.Signal{Strength: float64(chance.IntN(60)) / 59}
		s.Wanted = chance.Float64() < s.Strength*s.Strength
		signals = append(signals, s)
		gold = append(gold, obj{"id": i, "gold": obj{"triggers": obj{"anger": s.Wanted}}})
		said = append(said, obj{"id": i, "triggers": obj{"anger": s.Strength}})
	}
	var want map[string]float64
	score(t, &want, path, "t2", gold, said, "anger")
	c := measure.Count(signals, 0.5)
	near(t, "P", c.Precision(), want["P"])
	near(t, "R", c.Recall(), want["R"])
	near(t, "F1", c.F1(), want["F1"])
	near(t, "false_alarm_rate", c.FalseAlarmRate(), want["false_alarm_rate"])
	near(t, "AP", measure.AveragePrecision(signals), want["AP"])
}
