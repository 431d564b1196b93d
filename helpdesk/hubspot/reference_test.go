package hubspot_test

import (
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot/hubspottest"
)

func TestAReferenceCountsOnlyInWhatWeWrote(t *testing.T) {
	const body = "<p>Hold the button.<br><br>[ref:reply-1]</p>"
	ana := "A-980101"
	for name, tc := range map[string]struct {
		m    helpdesktest.Message
		ours bool
	}{
		"ours":              {helpdesktest.Message{Role: escalate.RoleAgent, Author: ana, Public: true, Extra: map[string]any{"client": "INTEGRATION", "app": hubspottest.App}}, true},
		"a customer quotes": {helpdesktest.Message{Role: escalate.RoleCustomer, Author: "ina@customer.example", Public: true}, false},
		"a customer, by an app": {helpdesktest.Message{
			Role: escalate.RoleCustomer, Author: "ina@customer.example", Public: true, Extra: map[string]any{"client": "INTEGRATION", "app": hubspottest.App},
		}, false},
		"an agent pastes":           {helpdesktest.Message{Role: escalate.RoleAgent, Author: ana, Public: true}, false},
		"another app":               {helpdesktest.Message{Role: escalate.RoleAgent, Author: ana, Public: true, Extra: map[string]any{"client": "INTEGRATION", "app": "999"}}, false},
		"an agent pastes in a note": {helpdesktest.Message{Role: escalate.RoleAgent, Author: ana}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			id := w.ticket()
			tc.m.Body = body
			w.put(id, tc.m)
			m := w.newest(id)
			equal(t, "ours", m.Marker == "reply-1", tc.ours)
			equal(t, "reference stays", strings.Contains(m.Text, "[ref:"), !tc.ours)
		})
	}
}

// Where HubSpot does not say what a message came by, what repeats a reference is a copy.
func TestWithoutAClientTheFirstReferenceCounts(t *testing.T) {
	w := newWorld(t, nil)
	w.NoClient = true
	id := w.ticket()
	w.write(id, reply("Hold the button."))
	w.put(id, helpdesktest.Message{Role: escalate.RoleAgent, Author: "A-980101", Public: true, Body: "<p>As I said: hold it.<br><br>[ref:reply-1]</p>"})
	all := w.read(id).Content.Messages
	equal(t, "first", all[1].Marker, "reply-1")
	equal(t, "copy", all[2].Marker, "")
}

// A reply whose reference is not found would be sent again, so it is found whatever HubSpot or a channel makes of the text.
func TestOurReferenceIsFoundWhateverBecameOfTheText(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	for body, text := range map[string]string{
		"<p>Hold it.</p><p>[ref:reply-1]</p>":                                        "Hold it.",
		"<div>Hold it. [ref:reply-1]</div>":                                          "Hold it.",
		"<p>Hold it.</p><p>[ref:reply-1]</p><p>Shop Assistant<br>shop.example</p>":   "Hold it.",
		"<p>You wrote [ref:x].</p><p>Hold it.</p><p>[ref:reply-1]</p><div>-- </div>": "You wrote [ref:x].\n\nHold it.",
	} {
		w.put(id, helpdesktest.Message{
			Role: escalate.RoleAgent, Author: hubspottest.Actor(hubspottest.Bot), Public: true, Body: body,
			Extra: map[string]any{"client": "INTEGRATION", "app": hubspottest.App},
		})
		m := w.newest(id)
		equal(t, "marker of "+body, m.Marker, "reply-1")
		equal(t, "text of "+body, m.Text, text)
		equal(t, "role of "+body, m.Role, escalate.RoleBot)
	}
}
