package zendesk

import (
	"net/http"
	"testing"
)

// TestWhose429: what is used up is the account's, an endpoint's or a ticket's.
func TestWhose429(t *testing.T) {
	for name, tc := range map[string]struct {
		header map[string]string
		alone  bool
	}{
		"says nothing":      {map[string]string{"Retry-After": "7"}, false},
		"the account's":     {map[string]string{"ratelimit-remaining": "0", "zendesk-ratelimit-tickets-index": "total=100; remaining=9; resets=4"}, false},
		"both":              {map[string]string{"x-rate-limit-remaining": "0", "zendesk-ratelimit-incremental-exports": "total=10; remaining=0; resets=4"}, false},
		"calls are left":    {map[string]string{"ratelimit-remaining": "380", "retry-after": "60"}, true},
		"the export's":      {map[string]string{"zendesk-ratelimit-incremental-exports": "total=10; remaining=0; resets=4"}, true},
		"a ticket's":        {map[string]string{"per-ticket-updates": "total=30; resets=600"}, true},
		"another's is left": {map[string]string{"zendesk-ratelimit-search-index": "total=10; remaining=3; resets=4"}, false},
	} {
		header := make(http.Header)
		for k, v := range tc.header {
			header.Set(k, v)
		}
		if got := alone(header); got != tc.alone {
			t.Errorf("%s: alone is %t", name, got)
		}
	}
}
