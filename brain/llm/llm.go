package llm

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"

	"github.com/sashabaranov/go-openai"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Version names what this package makes of a model's readings. It changes when the same readings may give another assessment.
const Version = "llm/1"

//go:embed prompt/*.tmpl
var promptFiles embed.FS

var prompts = template.Must(template.ParseFS(promptFiles, "prompt/*.tmpl"))

// Brain reads tickets with its fallback and with a language model. It is safe for concurrent use.
type Brain struct {
	opts    Options
	client  *openai.Client
	plain   atomic.Bool // the endpoint knows no response format
	weights atomic.Pointer[Weights]
	breaker *breaker
	budget  *budget
	metrics *metrics
}

var _ desk.Brain = (*Brain)(nil)

// New makes a brain. It makes no call.
func New(o Options) (*Brain, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	cfg := openai.DefaultConfig(string(o.Key))
	cfg.BaseURL, cfg.HTTPClient = o.BaseURL, newDoor(&o)
	b := &Brain{
		opts: o, client: openai.NewClientWithConfig(cfg), breaker: &breaker{now: o.Now},
		budget: &budget{perTicket: o.TokenBudgetTicket, perDay: o.MoneyBudgetDay, prices: o.Prices},
	}
	b.weights.Store(o.Weights)
	b.metrics = newMetrics(b.breaker)
	if err := b.metrics.register(o.Registerer); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	return b, nil
}

// Assess has the fallback read the ticket, and then the model. It fails only where the fallback fails. Whatever happens to
// the model, it returns what the fallback said within the timeout, and a factor that says why the model took no part.
func (b *Brain) Assess(ctx context.Context, now time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	a, err := b.opts.Fallback.Assess(ctx, now, t)
	if err != nil {
		return a, err
	}
	if !b.allowed(ctx, t, &a) {
		return a, nil
	}
	with := a
	if f := b.consult(ctx, t, &with); f != nil {
		b.opts.Logger.WarnContext(ctx, "language model took no part", "ticket", t.Ref.ID, "why", f.Error(), "model", b.opts.Model)
		a.Factors = append(slices.Clip(a.Factors), escalate.Factor{
			Name: factorName, Words: f.Error() + "; the built-in brain read it alone",
		})
		return a, nil
	}
	return with, nil
}

// allowed reports whether a ticket may and need be sent. Who asks for a person gets one at once: a model could only delay it.
func (b *Brain) allowed(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) bool {
	switch {
	case a.Thanks || a.Fault != "" || t.Content.LastFrom(escalate.RoleCustomer) == nil && t.Content.LastFrom(escalate.RoleParticipant) == nil:
		b.metrics.skipped.WithLabelValues(skipNothing).Inc()
		return false
	case fires(a, escalate.HumanRequest):
		b.metrics.skipped.WithLabelValues(skipUrgent).Inc()
		return false
	case !DefaultAllow(*a) || b.opts.Allow != nil && !b.opts.Allow(ctx, t, *a):
		b.metrics.skipped.WithLabelValues(skipNotAllowed).Inc()
		return false
	}
	return true
}

// consult asks the model and works what it said into the assessment. On failure the assessment is spoilt.
func (b *Brain) consult(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) (f error) {
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			f = fmt.Errorf("the language model's answer could not be handled (%T)", p)
		}
		b.metrics.took.Observe(time.Since(began).Seconds())
	}()
	ctx, cancel := context.WithTimeout(ctx, b.opts.Timeout)
	defer cancel()
	p := b.newPage(ctx, t, a)
	q, err := newPrompt(p)
	if err != nil {
		return err
	}
	readings, asked, err := b.ask(ctx, t, q)
	if err != nil {
		return err
	}
	b.judge(a, p, readings, asked)
	return nil
}

// newPrompt writes the request behind a fence of 128 random bits: no text can hold it.
func newPrompt(p *page) (*prompt, error) {
	var fence [16]byte
	_, _ = rand.Read(fence[:]) // never fails: see package crypto/rand
	p.Fence = hex.EncodeToString(fence[:])
	q := &prompt{}
	for i := range p.Passages {
		q.labels = append(q.labels, p.Passages[i].Label)
	}
	var system, user strings.Builder
	err := errors.Join(
		prompts.ExecuteTemplate(&system, "system.tmpl", map[string]any{"Fence": p.Fence, "Kinds": signs, "Risks": escalate.Risks}),
		prompts.ExecuteTemplate(&user, "ticket.tmpl", p),
	)
	q.system, q.user = system.String(), user.String()
	return q, err
}

// ask makes the calls side by side and returns the readings, in order. It fails when fewer than half can be used, with the
// first failure there was.
func (b *Brain) ask(ctx context.Context, t *escalate.Ticket, q *prompt) (good []*reading, asked int, err error) {
	n := b.breaker.allow(b.opts.Samples)
	if n == 0 {
		b.metrics.skipped.WithLabelValues(skipBreaker).Inc()
		return nil, 0, errors.New("the language model failed repeatedly and is left alone for a while")
	}
	each := cost{in: q.size() / 3, out: b.opts.MaxTokens} // three bytes a token is more than any text needs
	n, day, short := b.budget.take(b.opts.Now(), t.ID, each, n)
	if n == 0 {
		b.breaker.cancel()
		b.metrics.skipped.WithLabelValues(short).Inc()
		return nil, 0, errors.New(shortWords[short])
	}
	readings, failures := make([]*reading, n), make([]*callError, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { readings[i], failures[i] = b.sample(ctx, q, i, n, day, t.ID, each) })
	}
	wg.Wait()
	var first *callError
	for i, r := range readings {
		switch {
		case r != nil:
			good = append(good, r)
		case first == nil:
			first = failures[i]
		}
	}
	if 2*len(good) < n {
		return nil, n, first
	}
	return good, n, nil
}

var shortWords = map[string]string{
	shortTicket: "this ticket has used up what it may cost",
	shortDay:    "today's budget for the language model is used up",
}

// sample makes one call and accounts for it.
func (b *Brain) sample(ctx context.Context, q *prompt, i, of int, day string, t escalate.TicketID, each cost) (r *reading, f *callError) {
	defer func() {
		if p := recover(); p != nil {
			b.breaker.cancel()
			r, f = nil, &callError{kind: outcomeBadAnswer, err: fmt.Errorf("panic: %v", p)}
		}
	}()
	r, got, f := b.read(ctx, q, i, of)
	used := cost{got.in, got.out}
	ended := outcomeOK
	if f != nil {
		ended = f.kind
	}
	switch {
	case f != nil && !f.billed():
		used = cost{}
	case used.in <= 0 || used.out < 0 || used.in > 10*each.in || used.out > 100*each.out:
		used = each // nobody counted, or not this: the most it should be
	}
	b.budget.settle(day, t, each, used)
	b.breaker.done(f != nil && f.trouble())
	b.metrics.calls.WithLabelValues(string(ended)).Inc()
	b.metrics.spent(used)
	return r, f
}
