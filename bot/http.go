package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// The largest answer that is read, and the largest file: Slack's windows take 10 MB each.
const (
	maxBody = 8 << 20
	maxFile = 32 << 20
)

var errTooLarge = errors.New("answer is too large to be read")

// doer gives every request a deadline and every answer a bound. slack-go has neither.
type doer struct {
	client  *http.Client
	timeout time.Duration
	most    int64 // bytes of an answer
}

func newDoer(c *http.Client, timeout time.Duration, most int64) *doer {
	own := http.Client{}
	if c != nil {
		own = *c
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a token goes where it was sent
	return &doer{client: &own, timeout: timeout, most: most}
}

// Do sends a request. The deadline holds until the answer's body is closed.
func (d *doer) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), d.timeout)
	res, err := d.client.Do(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &bounded{ReadCloser: res.Body, left: d.most, done: cancel}
	return res, nil
}

// bounded is a body that ends with an error after so many bytes.
type bounded struct {
	io.ReadCloser
	left int64
	done context.CancelFunc
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}

func (b *bounded) Close() error {
	err := b.ReadCloser.Close()
	b.done()
	return err
}
