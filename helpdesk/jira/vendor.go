package jira

import (
	"fmt"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Vendor is Jira Service Management, as one kind of helpdesk among the others.
var Vendor = helpdesk.Vendor{
	Name: "jira", Title: "Jira Service Management",
	Settings: []helpdesk.Setting{
		{Name: "url", Help: "where you open Jira", Example: "https://shop.atlassian.net"},
		{Name: "email", Help: "of the account that Warmline works as; give it an agent's licence", Example: "warmline@shop.example"},
		{Name: "token", Help: "its API token: id.atlassian.com, Security, API tokens", Secret: true},
		{Name: "project", Help: "the key of the service project, before the number of its requests; several with commas", Example: "SUP"},
		{Name: "api", Help: "only for a token with scopes", Example: "https://api.atlassian.com/ex/jira/{cloud id}", Optional: true},
		{Name: "statuses", Help: "your names of open, pending, on_hold, solved, closed", Example: "pending=Waiting for customer, solved=Done", Optional: true},
		{Name: "priorities", Help: "your names of low, normal, high, urgent", Example: "urgent=P1, high=P2", Optional: true},
		{Name: "slas", Help: "your names of first_response, next_response, resolution", Example: "resolution=Time to done", Optional: true},
		{Name: "value_field", Help: "the id of the custom field that says what a request is worth, a number: Settings, Issues, Custom fields, its address", Example: "customfield_10050", Optional: true},
		{Name: "request_type", Help: "the request type of what is opened from Slack; default the first that asks for a summary and a description alone", Example: "Get help", Optional: true},
		{Name: "agents", Help: "account ids by e-mail address, where people hide theirs", Example: "ana@shop.example=5b10ac8d82e05b22cc7d4ef5", Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect jira: %w", err)
		}
		return Connect(o)
	},
	Intake: intake,
	Paste:  paste,
}

func optionsOf(a helpdesk.Account) (o Options, err error) {
	s := a.Settings
	o = Options{
		Name: a.Name, URL: s["url"], API: s["api"], Email: s["email"], Token: s["token"], Projects: projectsOf(s["project"]),
		ValueField: s["value_field"], RequestType: s["request_type"], BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	if o.Statuses, err = named("statuses", s["statuses"], escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold,
		escalate.StatusSolved, escalate.StatusClosed); err != nil {
		return o, err
	}
	if o.Priorities, err = named("priorities", s["priorities"], priorities...); err != nil {
		return o, err
	}
	if o.SLAs, err = named("slas", s["slas"], firstResponse, nextResponse, resolution); err != nil {
		return o, err
	}
	agents, err := pairs("agents", s["agents"])
	o.Agents = make(map[string]escalate.AgentID)
	for _, p := range agents {
		o.Agents[p[0]] = escalate.AgentID(p[1])
	}
	return o, err
}

func projectsOf(setting string) (keys []string) {
	for key := range strings.SplitSeq(setting, ",") {
		if key = strings.TrimSpace(key); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// Abilities implements helpdesk.Connector.
func (c *Connector) Abilities() []helpdesk.Ability {
	has := map[helpdesk.Row]string{
		helpdesk.RowPoll:      "a search by the time of change, from a whole minute on; what was told before is left out",
		helpdesk.RowWebhook:   "signed with SHA-256; an administrator enters it, or Register does",
		helpdesk.RowRead:      "with all comments, participants, SLAs and files",
		helpdesk.RowNote:      "an internal comment; what came out is checked, and taken back if it is public",
		helpdesk.RowReply:     "a public comment by the token's account; in whose name it is stays with it, hidden",
		helpdesk.RowMarker:    "a hidden property of the comment; a short reference at the end of one with files",
		helpdesk.RowAssign:    "by account id",
		helpdesk.RowTags:      "labels, added one by one; a space becomes a hyphen",
		helpdesk.RowStatus:    "by a transition that leads there",
		helpdesk.RowPriority:  "by name, from those that the request takes",
		helpdesk.RowAgents:    "by e-mail address, unless its owner hides it; the setting agents names those",
		helpdesk.RowDeadlines: "the SLAs that are running",
		helpdesk.RowFiles:     "up to ten, 8 MiB in all, seen by whoever sees their comment",
		helpdesk.RowRegister:  "if the token's account administers Jira",
		helpdesk.RowPast:      "by the time of change",
		helpdesk.RowOpen:      "a request of the first project, for its customer; found again by the description's last line",
		helpdesk.RowBrand:     "the project, by name",
		helpdesk.RowValue:     "of the field " + c.ValueField,
	}
	lacks := map[helpdesk.Row]string{
		helpdesk.RowStamp:  "Jira has no version of a request: before each reply it is read again, and after a lost answer the marker is looked for",
		helpdesk.RowMacros: "Jira gives no canned responses to programs; bring a file: --macros",
		helpdesk.RowArticles: "Jira gives only extracts that match a word, pages for agents among them; export the space from Confluence and bring a " +
			"file: --articles",
		helpdesk.RowMerges: "Jira links requests and merges none; one that is moved keeps its id",
	}
	if c.ValueField == "" {
		delete(has, helpdesk.RowValue)
		lacks[helpdesk.RowValue] = "the setting value_field names no custom field"
	}
	return helpdesk.Describe(has, lacks)
}
