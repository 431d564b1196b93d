package helpscout_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// asText is a number of a request or of an answer, however it was decoded.
func asText(v any) string { return fmt.Sprint(v) }

// httpServer serves a fake, every request held to our reading of the API, and returns its address.
func httpServer(t *testing.T, fake http.Handler) string {
	t.Helper()
	server := httptest.NewServer(ourReading.Hold(t, fake))
	t.Cleanup(server.Close)
	return server.URL
}
