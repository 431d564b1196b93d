package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/simulate"
)

type simulateCmd struct {
	knowledgeFlags

	Policy string `type:"existingfile" help:"Policy to decide with, YAML. Without it: the default one, with every topic promoted to auto."`

	Budget  string `default:"2%" help:"The largest share of wrong answers among those that are sent."`
	WhatIf  string `type:"existingfile" placeholder:"FILE" help:"Another policy: show what it would do differently."`
	Since   string `placeholder:"DATE" help:"Score the tickets from this day on (2026-05-01). Without it: the latest fifth."`
	Unknown string `placeholder:"SHARE" help:"How many questions nothing on file answers (30%). Without it: estimated from the history."`
	Seed    string `default:"1" help:"Draws which answers are left out: the same seed gives the same report."`

	JSON  bool   `name:"json" help:"Print the report as JSON."`
	HTML  string `name:"html" placeholder:"FILE" help:"Also write the report as one HTML page."`
	PNG   string `name:"png" placeholder:"FILE" help:"Also draw the risk–coverage curve."`
	Quiet bool   `short:"q" help:"Show no progress."`
}

// Help is shown below the flags.
func (simulateCmd) Help() string {
	return `Replays your own past tickets and says which confidence keeps your wrong-answer budget:

  warmline simulate --history tickets.jsonl --macros macros.jsonl
  warmline simulate --history tickets.jsonl --budget 1% --html report.html --png curve.png
  warmline simulate --history tickets.jsonl --policy now.yaml --what-if next.yaml
  warmline simulate --history tickets.jsonl --since 2026-05-01 --unknown 20% --json

Tickets need a "gold":{"answer_id":…} that names the macro, article or answer which solved them.
docs/simulation.md says how the figures are kept honest.`
}

// Run replays the history and prints the report.
func (c *simulateCmd) Run(ctx context.Context, s *streams) error {
	o, whatIf, err := c.options(s.err)
	if err != nil {
		return err
	}
	bar := newStages(s.err, c.Quiet)
	o.Progress = bar.report
	result, err := simulate.Run(ctx, o)
	bar.end()
	if err != nil {
		return c.refusal(err)
	}
	report, err := result.Report(simulate.ReportOptions{WhatIf: whatIf})
	if err != nil {
		return err
	}
	return c.write(s.out, report)
}

// refusal says what is wrong with the files, and what to do about it.
func (c *simulateCmd) refusal(err error) error {
	var unfit *simulate.UnfitError
	switch {
	case errors.Is(err, simulate.ErrNoAnswers):
		return usagef(`%s: no ticket says which answer solved it, so nothing can be measured; give tickets a "gold":{"answer_id":"…"} `+
			"that names the macro, article or answer, for example the macro that was applied", c.History)
	case errors.As(err, &unfit):
		return usagef("%s: %w", c.History, err)
	}
	return err
}

func (c *simulateCmd) options(logs io.Writer) (o simulate.Options, whatIf *escalate.Policy, err error) {
	var errs [8]error
	o.Budget, errs[0] = parseShare("--budget", c.Budget)
	o.Unknown, errs[1] = parseShare("--unknown", c.Unknown)
	if c.Since != "" {
		o.Since, err = time.Parse(time.DateOnly, c.Since)
		if err != nil {
			errs[2] = fmt.Errorf("--since %q is not a day; write it like 2026-05-01", c.Since)
		}
	}
	if c.Policy != "" {
		o.Policy, errs[3] = readPolicy(c.Policy)
	}
	if c.WhatIf != "" {
		whatIf, errs[4] = readPolicy(c.WhatIf)
	}
	if c.History == "" {
		errs[5] = errors.New("no past tickets: name them with --history")
	}
	k, err := c.load(logs)
	if err == nil && k.More != nil { // a simulation parts the whole past by time, so it must hold it
		err = k.More(func(p *brain.Past) error { k.Past = append(k.Past, *p); return nil })
	}
	errs[6] = err
	encoder, err := c.encoder()
	errs[7] = err
	var faults []string
	for _, err := range errs {
		if err != nil {
			faults = append(faults, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	if len(faults) > 0 {
		return o, nil, usagef("%s", strings.Join(faults, "; "))
	}
	o.Past, o.Macros, o.Articles, o.Seed = k.Past, k.Macros, k.Articles, c.Seed
	o.Build = func(ctx context.Context, k brain.Knowledge) (simulate.Brain, error) {
		return local.NewContext(ctx, local.Options{Knowledge: k, Seed: c.Seed, Team: c.History, Encoder: encoder})
	}
	return o, whatIf, nil
}

// parseShare reads "2%" or "0.02"; "" is 0.
func parseShare(flag, s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, isPercent := strings.CutSuffix(strings.ReplaceAll(s, " ", ""), "%")
	v, err := strconv.ParseFloat(number, 64)
	if isPercent {
		v /= 100
	}
	if err != nil || math.IsNaN(v) || v <= 0 || v >= 1 {
		return 0, fmt.Errorf("%s %q is not a share; write it like 2%% or 0.02", flag, s)
	}
	return v, nil
}

func (c *simulateCmd) write(out io.Writer, report *simulate.Report) error {
	if c.HTML != "" {
		if err := writeFile(c.HTML, report.WriteHTML); err != nil {
			return err
		}
	}
	if c.PNG != "" {
		if err := writeFile(c.PNG, report.WritePNG); err != nil {
			return err
		}
	}
	if c.JSON {
		return report.WriteJSON(out)
	}
	return report.WriteText(out)
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return usagef("write report: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}
