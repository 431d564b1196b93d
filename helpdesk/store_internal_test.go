package helpdesk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestFilesLieWhereTheVendorKeepsThem(t *testing.T) {
	s := FileStore{
		Vendor: "Shop", Site: &url.URL{Scheme: "https", Host: "acme.shop.example"}, Client: &http.Client{},
		Keeps: func(host string) bool { return AmazonS3(host) || strings.HasSuffix(host, ".files.example") },
	}
	for address, keeps := range map[string]bool{
		"https://acme.shop.example/data/1":                      true,
		"https://s3.amazonaws.com/cdn.shop.example/1":           true,
		"https://s3-eu-central-1.amazonaws.com/cdn/1":           true,
		"https://cdn.s3.us-east-1.amazonaws.com/1":              true,
		"https://CDN.Files.Example/inline/attachment?token=x":   true,
		"http://acme.shop.example/data/1":                       false,
		"http://cdn.files.example/1":                            false,
		"https://cdn.files.example:8443/1":                      false,
		"https://acme.example/data/1":                           false,
		"https://files.example/1":                               false,
		"https://ec2.amazonaws.com/1":                           false,
		"https://s3.amazonaws.com.evil.example/1":               false,
		"https://evil.example/?https://acme.shop.example/data/": false,
	} {
		at, err := url.Parse(address)
		if err != nil || s.keeps(at) != keeps {
			t.Errorf("%s: want %v", address, keeps)
		}
		if own := strings.HasPrefix(address, "https://acme.shop.example/"); (s.clientFor(at) == elsewhere) == own {
			t.Errorf("%s is called by the wrong client", address)
		}
		if _, err := s.Open(t.Context(), address); !keeps && (err == nil || !strings.Contains(err.Error(), "open it in Shop")) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAnAddressKeepsItsElements(t *testing.T) {
	at, err := url.Parse("https://s3.amazonaws.com/a%2Fb/Lampe%20vorn%20(2).png?X-Amz-Signature=a%2Bb")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(elements(at), "|"); got != "a/b|Lampe vorn (2).png" {
		t.Errorf("elements %q", got)
	}
}

// The account's own address of a file points to where it lies, which has a signature longer than most addresses.
func TestAFileIsFollowedToItsSignedAddress(t *testing.T) {
	signature := strings.Repeat("s", 1500)
	var hops int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		if r.URL.Query().Get("signature") != signature {
			http.Redirect(w, r, "/store/1?signature="+signature, http.StatusFound)
		}
	}))
	defer server.Close()
	site, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := FileStore{Vendor: "Shop", Site: site, Keeps: func(string) bool { return false }}
	body, err := s.Open(t.Context(), server.URL+"/data/1")
	if err != nil || hops != 2 {
		t.Fatalf("%d calls, %v", hops, err)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
	round := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }))
	defer round.Close()
	if s.Site, err = url.Parse(round.URL); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), round.URL); err == nil || !strings.Contains(err.Error(), "again and again") {
		t.Errorf("an address that leads nowhere: %v", err)
	}
}
