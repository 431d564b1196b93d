package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// askedFor are the fields of an issue that we read; Jira gives every field of a site otherwise, of which some have thousands.
const askedFor = "summary,description,status,reporter,creator,assignee,priority,project,issuetype,labels,attachment,created,updated"

// askFor are the fields of an issue that are read, the site's own included.
func (c *Connector) askFor() string {
	if c.ValueField == "" {
		return askedFor
	}
	return askedFor + "," + c.ValueField
}

// channelProperty is where service management keeps how a request came in.
const channelProperty = "request.channel.type"

// reading is a ticket as it is put together.
type reading struct {
	me           *user
	issue        issue
	comments     []comment
	participants []user
	files        map[id][]escalate.File // by comment
	sign         signature
}

// Read implements desk.Helpdesk. It takes an issue's key, too.
func (c *Connector) Read(ctx context.Context, ticket string) (*desk.Snapshot, error) {
	me, err := c.self(ctx)
	if err != nil {
		return nil, err
	}
	r := reading{me: me, sign: signature{bot: c.BotName}}
	call := helpdesk.Call{Op: "read ticket", Path: issuePath(ticket), Query: url.Values{
		"fields": {c.askFor()}, "properties": {channelProperty}, "expand": {"changelog"},
	}}
	if err := c.http.Do(ctx, call, &r.issue); err != nil {
		return nil, err
	}
	f := &r.issue.Fields
	if f.Project != nil && f.Project.Key != "" && !c.ours(f.Project.Key) {
		return nil, fmt.Errorf("read ticket: %w: %s is in project %s, which is not connected", desk.ErrNotFound, r.issue.Key, f.Project.Key)
	}
	if r.comments, err = c.comments(ctx, ticket, me); err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Status: c.statusOf(f.Status), Content: c.content(&r)}
	if f.Assignee != nil {
		s.Assignee = escalate.AgentID(f.Assignee.AccountID)
	}
	if err := c.readRequest(ctx, ticket, &r, s); err != nil {
		return nil, err
	}
	s.Content.Messages = r.messages()
	return s, nil
}

// readRequest adds what only service management knows. An issue that is no request, such as one that an agent made for the team, has
// none of it.
func (c *Connector) readRequest(ctx context.Context, ticket string, r *reading, s *desk.Snapshot) error {
	var q request
	call := helpdesk.Call{Op: "read request", Path: requestPath(ticket), Query: url.Values{"expand": {"participant", "requestType"}}}
	switch err := c.http.Do(ctx, call, &q); {
	case errors.Is(err, desk.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	if q.RequestType != nil && q.RequestType.Name != "" {
		s.Content.Category = helpdesk.Clean(q.RequestType.Name)
	}
	if q.Participants != nil {
		r.participants = q.Participants.Values
	}
	var err error
	if s.Deadlines, err = c.deadlines(ctx, ticket); err != nil {
		return err
	}
	if len(r.issue.Fields.Attachments) > 0 {
		r.files, err = c.filesByComment(ctx, ticket)
	}
	return err
}

func (c *Connector) content(r *reading) escalate.Content {
	f := &r.issue.Fields
	content := escalate.Content{
		Number: helpdesk.Clean(r.issue.Key), Subject: strings.TrimSpace(helpdesk.Clean(f.Summary)), Channel: channelOf(r.issue.Properties), Category: helpdesk.Clean(nameOf(f.IssueType)),
		Priority: c.priorityOf(nameOf(f.Priority)), Tags: f.Labels, URL: c.URL + "/browse/" + url.PathEscape(r.issue.Key),
		Value: escalate.AmountOf(f.own[c.ValueField]),
	}
	if f.Project != nil {
		content.Brand = strings.TrimSpace(helpdesk.Clean(cmp.Or(f.Project.Name, f.Project.Key)))
	}
	if customer := r.customer(); customer != nil {
		content.Customer = escalate.Customer{Name: customer.name(), Email: helpdesk.Clean(customer.EmailAddress)}
	}
	return content
}

// customer is who asks: the reporter, or, where nobody is, who made the issue.
func (r *reading) customer() *user {
	if r.issue.Fields.Reporter != nil {
		return r.issue.Fields.Reporter
	}
	return r.issue.Fields.Creator
}

// channelOf reads how a request came in: {"request.channel.type": {"value": "email"}}.
func channelOf(properties json.RawMessage) string {
	var p map[string]struct {
		Value string `json:"value"`
	}
	if set(properties) && json.Unmarshal(properties, &p) != nil {
		return "web"
	}
	switch kind := strings.ToLower(p[channelProperty].Value); {
	case kind == "email":
		return "email"
	case slices.ContainsFunc([]string{"chat", "slack", "teams", "virtual"}, func(s string) bool { return strings.Contains(kind, s) }):
		return "chat"
	}
	return "web" // portal, anonymousportal, jira, api
}

// commentsAPage is the most that Jira gives at once; mostComments bounds what we hold of one ticket. An issue takes 5,000.
const (
	commentsAPage = 100
	mostComments  = 5_000
)

// comments reads all comments of an issue, oldest first.
func (c *Connector) comments(ctx context.Context, ticket string, me *user) ([]comment, error) {
	var all []comment
	seen := make(map[id]bool)
	for start := 0; start < mostComments; {
		var got struct {
			Comments []comment `json:"comments"`
			Total    *int      `json:"total"`
		}
		call := helpdesk.Call{Op: "read comments", Path: issuePath(ticket, "comment"), Query: url.Values{
			"startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(commentsAPage)}, "orderBy": {"created"}, "expand": {"properties"},
		}}
		if err := c.http.Do(ctx, call, &got); err != nil {
			return nil, err
		}
		for _, m := range got.Comments {
			if !seen[m.ID] { // one that is deleted meanwhile moves the others
				seen[m.ID] = true
				all = append(all, m)
			}
		}
		start += len(got.Comments)
		if len(got.Comments) == 0 || got.Total != nil && start >= *got.Total {
			break
		}
	}
	return all, c.addProperties(ctx, all, me)
}

// addProperties asks again for our own comments' properties where the list did not have them: that it takes expand=properties is
// widely relied on, and documented only for the list by ids.
func (c *Connector) addProperties(ctx context.Context, all []comment, me *user) error {
	at := make(map[id]int)
	var ids []json.Number
	for i, m := range all {
		if _, err := strconv.ParseInt(string(m.ID), 10, 64); err == nil && m.Properties == nil && m.Author.is(me.AccountID) {
			at[m.ID] = i
			ids = append(ids, json.Number(m.ID))
		}
	}
	for some := range slices.Chunk(ids, 500) {
		var got struct {
			Values []comment `json:"values"`
		}
		call := helpdesk.Call{
			Op: "read comments' properties", Method: "POST", Path: []string{"rest", "api", "3", "comment", "list"}, Reads: true,
			Query: url.Values{"expand": {"properties"}}, Body: map[string]any{"ids": some},
		}
		if err := c.http.Do(ctx, call, &got); err != nil {
			return err
		}
		for _, m := range got.Values {
			if i, ok := at[m.ID]; ok {
				all[i].Properties = m.Properties
			}
		}
	}
	return nil
}

// self is who the token belongs to. It is asked once: the account of a token does not change.
func (c *Connector) self(ctx context.Context) (*user, error) {
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me != nil {
		return me, nil
	}
	return c.askSelf(ctx)
}

func (c *Connector) askSelf(ctx context.Context) (*user, error) {
	var me user
	if err := c.http.Do(ctx, helpdesk.Call{Op: "ask whose token this is", Path: []string{"rest", "api", "3", "myself"}}, &me); err != nil {
		return nil, err
	}
	if me.AccountID == "" {
		return nil, errors.New("ask whose token this is: the answer has no account id")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.me = &me
	return &me, nil
}

func issuePath(ticket string, more ...string) []string {
	return append([]string{"rest", "api", "3", "issue", ticket}, more...)
}

func requestPath(ticket string, more ...string) []string {
	return append([]string{"rest", "servicedeskapi", "request", ticket}, more...)
}
