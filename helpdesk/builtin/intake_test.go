package builtin_test

import (
	"net/http"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
	"warmline/helpdesk/helpdesktest"
)

func TestIntake(t *testing.T) {
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: func(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
			return builtin.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now})
		},
		Sign: func(secret string, at time.Time, body []byte) http.Header {
			h := http.Header{}
			if err := helpdesk.SignWebhook(h, secret, "msg_1", at, body); err != nil {
				t.Fatal(err)
			}
			return h
		},
		Body: []byte(`{"type": "ticket.updated", "ticket": "1042", "channel": "chat", "at": "2026-11-23T08:00:00Z"}`), Tickets: []string{"1042"},
		Signature: "Webhook-Signature", TimeHeader: "Webhook-Timestamp",
		Secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", Older: "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4",
		Foreign: "whsec_enl4d3Z1dHNycXBvbm1sa2ppaGdmZWRj",
	})
}
