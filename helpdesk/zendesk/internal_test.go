package zendesk

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestWhatIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true,
		"127.0.0.1": false, "::1": false, "10.0.0.1": false, "172.16.9.9": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "fe80::1": false, "fd00:ec2::254": false, "::": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::127.0.0.1": false, "2001:db8::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %t, want %t", address, got, want)
		}
	}
	for _, address := range []string{"", "files.example:443", "127.0.0.1:443", "[::1]:443"} {
		if publicOnly("tcp", address, nil) == nil {
			t.Errorf("%q is dialled", address)
		}
	}
}

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
