package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Open makes a call whose answer is bytes, and returns them as they come. The caller bounds what is read, and closes; the call
// ends with ctx, or when the timeout of one call is over. Errors are those of Do.
func (h *HTTP) Open(ctx context.Context, c Call) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	res, err := h.send(ctx, &c, "*/*")
	if err != nil {
		cancel()
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		defer cancel()
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // for its words; the status says enough without
		return nil, h.judge(c, res, body)
	}
	return &opened{ReadCloser: res.Body, op: c.Op, cancel: cancel}, nil
}

// opened is an answer's body that ends its call when it is closed.
type opened struct {
	io.ReadCloser
	op     string
	cancel context.CancelFunc
}

func (o *opened) Read(b []byte) (int, error) {
	n, err := o.ReadCloser.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%s: %w", o.op, err)
	}
	return n, err
}

func (o *opened) Close() error {
	defer o.cancel()
	return o.ReadCloser.Close()
}
