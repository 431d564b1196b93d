package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sashabaranov/go-openai"
)

// temperature makes readings differ where the model is torn. A single reading is as steady as the endpoint can make it.
const temperature = 0.7

// Waits between tries double from firstWait; a call is tried at most maxTries times.
const (
	firstWait = 250 * time.Millisecond
	maxTries  = 4
)

// prompt is one request, to be sent as often as readings are wanted.
type prompt struct {
	system, user string
	labels       []string
}

func (p *prompt) size() int { return len(p.system) + len(p.user) }

// answer is what a call brought: the model's text and what it cost.
type answer struct {
	content string
	in, out int // tokens as the endpoint counted them; 0 when it does not say
}

// read makes one call, tries again where that may help and there is time, and parses the answer.
func (b *Brain) read(ctx context.Context, p *prompt, sample, of int) (*reading, answer, *callError) {
	wait := firstWait + time.Duration(sample)*firstWait/8 // so that the readings of a ticket do not come all at once again
	for try := 1; ; try++ {
		got, f := b.once(ctx, p, sample, of)
		if f == nil {
			r, err := parse(got.content)
			if err != nil {
				return nil, got, &callError{kind: outcomeBadAnswer, err: err}
			}
			return r, got, nil
		}
		pause := max(wait, f.retry)
		if deadline, ok := ctx.Deadline(); !f.again() || try == maxTries || ok && time.Until(deadline) <= pause {
			return nil, got, f
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, got, f
		case <-timer.C:
		}
		wait *= 2
	}
}

// once makes a call. Where the endpoint does not know the response format, the call is made again without it, and so are all
// that follow.
func (b *Brain) once(ctx context.Context, p *prompt, sample, of int) (answer, *callError) {
	plain := b.plain.Load()
	got, f := b.complete(ctx, b.request(p, sample, of, plain))
	if f == nil || plain || f.status != http.StatusBadRequest && f.status != http.StatusUnprocessableEntity {
		return got, f
	}
	if got, f = b.complete(ctx, b.request(p, sample, of, true)); f == nil {
		b.plain.Store(true)
	}
	return got, f
}

func (b *Brain) request(p *prompt, sample, of int, plain bool) openai.ChatCompletionRequest {
	seed := sample + 1
	r := openai.ChatCompletionRequest{
		Model: b.opts.Model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: p.system}, {Role: openai.ChatMessageRoleUser, Content: p.user},
		},
		MaxCompletionTokens: b.opts.MaxTokens, Seed: &seed,
	}
	if of > 1 {
		r.Temperature = temperature
	}
	if !plain {
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "reading", Schema: schema(p.labels), Strict: true},
		}
	}
	if b.opts.Stream {
		r.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	if openai.NewReasoningValidator().Validate(r) != nil { // a model that thinks first: its thoughts count, and it takes no temperature
		r.MaxCompletionTokens, r.Temperature = 4*b.opts.MaxTokens, 0
	}
	return r
}

// complete makes one request and returns the text of its first choice.
func (b *Brain) complete(ctx context.Context, r openai.ChatCompletionRequest) (answer, *callError) {
	ctx, n := noting(ctx)
	if b.opts.Stream {
		return b.stream(ctx, r, n)
	}
	res, err := b.client.CreateChatCompletion(ctx, r)
	if err == nil && n.status >= 300 {
		err = fmt.Errorf("status %d", n.status)
	}
	if err != nil {
		return answer{}, failed(ctx, err, n)
	}
	got := answer{in: res.Usage.PromptTokens, out: res.Usage.CompletionTokens}
	if len(res.Choices) == 0 {
		return got, &callError{kind: outcomeEmpty}
	}
	c := &res.Choices[0]
	got.content = c.Message.Content
	return got, finished(got.content, c.Message.Refusal, c.FinishReason)
}

// stream puts the pieces of an answer together. The door bounds them: no stream goes on for ever.
func (b *Brain) stream(ctx context.Context, r openai.ChatCompletionRequest, n *note) (got answer, _ *callError) {
	s, err := b.client.CreateChatCompletionStream(ctx, r)
	if err == nil && n.status >= 300 {
		err = errors.Join(fmt.Errorf("status %d", n.status), s.Close())
	}
	if err != nil {
		return got, failed(ctx, err, n)
	}
	defer func() { _ = s.Close() }() // all that matters is read
	var content, refusal strings.Builder
	var reason openai.FinishReason
	for {
		piece, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return got, failed(ctx, err, n)
		}
		if u := piece.Usage; u != nil {
			got.in, got.out = u.PromptTokens, u.CompletionTokens
		}
		for _, c := range piece.Choices {
			if c.Index == 0 {
				content.WriteString(c.Delta.Content)
				refusal.WriteString(c.Delta.Refusal)
				if c.FinishReason != "" {
					reason = c.FinishReason
				}
			}
		}
	}
	got.content = content.String()
	if reason == "" && got.content != "" {
		reason = openai.FinishReasonLength // the connection ended before the answer did
	}
	return got, finished(got.content, refusal.String(), reason)
}

func finished(content, refusal string, reason openai.FinishReason) *callError {
	switch {
	case refusal != "", reason == openai.FinishReasonContentFilter:
		return &callError{kind: outcomeRefusal}
	case reason == openai.FinishReasonLength:
		return &callError{kind: outcomeTruncated}
	case strings.TrimSpace(content) == "":
		return &callError{kind: outcomeEmpty}
	}
	return nil
}
