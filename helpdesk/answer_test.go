package helpdesk_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
)

func TestWhatWasWrongIsSaidInTheHelpdesksOwnWords(t *testing.T) {
	for body, want := range map[string]string{
		`{"errorMessages":["Issue does not exist."],"errors":{}}`:                      "400 Bad Request: Issue does not exist.",
		`{"errorMessages":[],"errors":{"labels":"It has spaces.","priority":"None."}}`: "400 Bad Request: labels: It has spaces.: priority: None.",
		`{"errorMessage":"public must be set.","i18nErrorMessage":{"i18nKey":"x"}}`:    "400 Bad Request: public must be set.",
		`{"token":"secret"}`: "400 Bad Request",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, body)
		}))
		err := client(t, helpdesk.HTTPOptions{BaseURL: server.URL}).Do(t.Context(), helpdesk.Call{Op: "write"}, nil)
		server.Close()
		if err == nil || !strings.HasSuffix(err.Error(), "refused: "+want) {
			t.Errorf("of %s: got %v, want %q", body, err, want)
		}
	}
}
