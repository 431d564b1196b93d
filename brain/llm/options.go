package llm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Options says which model reads, how far it may go, and what it stands on.
type Options struct {
	// BaseURL is where the endpoint is, up to and with the version: "https://api.openai.com/v1". Redirects are not followed.
	BaseURL string
	// Model is the model's name there.
	Model string
	// Key is sent as a bearer token; "" sends none.
	Key Secret
	// HTTPClient makes the calls. Default: a client of its own.
	HTTPClient *http.Client

	// Fallback is the brain that reads every ticket first, and alone whenever the model cannot be asked. It must be set.
	Fallback desk.Brain
	// Search returns whole texts to answer from, best first, given the fallback's reading. Default: only the passages that
	// the fallback cites. When it fails, those are used as well.
	Search func(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) ([]escalate.Source, error)
	// Allow says whether a ticket may be sent at all; it is asked after DefaultAllow has agreed. Exclusions belong here.
	// Default: what DefaultAllow allows.
	Allow func(ctx context.Context, t *escalate.Ticket, a escalate.Assessment) bool

	// Samples is how many independent readings are asked for. 1 to 9, default 3: with one there is no agreement to measure.
	Samples int
	// Timeout is how long a ticket waits for the model, retries included. Default 6 s: the card must come within seconds.
	Timeout time.Duration
	// MaxBytes bounds one response. Default 1 MiB.
	MaxBytes int64
	// MaxTokens bounds what one reading may write, thoughts included. Default 2,000; four times as many for models that are known
	// to think first.
	MaxTokens int
	// Stream asks for the answer piece by piece, for endpoints or proxies that end calls that are silent for long.
	Stream bool

	// TokenBudgetTicket is how many tokens one ticket may use in all its readings while the process lives. Default 60,000:
	// a ticket that is read again and again costs no more than that. -1: no bound.
	TokenBudgetTicket int
	// MoneyBudgetDay is what may be spent in a day of UTC, in the currency of Prices. 0: no bound. Kept in memory: a restart
	// begins a new one.
	MoneyBudgetDay float64
	// Prices is what tokens cost. It must be set for a MoneyBudgetDay.
	Prices Prices

	// Weights is how far each thing that a reading shows moves the confidence. Default: DefaultWeights.
	Weights *Weights

	// Now is the clock of budgets and breaker. Default time.Now.
	Now func() time.Time
	// Logger gets one line for each ticket that the model could not read. Default: nothing is logged.
	Logger *slog.Logger
	// Registerer gets the metrics. Default: they are counted and not shown.
	Registerer prometheus.Registerer
}

// Prices is what a million tokens cost, read and written.
type Prices struct{ In, Out float64 }

const maxSamples = 9

func (o Options) withDefaults() (Options, error) {
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return o, errors.New("address of the language model: want http:// or https:// and a host, such as http://127.0.0.1:11434/v1")
	case u.User != nil || u.RawQuery != "":
		return o, errors.New("address of the language model: it must hold no password and no query; the key is set apart")
	case o.Model == "":
		return o, errors.New("no language model is named")
	case o.Fallback == nil:
		return o, errors.New("a language model needs a brain to fall back to")
	case o.Samples < 0 || o.Samples > maxSamples:
		return o, fmt.Errorf("%d readings of a ticket: want 1 to %d", o.Samples, maxSamples)
	case o.Timeout < 0 || o.MaxBytes < 0 || o.MaxTokens < 0 || o.MoneyBudgetDay < 0 || o.Prices.In < 0 || o.Prices.Out < 0:
		return o, errors.New("a bound of the language model is below zero")
	case o.MoneyBudgetDay > 0 && o.Prices == Prices{}:
		return o, errors.New("a budget for the day needs the prices of the language model's tokens")
	}
	o.Samples = cmp.Or(o.Samples, 3)
	o.Timeout = cmp.Or(o.Timeout, 6*time.Second)
	o.MaxBytes = cmp.Or(o.MaxBytes, 1<<20)
	o.MaxTokens = cmp.Or(o.MaxTokens, 2000)
	o.TokenBudgetTicket = cmp.Or(o.TokenBudgetTicket, 60_000)
	if o.Weights == nil {
		w := DefaultWeights
		o.Weights = &w
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// DefaultAllow refuses tickets that try to instruct an AI, tickets about somebody's safety, and mail by machines. Their text
// reaches no model.
func DefaultAllow(a escalate.Assessment) bool {
	return !fires(&a, escalate.Suspicious) && !fires(&a, escalate.Safety) && !a.Automatic
}

// fires reports whether a trigger of a kind fires.
func fires(a *escalate.Assessment, kind escalate.TriggerKind) bool {
	return slices.ContainsFunc(a.Signals, func(s escalate.Trigger) bool {
		return s.Kind == kind && s.Strength >= escalate.FireStrength
	})
}
