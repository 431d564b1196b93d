package jira_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/jira/jiratest"
)

var ana = helpdesktest.Agent{ID: "5b10ac8d82e05b22cc7d4ef5", Name: "Ana Ruiz", Email: "ana@shop.example"}

func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		fake := jiratest.New(&helpdesktest.Book{Agents: []helpdesktest.Agent{ana}})
		return fake.Fixture(connect(t, fake, m.Wrap(held(t, fake))))
	})
}

// connect serves a fake's handler and connects to it.
func connect(t *testing.T, fake *jiratest.Fake, handler http.Handler) *jira.Connector {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := jira.Vendor.Connect(fake.Account("shop", server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return c.(*jira.Connector) //nolint:forcetypeassert // it is what the vendor connects
}

// held holds the requests to a fake to Atlassian's two specifications. Which of them knows a request, its path says.
func held(t *testing.T, fake http.Handler) http.Handler {
	t.Helper()
	service := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/rest/servicedeskapi/") }
	// The administrators' webhooks are documented beside the specifications.
	hooks := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/rest/webhooks/1.0/") }
	return helpdesktest.Spec{
		File: "jira/platform-v3.json",
		Skip: func(r *http.Request) bool { return service(r) || hooks(r) },
		Allow: func(r *http.Request, err error) bool {
			// null takes the assignee off, as the operation's own text says; the schema forgot it.
			return strings.HasSuffix(r.URL.Path, "/assignee") && strings.Contains(err.Error(), "Value is not nullable")
		},
	}.Hold(t, helpdesktest.Spec{
		File: "jira-service-management/openapi.json",
		Skip: func(r *http.Request) bool {
			// The text asks for multipart/form-data where the schema has application/octet-stream.
			return !service(r) || strings.HasSuffix(r.URL.Path, "/attachTemporaryFile")
		},
	}.Hold(t, fake))
}

var (
	_ helpdesk.Connector = (*jira.Connector)(nil)
	_ desk.FileReader    = (*jira.Connector)(nil)
)
