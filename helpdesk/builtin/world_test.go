package builtin_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack/pipenet"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// world is a desk and the bot's side of it, in one synctest bubble.
type world struct {
	t    *testing.T
	ctx  context.Context // ends the desk and its clients
	desk *builtin.Desk
	*inbox
	connector *builtin.Connector
	stop      func()
}

// inbox keeps notices, as a store would.
type inbox struct {
	mu      sync.Mutex
	seen    map[string]bool
	tickets []string // of notices, repeats left out
	repeats int
	down    bool
}

func (in *inbox) receive(_ context.Context, n desk.Notice) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.down:
		return errors.New("the store is down")
	case in.seen[n.Delivery]:
		in.repeats++
	default:
		in.seen[n.Delivery] = true
		in.tickets = append(in.tickets, n.Ref.ID)
	}
	return nil
}

func (in *inbox) setDown(down bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.down = down
}

func (in *inbox) got() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return strings.Join(in.tickets, " ")
}

// start serves a desk and an intake over pipes. Call stop before the end of the bubble.
func start(t *testing.T, o builtin.Options) *world {
	t.Helper()
	w := &world{t: t, inbox: &inbox{seen: make(map[string]bool)}}
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	var running sync.WaitGroup
	serve := func(h http.Handler) (*http.Client, func()) {
		listener := pipenet.Listen()
		server := &http.Server{Handler: h}
		running.Go(func() { _ = server.Serve(listener) })
		client := listener.Client()
		return client, func() { client.CloseIdleConnections(); _ = server.Close() }
	}
	verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: []string{secret}})
	if err != nil {
		t.Fatal(err)
	}
	hook, err := helpdesk.Webhook(helpdesk.WebhookOptions{Desk: "shop", Verify: verify, Receive: w.receive})
	if err != nil {
		t.Fatal(err)
	}
	hookClient, stopHook := serve(hook)
	o.WebhookURL, o.WebhookSecret, o.WebhookClient = "http://bot.test/hook", secret, hookClient
	if w.desk, err = builtin.New(o); err != nil {
		t.Fatal(err)
	}
	deskClient, stopDesk := serve(w.desk.Handler())
	w.connector, err = builtin.Connect(builtin.ConnectOptions{Name: "shop", BaseURL: "http://desk.test", Client: deskClient})
	if err != nil {
		t.Fatal(err)
	}
	running.Go(func() {
		if err := w.desk.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	w.stop = func() {
		cancel()
		if err := w.desk.Close(); err != nil {
			t.Error(err)
		}
		stopDesk()
		stopHook()
		running.Wait()
	}
	return w
}

func (w *world) fault(body string) {
	w.t.Helper()
	if status, answer := call(w.t, w.desk.Handler(), "POST", "/desk/api/_faults", body); status != 201 {
		w.t.Fatalf("fault %s: %d %v", body, status, answer)
	}
}

// sent counts the ticket's messages with a marker.
func (w *world) sent(ticket, marker string) (n int) {
	for _, m := range get(w.t, w.desk, ticket).Messages {
		if m.Marker == marker {
			n++
		}
	}
	return n
}
