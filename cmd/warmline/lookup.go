package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/lookup"
	"warmline/store"
)

// lookupFlags name the service that knows facts about customers. Commands embed them with the prefix "lookup-".
type lookupFlags struct {
	URL        string `name:"url" env:"WARMLINE_LOOKUP_URL" help:"Look-up: address of your service that knows orders, invoices and plans, such as https://shop.example/warmline. Without it nothing is looked up."`
	Secret     string `env:"WARMLINE_LOOKUP_SECRET" help:"Secret of both sides, whsec_…, and after a blank the one before it while you change it; better in the environment or a file."`
	SecretFile string `env:"WARMLINE_LOOKUP_SECRET_FILE" help:"File that holds the secret, or both, each on a line."`
}

// lookupConfig says which look-up is asked; none without a URL.
type lookupConfig struct {
	URL     string
	Secrets helpdesk.Secrets
	Client  *http.Client // a client of its own when nil
}

func (f *lookupFlags) config() (lookupConfig, error) {
	if f.URL == "" {
		return lookupConfig{}, nil
	}
	secret := f.Secret
	if f.SecretFile != "" {
		b, err := os.ReadFile(f.SecretFile)
		if err != nil {
			return lookupConfig{}, fmt.Errorf("read WARMLINE_LOOKUP_SECRET_FILE: %w", err)
		}
		secret = string(b)
	}
	c := lookupConfig{URL: f.URL, Secrets: helpdesk.Secrets{Keys: strings.Fields(secret)}}
	if len(c.Secrets.Keys) == 0 {
		return c, errors.New("WARMLINE_LOOKUP_SECRET is missing: set it, or WARMLINE_LOOKUP_SECRET_FILE to a file that holds it; make one with: echo whsec_$(openssl rand -base64 24)")
	}
	return c, nil
}

// newFacts returns the look-up, or nil where none is named.
func newFacts(c *lookupConfig, reg prometheus.Registerer) (desk.Facts, error) {
	if c.URL == "" {
		return nil, nil
	}
	client, err := lookup.New(lookup.Options{URL: c.URL, Secrets: c.Secrets, Client: c.Client, Registerer: reg})
	if err != nil {
		return nil, &usageError{err}
	}
	return client, nil
}

// withFacts has the look-up fill the built-in brain's answers, before a model reads along: a model that came first would write
// around the gaps, and be asked twice.
func withFacts(c *appConfig, builtIn desk.Brain, facts desk.Facts, st *store.Store) desk.Brain {
	if facts == nil {
		return builtIn
	}
	return &desk.Informed{Brain: builtIn, Facts: facts, Store: st, NewToken: newToken, Logger: c.Logger}
}

// checkLookup asks for nothing about nobody.
func checkLookup(ctx context.Context, f *lookupFlags) finding {
	c, err := f.config()
	switch {
	case err != nil:
		return faultf("look-up", "%v", err)
	case c.URL == "":
		return notef("look-up", "none: a draft that needs a fact about the customer waits for a person; --lookup-url names one")
	}
	client, err := lookup.New(lookup.Options{URL: c.URL, Secrets: c.Secrets})
	if err != nil {
		return faultf("look-up", "%v", err)
	}
	if err := client.Ping(ctx); err != nil {
		return faultf("look-up", "%v; check that it runs and has the same secret", err)
	}
	return finef("look-up", "it answers, and has our secret")
}
