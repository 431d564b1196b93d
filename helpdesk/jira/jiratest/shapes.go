package jiratest

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// object is a JSON object in Jira's words.
type object = map[string]any

// stamp writes an instant as Jira does: in the zone of the reader, with four digits of offset and no colon.
func (f *Fake) stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.In(f.zone()).Format("2006-01-02T15:04:05.000-0700")
}

func (f *Fake) zone() *time.Location {
	where, err := time.LoadLocation(f.Zone)
	if err != nil {
		return time.UTC
	}
	return where
}

func (f *Fake) moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return object{
		"iso8601": at.In(f.zone()).Format("2006-01-02T15:04:05-0700"), "jira": f.stamp(at), "friendly": "Today 10:22 AM", "epochMillis": at.UnixMilli(),
	}
}

// CustomerID is the account id of a customer.
func CustomerID(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return fmt.Sprintf("qm:a713c8ea-1075-4e30-9d96-891a7d181739:%x", sum[:12])
}

func (f *Fake) user(accountID, kind, name, email string) object {
	u := object{
		"self": "https://shop.atlassian.net/rest/api/3/user?accountId=" + accountID, "accountId": accountID, "accountType": kind, "displayName": name,
		"active": true, "timeZone": f.Zone, "avatarUrls": object{}, "emailAddress": email, "locale": nil,
	}
	if f.HidesZone {
		u["timeZone"] = nil
	}
	if f.HidesEmails {
		delete(u, "emailAddress")
	}
	return u
}

func (f *Fake) self() object { return f.user(Self, "atlassian", "Warmline", Email) }

// customer is who asks: also somebody with an agent's licence can.
func (f *Fake) customer(c escalate.Customer) object {
	if a, ok := f.Book.Agent(c.Email); ok {
		return f.user(a.ID, "atlassian", a.Name, a.Email)
	}
	return f.user(CustomerID(c.Email), "customer", c.Name, c.Email)
}

func (f *Fake) agent(id string) any {
	if id == "" {
		return nil
	}
	if id == Self {
		return f.self()
	}
	a, _ := f.Book.Agent(id)
	return f.user(id, "atlassian", a.Name, a.Email)
}

// author is who wrote a message: an agent, the customer, or another one, whose name is Extra["name"].
func (f *Fake) author(t *helpdesktest.Ticket, m *helpdesktest.Message) any {
	switch {
	case m.Author == "":
		return nil
	case m.Author == t.Customer.Email:
		return f.customer(t.Customer)
	case m.Extra["app"] != nil:
		return f.user(m.Author, "app", "Automation for Jira", "")
	case strings.Contains(m.Author, "@"):
		name, _ := m.Extra["name"].(string)
		return f.customer(escalate.Customer{Name: name, Email: m.Author})
	}
	return f.agent(m.Author)
}

func (f *Fake) id(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && f.NumericIDs {
		return n
	}
	return s
}

func (f *Fake) comment(t *helpdesktest.Ticket, m *helpdesktest.Message, properties bool) object {
	updated := m.Edited
	if updated.IsZero() {
		updated = m.At
	}
	sees, _ := m.Extra["sees"].(bool)
	c := object{
		"self": "https://shop.atlassian.net/rest/api/3/issue/" + t.ID + "/comment/" + m.ID, "id": f.id(m.ID),
		"author": f.author(t, m), "updateAuthor": f.author(t, m), "body": json.RawMessage(m.Body), "created": f.stamp(m.At), "updated": f.stamp(updated),
		"jsdPublic": m.Public, "jsdAuthorCanSeeRequest": m.Extra["sees"] == nil || sees, "parentId": nil,
	}
	if restricted := m.Extra["visibility"]; restricted != nil {
		c["visibility"] = restricted
	}
	if properties {
		c["properties"] = propertiesOf(m)
	}
	return c
}

// propertiesOf are a comment's properties, service management's own among them.
func propertiesOf(m *helpdesktest.Message) []object {
	all, _ := m.Extra["properties"].([]object)
	if slices.ContainsFunc(all, func(p object) bool { return p["key"] == visibility }) {
		return all
	}
	return append([]object{{"key": visibility, "value": object{"internal": !m.Public}}}, all...)
}

// comments are a ticket's messages but for the first, which is the description.
func comments(t *helpdesktest.Ticket) []helpdesktest.Message {
	if len(t.Messages) == 0 {
		return nil
	}
	return t.Messages[1:]
}

func fileIDs(m *helpdesktest.Message) []string {
	ids, _ := m.Extra["files"].([]string)
	return ids
}

func (f *Fake) attachments(t *helpdesktest.Ticket) []object {
	all := []object{}
	for i := range t.Messages {
		m := &t.Messages[i]
		for j, id := range fileIDs(m) {
			file := m.Files[j]
			all = append(all, object{
				"self": "https://shop.atlassian.net/rest/api/3/attachment/" + id, "id": f.id(id), "filename": file.Name, "author": f.author(t, m), "created": f.stamp(m.At),
				"size": len(file.Body), "mimeType": file.Type, "content": "https://shop.atlassian.net/rest/api/3/attachment/content/" + id, "thumbnail": nil,
			})
		}
	}
	return all
}

var projectNames = map[string]string{Project: "Support", Other: "South Lamps"}

func (f *Fake) fields(t *helpdesktest.Ticket) object {
	state := statusOf(t.Status)
	description := any(nil)
	if len(t.Messages) > 0 && t.Messages[0].Body != "" {
		description = json.RawMessage(t.Messages[0].Body)
	}
	priority := any(nil)
	if t.Priority != "" {
		priority = object{"self": "https://shop.atlassian.net/rest/api/3/priority/" + priorityID(t.Priority), "name": t.Priority, "id": priorityID(t.Priority), "iconUrl": ""}
	}
	tags := slices.Clone(t.Tags)
	if tags == nil {
		tags = []string{}
	}
	reporter := any(nil)
	if t.Customer.Email != "" {
		reporter = f.customer(t.Customer)
	}
	value := any(nil)
	if t.Value != "" {
		value = helpdesktest.Typed(t.Value)
	}
	return object{
		ValueField: value, "summary": t.Subject, "description": description, "status": state, "reporter": reporter, "creator": reporter, "assignee": f.agent(t.Assignee),
		"priority": priority, "project": object{"id": "10004", "key": projectOf(t), "name": cmp.Or(projectNames[projectOf(t)], "Support"), "projectTypeKey": "service_desk", "simplified": false},
		"issuetype": object{"id": "10011", "name": "[System] Service request", "subtask": false, "hierarchyLevel": 0, "entityId": nil}, "labels": tags,
		"attachment": f.attachments(t), "created": f.stamp(t.Created), "updated": f.stamp(t.Updated), "resolution": nil, "duedate": nil, "customfield_10020": nil,
		"timetracking": object{}, "votes": object{"votes": 0, "hasVoted": false},
	}
}

func (f *Fake) issue(t *helpdesktest.Ticket, fields []string, properties []string) object {
	all := f.fields(t)
	if !slices.Contains(fields, "*all") {
		for name := range all {
			if !slices.Contains(fields, name) {
				delete(all, name)
			}
		}
	}
	i := object{"expand": "renderedFields,names,schema", "id": t.ID, "key": Key(t), "self": "https://shop.atlassian.net/rest/api/3/issue/" + t.ID}
	if len(all) > 0 {
		i["fields"] = all
	}
	if slices.Contains(properties, "request.channel.type") {
		channel := t.Channel
		if channel == "" {
			channel = "portal"
		}
		i["properties"] = object{"request.channel.type": object{"value": channel}}
	}
	return i
}

// ADF is a document of plain text, as a customer's would be.
func ADF(text string) string { return string(richtext.ADF(text)) }

func split(list []string) (names []string) {
	for _, l := range list {
		for name := range strings.SplitSeq(l, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func number(r *http.Request, name string, otherwise, most int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return otherwise
	}
	return min(n, most)
}

// window is a page of a list.
func window[T any](all []T, start, most int) []T {
	start = min(start, len(all))
	return all[start:min(len(all), start+most)]
}
