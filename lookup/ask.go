package lookup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"warmline/helpdesk"
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 64 << 10

// outcome is how a question ended. The set is closed: it labels a metric.
type outcome string

const (
	outcomeOK          outcome = "ok"
	outcomeUnreachable outcome = "unreachable" // no connection, no answer, or none in time
	outcomeRefused     outcome = "refused"     // any status but 200
	outcomeUnsigned    outcome = "unsigned"    // not signed by our secret, for this question, now
	outcomeBadAnswer   outcome = "bad_answer"  // too long, or not what was agreed
)

var outcomes = []outcome{outcomeOK, outcomeUnreachable, outcomeRefused, outcomeUnsigned, outcomeBadAnswer}

// failure is why a question has no answer. It holds nothing of the question, and nothing of what was answered.
type failure struct {
	outcome outcome
	again   bool // the same question may find an answer
	err     error
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

func outcomeOf(err error) outcome {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.outcome
	}
	return outcomeOK
}

// ask asks once and returns the facts of an answer that is signed for this question.
func (c *Client) ask(ctx context.Context, id string, body []byte) ([]json.RawMessage, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "warmline")
		err = c.sign(req.Header, id, body)
	}
	if err != nil {
		return nil, &failure{outcome: outcomeBadAnswer, err: err}
	}
	res, err := c.client.Do(req)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		again := res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests
		return nil, &failure{outcome: outcomeRefused, again: again, err: fmt.Errorf("it answered HTTP %d", res.StatusCode)}
	}
	said, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, unreachable(ctx, err)
	case len(said) > maxAnswer:
		return nil, &failure{outcome: outcomeBadAnswer, err: fmt.Errorf("its answer is longer than %d bytes", maxAnswer)}
	}
	return c.read(res.Header, id, said)
}

// unreachable leaves out the address, which may hold what is nobody's business.
func unreachable(ctx context.Context, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &failure{outcome: outcomeUnreachable, again: ctx.Err() == nil, err: fmt.Errorf("no answer: %w", err)}
}

// sign signs a question with every key.
func (c *Client) sign(header http.Header, id string, body []byte) error {
	const signature = "webhook-signature"
	var all []string
	for _, key := range c.keys {
		if err := helpdesk.SignWebhook(header, key, id, c.now(), body); err != nil {
			return err
		}
		all = append(all, header.Get(signature))
	}
	header.Set(signature, strings.Join(all, " "))
	return nil
}

// read checks an answer's signature and decodes it. Its id has to be the question's: what was signed for another question may
// be about another customer, or old.
func (c *Client) read(header http.Header, id string, said []byte) ([]json.RawMessage, error) {
	signed, err := c.verify(header, said)
	if err == nil && signed != id {
		err = errors.New("it is signed for another question")
	}
	if err != nil {
		return nil, &failure{outcome: outcomeUnsigned, err: fmt.Errorf("its answer does not count: %w", err)}
	}
	var answer struct {
		Facts []json.RawMessage `json:"facts"`
	}
	// The decoder's own errors may quote what was answered.
	if err := json.Unmarshal(said, &answer); err != nil || answer.Facts == nil {
		return nil, &failure{outcome: outcomeBadAnswer, err: errors.New(`its answer is not {"facts": […]}`)}
	}
	return answer.Facts, nil
}
