package main

import (
	"net/http"
	"testing"
	"time"

	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpscout/helpscouttest"
	"warmline/helpdesk/hubspot/hubspottest"
	"warmline/helpdesk/jira/jiratest"
	"warmline/helpdesk/requesttracker/requesttrackertest"
	"warmline/helpdesk/zendesk/zendesktest"
)

// hookSecret signs the webhooks of every vendor's fake.
const hookSecret = "c2VjcmV0LW9mLXRoZS1zdG9yaWVz"

// told is the webhook with which a vendor tells of a ticket that a customer opened: its headers, signed, and its body.
func (v *stormy) told(tb testing.TB, ticket string) (http.Header, []byte) {
	tb.Helper()
	switch f := v.fake.(type) {
	case *zendesktest.Fake:
		return f.Hook(ticket, "ticket.created", hookSecret)
	case *freshdesktest.Fake:
		return f.Hook(hookSecret, ticket)
	case *gorgiastest.Fake:
		return f.Hook(hookSecret, ticket)
	case *helpscouttest.Fake:
		return f.Hook(hookSecret, "convo.created", ticket)
	case *fronttest.Fake:
		return f.Hook(ticket, hookSecret)
	case *hubspottest.Fake:
		return f.Hook(v.account.HookURL, hookSecret, ticket)
	case *jiratest.Fake:
		found, _ := v.book.Ticket(ticket)
		return f.Hook(found, "jira:issue_created", hookSecret)
	case *generictest.Fake:
		return f.Hook(hookSecret, "evt_"+ticket, time.Now(), ticket)
	case *requesttrackertest.Fake:
		return f.Hook(hookSecret, time.Now(), ticket)
	}
	tb.Fatalf("%s has no webhooks", v.name)
	return nil, nil
}
