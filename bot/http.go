package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// maxBody is the largest answer that is read.
const maxBody = 8 << 20

var errTooLarge = errors.New("answer is larger than 8 MB")

// doer gives every request a deadline and every answer a bound. slack-go has neither.
type doer struct {
	client  *http.Client
	timeout time.Duration
}

func newDoer(c *http.Client, timeout time.Duration) *doer {
	own := http.Client{}
	if c != nil {
		own = *c
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a token goes where it was sent
	return &doer{client: &own, timeout: timeout}
}

// Do sends a request. The deadline holds until the answer's body is closed.
func (d *doer) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), d.timeout)
	res, err := d.client.Do(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &bounded{ReadCloser: res.Body, left: maxBody, done: cancel}
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
