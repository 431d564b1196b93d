package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
)

// assessFunc is a brain that a test makes up.
type assessFunc func(t *escalate.Ticket) (escalate.Assessment, error)

func (f assessFunc) Assess(_ context.Context, _ time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	return f(t)
}

func autoPolicy() *escalate.Policy {
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	return p
}

func sure(*escalate.Ticket) (escalate.Assessment, error) {
	return escalate.Assessment{Answer: &escalate.Answer{ID: "a", Text: "yes"}, Confidence: 0.99, Lang: "en"}, nil
}

func numbered(n int) func(each func(brain.Past) error) error {
	return func(each func(brain.Past) error) error {
		for i := range n {
			if err := each(brain.Past{ID: fmt.Sprintf("%04d", i)}); err != nil {
				return err
			}
		}
		return nil
	}
}

func ids(t *testing.T, out string) []string {
	t.Helper()
	var got []string
	for l := range strings.Lines(out) {
		var d decisionLine
		if err := json.Unmarshal([]byte(l), &d); err != nil {
			t.Fatalf("%v in %q", err, l)
		}
		got = append(got, d.ID)
	}
	return got
}

func TestDecisionsComeInTheOrderOfTheTicketsHoweverLongEachTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(tk *escalate.Ticket) (escalate.Assessment, error) {
			time.Sleep(time.Duration(100-len(tk.ID)*int(tk.ID[len(tk.ID)-1]-'0')) * time.Millisecond)
			return sure(tk)
		}
		var out bytes.Buffer
		d := decider{brain: assessFunc(slow), policy: autoPolicy()}
		if err := d.run(t.Context(), &out, numbered(500)); err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range 500 {
			want = append(want, fmt.Sprintf("%04d", i))
		}
		if diff := cmp.Diff(want, ids(t, out.String())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestADecisionIsPrintedBeforeTheNextTicketComes(t *testing.T) {
	r, w := io.Pipe()
	next := make(chan struct{})
	d := decider{brain: assessFunc(sure), policy: autoPolicy()}
	ended := make(chan error, 1)
	go func() {
		ended <- d.run(t.Context(), w, func(each func(brain.Past) error) error {
			for i := range 3 {
				if err := each(brain.Past{ID: strconv.Itoa(i)}); err != nil {
					return err
				}
				<-next
			}
			return nil
		})
	}()
	lines := bufio.NewReader(r)
	for i := range 3 {
		l, err := lines.ReadString('\n')
		if err != nil || ids(t, l)[0] != strconv.Itoa(i) {
			t.Fatalf("%q, %v", l, err)
		}
		next <- struct{}{}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAReaderThatGoesAwayEndsDecideQuietly(t *testing.T) {
	r, w := io.Pipe()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	d := decider{brain: assessFunc(sure), policy: autoPolicy()}
	if err := d.run(t.Context(), w, numbered(10_000)); err != nil {
		t.Error(err)
	}
}

func TestWhatWasReadBeforeAFaultIsPrinted(t *testing.T) {
	fault := errors.New("line 3 is nonsense")
	var out bytes.Buffer
	d := decider{brain: assessFunc(sure), policy: autoPolicy()}
	err := d.run(t.Context(), &out, func(each func(brain.Past) error) error {
		return errors.Join(numbered(2)(each), fault)
	})
	if diff := cmp.Diff([]string{"0000", "0001"}, ids(t, out.String())); diff != "" || !errors.Is(err, fault) {
		t.Error(err, diff)
	}
}

// rehearsed is a brain that replayed its past.
type rehearsed struct {
	assessFunc
	past []escalate.Outcome
}

func (r rehearsed) Outcomes(string) []escalate.Outcome { return r.past }

func TestAPromiseRestsOnTheReplayOfThePast(t *testing.T) {
	past := make([]escalate.Outcome, 400)
	for i := range past {
		past[i] = escalate.Outcome{Confidence: 0.99, Right: true}
	}
	p := autoPolicy()
	p.Budget = 0.02
	for _, c := range []struct {
		past []escalate.Outcome
		want escalate.Way
	}{{past, escalate.WayAuto}, {past[:10], escalate.WayDraft}, {nil, escalate.WayDraft}} {
		d := &decider{brain: rehearsed{sure, c.past}, policy: p}
		var out bytes.Buffer
		if err := d.run(t.Context(), &out, numbered(1)); err != nil {
			t.Fatal(err)
		}
		var l decisionLine
		if err := json.Unmarshal(out.Bytes(), &l); err != nil || l.Action != c.want {
			t.Errorf("with %d replayed tickets: %s, %v; want %s", len(c.past), l.Action, err, c.want)
		}
	}
}

func TestABrainsFaultNamesTheTicket(t *testing.T) {
	broken := errors.New("out of order")
	d := decider{policy: autoPolicy(), brain: assessFunc(func(tk *escalate.Ticket) (escalate.Assessment, error) {
		if tk.ID == "0007" {
			return escalate.Assessment{}, broken
		}
		return sure(tk)
	})}
	var out bytes.Buffer
	err := d.run(t.Context(), &out, numbered(10_000))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), `"0007"`) || len(ids(t, out.String())) != 7 {
		t.Errorf("%v after %d lines", err, len(ids(t, out.String())))
	}
}

func TestAnInterruptedDecideSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := decider{brain: assessFunc(sure), policy: autoPolicy()}
	err := d.run(ctx, io.Discard, func(each func(brain.Past) error) error {
		cancel()
		<-ctx.Done()
		return each(brain.Past{ID: "late"})
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func message(role escalate.Role, text string) escalate.Message {
	return escalate.Message{ID: escalate.MessageID(text), Role: role, Text: text, Public: true}
}

func TestTheLineTellsActionTriggersAndReasons(t *testing.T) {
	asked := []escalate.Message{message(escalate.RoleCustomer, "q")}
	for name, c := range map[string]struct {
		messages []escalate.Message
		assessed escalate.Assessment
		want     string
	}{
		"sure enough": {
			asked,
			escalate.Assessment{Answer: &escalate.Answer{ID: "<a&b>"}, Confidence: 0.99, Lang: "de", Topic: "billing", Summary: "s"},
			`{"id":"t","action":"auto","answer_id":"<a&b>","confidence":0.99,"triggers":{"safety":0,"human_request":0,"suspicious":0,"high_risk":[],"anger":0,"repeat_failure":0,"participant":0,"unsupported_language":0},"summary":"s","lang":"de","topic":"billing","reasons":[]}`,
		},
		"a person has replied": {
			append([]escalate.Message{message(escalate.RoleAgent, "r")}, asked...),
			escalate.Assessment{Answer: &escalate.Answer{ID: "a"}, Confidence: 0.99},
			`{"id":"t","action":"draft","answer_id":"a","confidence":0.99,"triggers":{"safety":0,"human_request":0,"suspicious":0,"high_risk":[],"anger":0,"repeat_failure":0,"participant":0,"unsupported_language":0},"summary":"","lang":"","topic":"","reasons":["human"]}`,
		},
		"nothing known": {
			asked,
			escalate.Assessment{},
			`{"id":"t","action":"escalate","answer_id":null,"confidence":0,"triggers":{"safety":0,"human_request":0,"suspicious":0,"high_risk":[],"anger":0,"repeat_failure":0,"participant":0,"unsupported_language":0,"low_confidence":1},"summary":"","lang":"","topic":"","reasons":["low_confidence"]}`,
		},
		"triggers": {
			asked,
			escalate.Assessment{
				Answer: &escalate.Answer{ID: "a"}, Confidence: 0.97, Signals: []escalate.Trigger{
					{Kind: escalate.Anger, Strength: 0.1234567},
					{Kind: escalate.HighRisk, Strength: 0.9, Topic: escalate.RiskLegal},
					{Kind: escalate.HighRisk, Strength: 0.8, Topic: escalate.RiskRefund},
					{Kind: escalate.HighRisk, Strength: 0.3, Topic: escalate.RiskPrivacy},
				},
			},
			`{"id":"t","action":"escalate","answer_id":"a","confidence":0.97,"triggers":{"safety":0,"human_request":0,"suspicious":0,"high_risk":["refund","legal"],"anger":0.123457,"repeat_failure":0,"participant":0,"unsupported_language":0},"summary":"","lang":"","topic":"","reasons":["high_risk:legal","high_risk:refund"]}`,
		},
		"a bare thank-you": {
			asked,
			escalate.Assessment{Answer: &escalate.Answer{ID: "a"}, Confidence: 0.99, Thanks: true},
			`{"id":"t","action":"escalate","answer_id":"a","confidence":0.99,"triggers":{"safety":0,"human_request":0,"suspicious":0,"high_risk":[],"anger":0,"repeat_failure":0,"participant":0,"unsupported_language":0},"summary":"","lang":"","topic":"","reasons":["left:thanks"]}`,
		},
	} {
		d := decider{policy: autoPolicy(), brain: assessFunc(func(*escalate.Ticket) (escalate.Assessment, error) { return c.assessed, nil })}
		got, err := d.line(t.Context(), &brain.Past{ID: "t", Content: escalate.Content{Messages: c.messages}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want+"\n", string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
