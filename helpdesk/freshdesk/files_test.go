package freshdesk_test

import (
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
)

// sends adds a message with a file and returns what it takes to open it.
func sends(t *testing.T, fake *freshdesktest.Fake, c *freshdesk.Connector) (string, escalate.MessageID, escalate.FileID) {
	t.Helper()
	id := fake.Open(ina, "")
	fake.Says(id, helpdesktest.Message{
		Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: "<p>Look.</p>", Files: []desk.Upload{{Name: "a.png", Type: "image/png", Body: []byte("png")}},
	}, 0)
	m := read(t, c, id).Content.Messages[1]
	return id, m.ID, m.Files[0].ID
}

func TestAFileElsewhereIsNotOpened(t *testing.T) {
	for address, why := range map[string]string{
		"https://files.else.example":                    "where Freshdesk keeps none",
		"http://s3.amazonaws.com":                       "where Freshdesk keeps none",
		"https://10.0.0.7":                              "where Freshdesk keeps none",
		"https://169.254.169.254":                       "where Freshdesk keeps none",
		"https://cdn.freshdesk.com:8443":                "where Freshdesk keeps none",
		"https://freshdesk.com.else.example":            "where Freshdesk keeps none",
		"https://s3.amazonaws.com.else.example":         "where Freshdesk keeps none",
		"https://ec2-10-0-0-7.compute.amazonaws.com":    "where Freshdesk keeps none",
		"https://key:secret@cdn.freshdesk.com":          "cannot be read",
		"file://":                                       "cannot be read",
		"http://127.0.0.1:1":                            "where Freshdesk keeps none",
		"https://evil.example/.freshdesk.com":           "where Freshdesk keeps none",
		"https://evil.example?x=.s3.amazonaws.com":      "where Freshdesk keeps none",
		"https://attachment.freshdesk.com.evil.example": "where Freshdesk keeps none",
	} {
		fake, c := account(t, func(f *freshdesktest.Fake) { f.FileURL = address })
		id, m, file := sends(t, fake, c)
		r, err := c.OpenFile(t.Context(), id, m, file)
		if r != nil || !isRefused(err) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want a refusal: %s", address, err, why)
		}
	}
}

func TestTheFileOfAMessageIsNotThatOfAnother(t *testing.T) {
	fake, c := account(t, nil)
	id, m, file := sends(t, fake, c)
	if _, err := c.OpenFile(t.Context(), id, "description", file); err == nil {
		t.Error("a file opens as one of the ticket's own text")
	}
	if _, err := c.OpenFile(t.Context(), id, m+"1", file); err == nil {
		t.Error("a file opens as one of a message that is not there")
	}
}
