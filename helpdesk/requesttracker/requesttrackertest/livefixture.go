package requesttrackertest

import (
	"net/http"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// Fixture is the real RT with what somebody may do in it. at is where the connector reaches it.
func (l Live) Fixture(c helpdesk.Connector, at string) helpdesktest.Fixture {
	return helpdesktest.Fixture{
		Desk: c, Name: "shop", Changes: c.Changes,
		Create: func(tb testing.TB, o helpdesktest.Opening) string {
			tb.Helper()
			return l.Mails(tb, "", MailOf(o.Name, o.Email, o.Subject, o.Text, nil))
		},
		CustomerSays: func(t *testing.T, ticket, text string) {
			t.Helper()
			l.Mails(t, ticket, MailOf("Ina Berg", "ina@customer.example", "Re: Lamp", text, nil))
		},
		CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
			t.Helper()
			l.Mails(t, ticket, MailOf("Ina Berg", "ina@customer.example", "Re: Lamp", text, files))
		},
		Count: func(t *testing.T, ticket, text string) int {
			t.Helper()
			return len(l.Saying(t, ticket, text))
		},
		FilesOf: func(t *testing.T, ticket, text string) []desk.Upload {
			t.Helper()
			return l.FilesOf(t, ticket, text)
		},
		Due: func(t *testing.T, ticket string) desk.Deadlines {
			t.Helper()
			at := time.Now().Add(26 * time.Hour).UTC().Truncate(time.Second)
			l.Call(t, l.Ana, http.MethodPut, "/ticket/"+ticket, map[string]any{"Due": at.Format(time.DateTime)})
			return desk.Deadlines{Resolution: at}
		},
		Brand: func(t *testing.T, ticket string, n int) string {
			t.Helper()
			name := []string{"General", "South Lamps"}[n]
			l.Call(t, l.Ana, http.MethodPut, "/ticket/"+ticket, map[string]any{"Queue": name})
			return name
		},
		Value: func(t *testing.T, ticket, typed string) {
			t.Helper()
			l.Call(t, l.Ana, http.MethodPut, "/ticket/"+ticket, map[string]any{"CustomFields": map[string]any{"Order value": typed}})
		},
		Merge: func(t *testing.T, from, into string) {
			t.Helper()
			l.Call(t, l.Ana, http.MethodPut, "/ticket/"+from, map[string]any{"MergeInto": into})
		},
		Macros:   []helpdesk.Macro{{ID: "2", Title: "Opening hours", Body: "We are open from 9 to 5."}},
		Articles: []helpdesk.Article{{ID: "1", Title: "Charging", Body: "Hold the button.\n\nFive seconds.", URL: at + "/Articles/Article/Display.html?id=1"}},
		Agent:    "ana", AgentName: "Ana Ferreira", AgentEmail: "Ana@shop.example", Missing: "404404",
	}
}
