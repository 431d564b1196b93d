package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"warmline/helpdesk"
)

// deliveryHeader names a delivery, the same for every repeat of it.
const deliveryHeader = "X-Atlassian-Webhook-Identifier"

// events are those that a webhook needs.
var events = []string{"jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted"}

// intake takes the webhooks that an administrator registered; only those are signed (developer.atlassian.com, Webhooks, "Secure admin
// webhooks"). Nothing says when one was signed: a repeat shows by its id, and is only ever a hint to read the ticket again.
func intake(a helpdesk.Account) (helpdesk.Intake, error) {
	scheme := helpdesk.HMAC{Header: "X-Hub-Signature", Prefix: "sha256=", ID: deliveryID}
	verify, err := scheme.Verify(a.HookSecrets, a.Now)
	projects := projectsOf(a.Settings["project"])
	return helpdesk.Intake{Verify: verify, Parse: func(body []byte) ([]helpdesk.Hint, error) { return parse(body, projects) }}, err
}

func deliveryID(header http.Header, body []byte) (string, error) {
	name, err := helpdesk.Only(header, deliveryHeader)
	switch {
	case len(header.Values(deliveryHeader)) == 0:
		return helpdesk.BodyID(body), nil // the body has the time of the event
	case err != nil:
		return "", err
	case len(name) > 200:
		return "", errors.New(deliveryHeader + " is longer than 200 bytes")
	}
	return helpdesk.Clean(name), nil
}

// parse reads which ticket a delivery is about: none for what is no issue of ours. Its content is not looked at: it lacks half of the
// ticket, and comes in another format.
func parse(body []byte, projects []string) ([]helpdesk.Hint, error) {
	var d struct {
		Event string `json:"webhookEvent"`
		Issue *struct {
			ID     id     `json:"id"`
			Key    string `json:"key"`
			Fields *struct {
				Project *label `json:"project"`
			} `json:"fields"`
		} `json:"issue"`
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	if d.Issue == nil || !slices.Contains(events, d.Event) {
		return nil, nil
	}
	if d.Issue.ID == "" {
		return nil, errors.New("the delivery has an issue without an id")
	}
	project, _, _ := strings.Cut(d.Issue.Key, "-")
	if f := d.Issue.Fields; f != nil && f.Project != nil && f.Project.Key != "" {
		project = f.Project.Key
	}
	if project != "" && len(projects) > 0 && !slices.Contains(projects, project) {
		return nil, nil
	}
	return []helpdesk.Hint{{Ticket: string(d.Issue.ID)}}, nil
}

func paste(url string) string {
	return "In Jira, as an administrator: Settings, System, WebHooks, Create a WebHook.\n" +
		"  URL: " + url + "\n" +
		"  Secret: one that you make with: openssl rand -base64 24   (the same on both sides)\n" +
		"  Issue related events, JQL: project = SUP   (the projects that are connected)\n" +
		"  Issue: created, updated, deleted. Comment: created, updated, deleted.\n" +
		"  Exclude body: no"
}
