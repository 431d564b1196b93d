package pipenet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"warmline/internal/localslack/pipenet"
)

func TestClientReachesServerInsideBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := pipenet.Listen()
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Hour)
			_, _ = io.WriteString(w, "later")
		})}
		served := make(chan error, 1)
		go func() { served <- srv.Serve(ln) }()

		client := ln.Client()
		start := time.Now()
		res, err := client.Get("http://anything.test/")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if string(body) != "later" || time.Since(start) != time.Hour {
			t.Errorf("got %q after %v, want \"later\" after 1h of fake time", body, time.Since(start))
		}
		client.CloseIdleConnections()
		_ = srv.Close()
		<-served
	})
}

func TestClosedListenerRefuses(t *testing.T) {
	ln := pipenet.Listen()
	for range 2 {
		if err := ln.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ln.Dial(context.Background()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Dial after Close: %v, want net.ErrClosed", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept after Close: %v, want net.ErrClosed", err)
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pipenet.Listen().Dial(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial with an ended context: %v, want context.Canceled", err)
	}
}
