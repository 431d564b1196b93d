package helpdesk

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Verify checks that a delivery is genuine and fresh and returns its id, the same for every repeat of it.
type Verify func(header http.Header, body []byte) (delivery string, err error)

// Hint names a ticket that changed.
type Hint struct {
	Ticket string
	Urgent bool // someone waits in a chat
}

// WebhookOptions say how a helpdesk's webhooks come in.
type WebhookOptions struct {
	// Desk is the connected account's name; it becomes Ref.Desk.
	Desk string
	// Verify is asked before a body is looked at.
	Verify Verify
	// Parse reads which tickets a verified body is about; default ParseHint. None at all is fine: some deliveries are
	// about other things.
	Parse func(body []byte) ([]Hint, error)
	// Challenge answers a verified delivery that only asks whether we are there; nil when the vendor asks nothing.
	Challenge func(header http.Header, body []byte) (answer string, asked bool)
	// Receive commits a notice. It must treat the same Delivery twice as one; when it returns nil the notice is durable.
	Receive func(context.Context, desk.Notice) error
	// Logger gets what was refused; default slog.Default().
	Logger *slog.Logger
}

// maxDelivery bounds a webhook's body, and intakeTime how long Receive may take: helpdesks give up after 5 to 12 s.
const (
	maxDelivery = 1 << 20
	intakeTime  = 4 * time.Second
)

// Webhook returns the intake for one account. It answers 2xx only once Receive has committed every notice of the
// delivery; anything else makes the helpdesk deliver again, which is harmless.
func Webhook(o WebhookOptions) (http.Handler, error) {
	switch {
	case o.Desk == "":
		return nil, errors.New("webhook: the helpdesk account has no name")
	case o.Verify == nil:
		return nil, fmt.Errorf("webhook of %s: nothing verifies it; configure its secret", o.Desk)
	case o.Receive == nil:
		return nil, fmt.Errorf("webhook of %s: nothing receives it", o.Desk)
	}
	if o.Parse == nil {
		o.Parse = ParseHint
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &intake{WebhookOptions: o}, nil
}

type intake struct{ WebhookOptions }

func (in *intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "webhooks are posted", http.StatusMethodNotAllowed)
		return
	}
	body, err := deliveryBody(w, r)
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		http.Error(w, "longer than 1 MiB", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "body not read", http.StatusBadRequest)
		return
	}
	delivery, err := in.Verify(r.Header, body)
	if err != nil {
		in.Logger.Warn("webhook refused", "desk", in.Desk, "error", err)
		http.Error(w, "not verified", http.StatusUnauthorized)
		return
	}
	if in.Challenge != nil {
		if answer, asked := in.Challenge(r.Header, body); asked {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = io.WriteString(w, answer) // whoever asked has gone; it will ask again
			return
		}
	}
	notices, err := in.notices(delivery, body)
	if err != nil {
		in.Logger.Warn("webhook not understood", "desk", in.Desk, "delivery", delivery, "error", err)
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	if err := in.receive(r.Context(), notices); err != nil {
		in.Logger.Error("webhook not kept", "desk", in.Desk, "delivery", delivery, "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "not kept, deliver again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// deliveryBody reads a delivery, unpacked if it came packed. The bound holds for both: a small body can unpack to gigabytes.
func deliveryBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	packed := http.MaxBytesReader(w, r.Body, maxDelivery)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return io.ReadAll(packed)
	case "gzip":
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fmt.Errorf("unpack body: %w", err)
		}
		return io.ReadAll(http.MaxBytesReader(w, z, maxDelivery))
	default:
		return nil, fmt.Errorf("content encoding %q is not known", clip(encoding, 40))
	}
}

func (in *intake) notices(delivery string, body []byte) ([]desk.Notice, error) {
	hints, err := in.Parse(body)
	if err != nil {
		return nil, err
	}
	notices := make([]desk.Notice, 0, len(hints))
	for _, h := range hints {
		n := desk.Notice{Ref: escalate.Ref{Desk: in.Desk, ID: Clean(h.Ticket)}, Delivery: delivery, Urgent: h.Urgent}
		if n.Ref.ID == "" {
			return nil, errors.New("the delivery names no ticket")
		}
		if len(hints) > 1 {
			// One delivery, several notices: each needs an id of its own, or all but the first would count as repeats.
			n.Delivery += "/" + n.Ref.ID
		}
		notices = append(notices, n)
	}
	return notices, nil
}

func (in *intake) receive(ctx context.Context, notices []desk.Notice) error {
	ctx, cancel := context.WithTimeout(ctx, intakeTime)
	defer cancel()
	for _, n := range notices {
		if err := in.Receive(ctx, n); err != nil {
			return fmt.Errorf("receive notice: %w", err)
		}
	}
	return nil
}

// ParseHint reads the body of Warmline's own webhooks, which any system can send:
//
//	{"type": "ticket.updated", "ticket": "1042", "channel": "chat", "at": "2026-11-23T08:00:00Z"}
func ParseHint(body []byte) ([]Hint, error) {
	var hint struct {
		Ticket  string `json:"ticket"`
		Channel string `json:"channel"`
	}
	if err := json.Unmarshal(body, &hint); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	return []Hint{{Ticket: hint.Ticket, Urgent: hint.Channel == "chat"}}, nil
}
