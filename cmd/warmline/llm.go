package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/brain"
	"warmline/brain/llm"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
)

// llmFlags name a language model. Every command that reads tickets may embed them with the prefix "llm-".
type llmFlags struct {
	BaseURL   string        `name:"base-url" env:"WARMLINE_LLM_BASE_URL" help:"Language model: address of an endpoint that speaks OpenAI's protocol, such as http://127.0.0.1:11434/v1. Without it none is asked."`
	Model     string        `env:"WARMLINE_LLM_MODEL" help:"The model's name there."`
	Key       string        `env:"WARMLINE_LLM_KEY" help:"Key of the endpoint; better in the environment or a file."`
	KeyFile   string        `env:"WARMLINE_LLM_KEY_FILE" help:"File that holds the key."`
	Samples   int           `default:"3" help:"How many readings of each ticket are compared, 1 to 9."`
	Timeout   time.Duration `default:"6s" help:"How long a ticket waits for the model before the built-in brain's reading stands alone."`
	Stream    bool          `help:"Ask for answers piece by piece, for proxies that end silent calls."`
	DayBudget float64       `help:"What the model may cost in a day; needs both prices. 0 is no bound."`
	PriceIn   float64       `help:"Price of a million tokens read."`
	PriceOut  float64       `help:"Price of a million tokens written."`
}

// llmConfig says which language model is asked; none without a BaseURL.
type llmConfig struct {
	BaseURL, Model string
	Key            llm.Secret
	Client         *http.Client // a client of its own when nil
	Samples        int
	Timeout        time.Duration
	Stream         bool
	DayBudget      float64
	Prices         llm.Prices
}

// maxLLMTimeout leaves a job time for everything else: a reading of a ticket must not use up its minute.
const maxLLMTimeout = 30 * time.Second

func (f *llmFlags) config() (llmConfig, error) {
	if f.BaseURL == "" {
		return llmConfig{}, nil
	}
	c := llmConfig{
		BaseURL: f.BaseURL, Model: f.Model, Key: llm.Secret(f.Key), Samples: f.Samples, Timeout: f.Timeout, Stream: f.Stream,
		DayBudget: f.DayBudget, Prices: llm.Prices{In: f.PriceIn, Out: f.PriceOut},
	}
	switch {
	case f.Model == "":
		return c, errors.New("no language model: name it with --llm-model")
	case f.Samples < 1:
		return c, errors.New("--llm-samples: want 1 to 9")
	case f.Timeout <= 0 || f.Timeout > maxLLMTimeout:
		return c, fmt.Errorf("--llm-timeout: want more than zero and at most %v, such as 6s", maxLLMTimeout)
	case f.DayBudget > 0 && (f.PriceIn <= 0 || f.PriceOut <= 0):
		return c, errors.New("--llm-day-budget needs --llm-price-in and --llm-price-out")
	}
	if f.KeyFile != "" {
		b, err := os.ReadFile(f.KeyFile)
		if err != nil {
			return c, fmt.Errorf("read WARMLINE_LLM_KEY_FILE: %w", err)
		}
		c.Key = llm.Secret(strings.TrimSpace(string(b)))
	}
	return c, nil
}

// withModel has a language model read tickets beside the built-in brain, where one is named.
func withModel(c *appConfig, builtIn desk.Brain, st *store.Store, reg prometheus.Registerer) (desk.Brain, error) {
	if c.LLM.BaseURL == "" {
		return builtIn, nil
	}
	b, err := llm.New(llm.Options{
		BaseURL: c.LLM.BaseURL, Model: c.LLM.Model, Key: c.LLM.Key, HTTPClient: c.LLM.Client, Fallback: builtIn,
		Search: wholeTexts(&c.Knowledge), Allow: notExcluded(st), Samples: c.LLM.Samples, Timeout: c.LLM.Timeout, Stream: c.LLM.Stream,
		MoneyBudgetDay: c.LLM.DayBudget, Prices: c.LLM.Prices, Logger: c.Logger, Registerer: reg,
	})
	if err != nil {
		return nil, &usageError{err}
	}
	return b, nil
}

// notExcluded refuses tickets that the policy in force keeps from the AI: their text reaches no model. Nothing is sent while
// the policy cannot be read.
func notExcluded(st *store.Store) func(context.Context, *escalate.Ticket, escalate.Assessment) bool {
	return func(ctx context.Context, t *escalate.Ticket, a escalate.Assessment) bool {
		var p *escalate.Policy
		err := st.View(ctx, func(tx desk.Tx) (err error) {
			p, err = tx.Policy(ctx)
			return err
		})
		if err != nil {
			return false
		}
		d := escalate.Decide(time.Now(), p, t, a, escalate.World{})
		return !d.Has(escalate.Excluded)
	}
}

// wholeTexts finds the macros and articles of which an assessment cites a passage.
func wholeTexts(k *brain.Knowledge) func(context.Context, *escalate.Ticket, *escalate.Assessment) ([]escalate.Source, error) {
	type text struct{ title, lang, body string }
	texts := map[string][]text{}
	for _, m := range k.Macros {
		texts["macro\x00"+m.ID] = append(texts["macro\x00"+m.ID], text{m.Title, m.Lang, m.Body})
	}
	for _, a := range k.Articles {
		texts["article\x00"+a.ID] = append(texts["article\x00"+a.ID], text{a.Title, a.Lang, a.Body})
	}
	return func(_ context.Context, _ *escalate.Ticket, a *escalate.Assessment) ([]escalate.Source, error) {
		var out []escalate.Source
		for _, s := range a.Sources {
			// One id may have a text in each language; the passage says which is meant.
			for _, t := range texts[s.Kind+"\x00"+s.ID] {
				if t.title == s.Title {
					s.Passage = t.body
					out = append(out, s)
					break
				}
			}
		}
		return out, nil
	}
}
