package lookup_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/lookup"
)

// What stands between the two lines is the example of docs/lookup.md.
// ---

type fact struct{ Name, Type, Value string }

// serve answers signed questions. facts is your part: it knows the customer's newest order, or of their orders the mentioned one.
func serve(hook *standardwebhooks.Webhook, facts func(email string, mentioned []string) []fact) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err != nil || hook.Verify(body, r.Header) != nil { // signed by our secret, in the last five minutes
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		}
		var q struct {
			Email           string
			Want, Mentioned []string
		}
		if err := json.Unmarshal(body, &q); err != nil {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		known := []map[string]string{} // never null; empty for a ping, and for a customer whom nobody knows
		for _, f := range facts(q.Email, q.Mentioned) {
			if slices.Contains(q.Want, f.Name) {
				known = append(known, map[string]string{"name": f.Name, "type": f.Type, "value": f.Value})
			}
		}
		said, _ := json.Marshal(map[string]any{"facts": known})
		id, now := r.Header.Get("webhook-id"), time.Now()
		signature, _ := hook.Sign(id, now, said)
		w.Header().Set("webhook-id", id) // the question's own: the answer is good for nothing else
		w.Header().Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
		w.Header().Set("webhook-signature", signature)
		_, _ = w.Write(said)
	}
}

// ---

func ExampleClient_Facts() {
	hook, err := standardwebhooks.NewWebhook(key)
	if err != nil {
		panic(err)
	}
	srv := httptest.NewServer(serve(hook, func(email string, _ []string) []fact {
		if email != "ina@shop.example" {
			return nil
		}
		return []fact{{"order_status", "text", "on its way"}, {"delivery_date", "date", "2026-05-12"}, {"plan", "text", "Plus"}}
	}))
	defer srv.Close()
	client, err := lookup.New(lookup.Options{URL: srv.URL, Secrets: helpdesk.Secrets{Keys: []string{key}}})
	if err != nil {
		panic(err)
	}
	ctx, want := context.Background(), []string{"order_status", "delivery_date"}
	for _, email := range []string{"ina@shop.example", "per@shop.example"} {
		facts, err := client.Facts(ctx, desk.FactQuery{Email: email, Ticket: "17", Want: want})
		fmt.Println(email, facts, err)
	}
	fmt.Println("ping", client.Ping(ctx))
	// Output:
	// ina@shop.example [{order_status text on its way} {delivery_date date 2026-05-12}] <nil>
	// per@shop.example [] <nil>
	// ping <nil>
}

func TestTheExampleOfTheDocumentationIsTheOneThatRuns(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/lookup.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(source), "// ---\n")
	example, _, _ = strings.Cut(example, "// ---\n")
	if example = strings.TrimSpace(example); example == "" || !strings.Contains(string(page), "```go\n"+example+"\n```") {
		t.Errorf("docs/lookup.md lacks the example as it stands in example_test.go:\n%s", example)
	}
}
