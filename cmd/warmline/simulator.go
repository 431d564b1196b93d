package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/mask"
	"warmline/simulate"
)

// simulator replays the team's past tickets for the desk, with brains built like the one that is live.
type simulator struct {
	knowledge brain.Knowledge
	seed      string
	team      string
	encoder   local.Encoder
}

var _ desk.Simulator = (*simulator)(nil)

// newSimulator replays what the app was given to learn from, unless it was given a simulator.
func newSimulator(c *appConfig) desk.Simulator {
	if c.Simulator != nil {
		return c.Simulator
	}
	return &simulator{knowledge: c.Knowledge, seed: c.Seed, team: c.Policy.Team, encoder: c.Encoder}
}

// newest returns the past tickets, of a past that is too long to be held the newest that can be.
func newest(k *brain.Knowledge) ([]brain.Past, error) {
	if k.More == nil {
		return k.Past, nil
	}
	var held []brain.Past
	err := k.More(func(p *brain.Past) error {
		if len(held) == 2*maxHeld { // now and then, so that few are moved
			held = append(held[:0], held[maxHeld:]...)
		}
		held = append(held, *p)
		return nil
	})
	return append(held[max(0, len(held)-maxHeld):], k.Past...), err
}

// Past implements desk.Simulator.
func (s *simulator) Past() int { return min(maxHeld, s.knowledge.Count) + len(s.knowledge.Past) }

// Simulate implements desk.Simulator.
func (s *simulator) Simulate(ctx context.Context, p *escalate.Policy, o desk.SimulateOptions) (*desk.Simulation, error) {
	seed := cmp.Or(s.seed, "1")
	past, err := newest(&s.knowledge)
	if err != nil {
		return nil, err
	}
	result, err := simulate.Run(ctx, simulate.Options{
		Past: past, Macros: s.knowledge.Macros, Articles: s.knowledge.Articles, Policy: p, Budget: o.Budget, Seed: seed,
		Build: func(ctx context.Context, k brain.Knowledge) (simulate.Brain, error) {
			return local.NewContext(ctx, local.Options{Knowledge: k, Seed: seed, Team: s.team, Encoder: s.encoder})
		},
	})
	var unfit *simulate.UnfitError
	switch {
	case errors.Is(err, simulate.ErrNoAnswers):
		return nil, &desk.Unmeasurable{Why: `No past ticket says which answer solved it. Tickets need a "gold":{"answer_id":…} that names the macro, article or answer.`}
	case errors.As(err, &unfit):
		return nil, &desk.Unmeasurable{Why: sentence(unfit.Why)}
	case err != nil:
		return nil, err
	}
	rep, err := result.Report(simulate.ReportOptions{WhatIf: o.WhatIf, Team: s.team})
	if err != nil {
		return nil, err
	}
	var picture bytes.Buffer
	if err := rep.WritePNG(&picture); err != nil {
		return nil, err
	}
	sim := forDesk(rep)
	sim.Picture, sim.Alt = picture.Bytes(), altText(rep)
	if o.WhatIf != nil {
		sim.Change = rep.Change.Words
		for _, m := range rep.Change.Moves {
			sim.Moves = append(sim.Moves, desk.SimulatedMove{From: m.From, To: m.To, Tickets: m.Tickets, Judged: m.Judged, Right: m.Right})
		}
	}
	return sim, nil
}

// forDesk is a report as the desk shows it.
func forDesk(rep *simulate.Report) *desk.Simulation {
	rec := &rep.Recommended
	sim := &desk.Simulation{
		Budget: rep.Budget, Headline: rep.Headline(), Basis: basisWords(rep), Auto: rec.Auto, Wrong: rate(rec.Total),
		All: desk.SimulatedLine{Advice: desk.AdviceOwn, From: rec.All.From, Wrong: rate(rec.All.Rate), Missing: rec.All.Missing},
		Now: waysOf(&rep.Now), Then: waysOf(&rep.Then),
	}
	if !rec.All.OK {
		sim.All.Advice, sim.All.Why = desk.AdviceDraft, "its answers are wrong too often at every threshold"
	}
	missing := map[string]int{}
	for i := range rec.Topics {
		missing[rec.Topics[i].Topic] = rec.Topics[i].Promise.Missing
	}
	for i := range rep.Topics {
		t := &rep.Topics[i]
		sim.Topics = append(sim.Topics, desk.SimulatedLine{
			Topic: t.Topic, Advice: desk.Advice(t.Advice), Why: t.Why, From: t.From, Wrong: rate(t.Wrong), Missing: missing[t.Topic],
			Tickets: t.Ways.Tickets, Auto: t.Ways.Auto,
		})
	}
	for i := range rep.Thresholds {
		t := &rep.Thresholds[i]
		sim.Table = append(sim.Table, desk.SimulatedRow{From: t.From, Auto: t.Auto, Draft: t.Draft, Escalate: t.Escalate, Wrong: rate(t.Wrong)})
	}
	for i := range rep.Wrong {
		sim.Mistakes = append(sim.Mistakes, mistakeOf(&rep.Wrong[i]))
	}
	return sim
}

func rate(r simulate.Rate) desk.WrongRate {
	return desk.WrongRate{Estimate: r.Estimate, AtMost: r.High}
}

func waysOf(w *simulate.Ways) desk.SimulatedWays {
	return desk.SimulatedWays{Tickets: w.Tickets, Auto: w.Auto, Draft: w.Draft, Escalate: w.Escalate, Nothing: w.Nothing}
}

// questionShown is how many characters of a customer's question a report in Slack quotes.
const questionShown = 160

// mistakeOf is a wrong answer as the desk shows it. What stays hidden everywhere outside the helpdesk stays hidden here.
func mistakeOf(c *simulate.Case) desk.Mistake {
	m := desk.Mistake{
		Ticket: c.ID, Topic: c.Topic, Confidence: c.Confidence, Alike: c.Alike, Fix: clipped(hidden(c.Fix), 300), Exclude: c.Exclude,
		Question: clipped(hidden(strings.Join(strings.Fields(c.Question), " ")), questionShown),
		Source:   "“" + cmp.Or(c.AnswerTitle, c.Answer) + "”",
	}
	if c.Source != nil {
		m.Source = fmt.Sprintf("%s %s “%s”", c.Source.Kind, c.Source.ID, clipped(hidden(cmp.Or(c.Source.Title, c.AnswerTitle)), 80))
	}
	return m
}

func hidden(text string) string { return mask.Blank(text, mask.Secrets, "[hidden]") }

// clipped cuts a text at a character and says so.
func clipped(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most])) + " …"
}

// basisWords says what the figures rest on.
func basisWords(rep *simulate.Report) string {
	words := fmt.Sprintf("%d of %d past tickets were put to brains that had not learned from them: %s.", rep.Split.Asked, rep.Split.Past, rep.Split.Why)
	if rep.Split.Judged < rep.Split.Asked {
		words += fmt.Sprintf(" Of %d of them it is known which answer was right.", rep.Split.Judged)
	}
	return words + fmt.Sprintf(" Promises hold while no more than %.0f %% of the questions are new. Upper bounds hold with 95 %% certainty.",
		100*rep.Share.Promised)
}

// altText says in words what the picture shows.
func altText(rep *simulate.Report) string {
	var b strings.Builder
	b.WriteString("A curve of how much of what is answered would be wrong, over how much is answered. " + rep.Headline())
	for _, t := range rep.Thresholds {
		fmt.Fprintf(&b, " From %.0f %%: %.0f %% answered, %.1f %% wrong, at most %.1f %%.", 100*t.From, 100*t.Auto, 100*t.Wrong.Estimate, 100*t.Wrong.High)
	}
	return b.String()
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}
