package jiratest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// jql is the part of Jira's query language that is understood here.
var jql = regexp.MustCompile(`^project in \(("[A-Z][A-Z0-9_]*"(?:, "[A-Z][A-Z0-9_]*")*)\)` +
	`(?: AND updated >= "(\d{4}/\d\d/\d\d \d\d:\d\d)")?(?: AND reporter = "([A-Za-z0-9:_-]+)" AND created >= "-(\d+)d")? ORDER BY (?:updated|created) (ASC|DESC)$`)

type place struct {
	JQL   string `json:"jql"`
	Start int    `json:"start"`
}

// follow reads a token, which is good for the search that gave it.
func (p *place) follow(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	asked := p.JQL
	return err == nil && json.Unmarshal(raw, p) == nil && p.JQL == asked
}

// search finds issues as the index shows them: late, from a whole minute of the reader's zone on, and with no field that was not
// asked for. There is no total.
func (f *Fake) search(w http.ResponseWriter, r *http.Request) {
	var q struct {
		JQL        string   `json:"jql"`
		Fields     []string `json:"fields"`
		Properties []string `json:"properties"`
		MaxResults *int     `json:"maxResults"`
		Token      *string  `json:"nextPageToken"`
		Expand     string   `json:"expand"`
		Reconcile  []int64  `json:"reconcileIssues"`
	}
	if !decode(w, r, &q) {
		return
	}
	part := jql.FindStringSubmatch(q.JQL)
	if part == nil {
		problem(w, http.StatusBadRequest, "Error in the JQL Query: "+q.JQL)
		return
	}
	at := place{JQL: q.JQL}
	if q.Token != nil && !at.follow(*q.Token) {
		problem(w, http.StatusBadRequest, "The nextPageToken is invalid or has expired.")
		return
	}
	most := 50
	if q.MaxResults != nil {
		most = min(max(*q.MaxResults, 1), 100)
	}
	all := f.indexed(part)
	issues := []object{}
	for _, t := range window(all, at.Start, most) {
		issues = append(issues, f.issue(&t, q.Fields, q.Properties))
	}
	out := object{"issues": issues, "isLast": at.Start+most >= len(all)}
	if at.Start+most < len(all) {
		next, _ := json.Marshal(place{q.JQL, at.Start + most}) // of a string and a number
		out["nextPageToken"] = base64.RawURLEncoding.EncodeToString(next)
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) indexed(part []string) []helpdesktest.Ticket {
	projects := strings.Split(strings.ReplaceAll(part[1], `"`, ""), ", ")
	var since time.Time
	if part[2] != "" {
		since, _ = time.ParseInLocation("2006/01/02 15:04", part[2], f.zone()) // the pattern has its form
	}
	all := f.Book.Since(since)
	late := func(t *helpdesktest.Ticket) bool {
		lag := f.Lag
		if t.Number%2 == 0 {
			lag /= 4
		}
		return lag > 0 && t.Updated.After(f.now().Add(-lag))
	}
	days, _ := strconv.Atoi(part[4]) // the pattern has its form
	oldest := f.now().Add(-time.Duration(days) * 24 * time.Hour)
	all = slices.DeleteFunc(all, func(t helpdesktest.Ticket) bool {
		if part[3] != "" && (CustomerID(t.Customer.Email) != part[3] || t.Created.Before(oldest)) {
			return true
		}
		return t.Deleted || !slices.Contains(projects, projectOf(&t)) || late(&t)
	})
	if part[5] == "DESC" {
		slices.Reverse(all)
	}
	return all
}
