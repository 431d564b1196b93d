package zendesk_test

import (
	"net/http"
	"testing"
)

func hold(_ testing.TB, h http.Handler) http.Handler { return h }
