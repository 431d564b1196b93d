package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// How long whoever starts the demo waits: until it says where to look, and until the first card hangs in #support.
const (
	demoReadyIn = 10 * time.Second
	firstCardIn = 5 * time.Second
)

func TestDemoOpensSoon(t *testing.T) {
	began := time.Now()
	url := startDemo(t)
	ready := time.Since(began)
	changes := get(t, url+"_control/stream") // listened to before looking, so that nothing happens unseen
	defer func() { _ = changes.Body.Close() }()
	for lines := bufio.NewScanner(changes.Body); !hasCard(t, url); {
		if !lines.Scan() {
			t.Fatalf("no card in #support after %v: %v", time.Since(began), lines.Err())
		}
	}
	card := time.Since(began) - ready
	t.Logf("ready in %v, the first card %v later", ready.Round(time.Millisecond), card.Round(time.Millisecond))
	if ready > demoReadyIn || card > firstCardIn {
		t.Errorf("want %v and %v at the most", demoReadyIn, firstCardIn)
	}
}

func hasCard(t *testing.T, url string) bool {
	t.Helper()
	var channel struct{ Messages []json.RawMessage }
	response := get(t, url+"_control/messages?as=ana&channel=support")
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&channel); err != nil {
		t.Fatal(err)
	}
	for _, m := range channel.Messages {
		if strings.Contains(string(m), `"block_id":"act"`) {
			return true
		}
	}
	return false
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), demoReadyIn+firstCardIn)
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
