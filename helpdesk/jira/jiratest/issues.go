package jiratest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

func (f *Fake) getIssue(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	q := r.URL.Query()
	fields := split(q["fields"])
	if len(fields) == 0 {
		fields = []string{"*all"}
	}
	i := f.issue(t, fields, split(q["properties"]))
	if slices.Contains(split(q["expand"]), "changelog") {
		i["changelog"] = f.changelog(t)
	}
	answer(w, http.StatusOK, i)
}

func (f *Fake) changelog(t *helpdesktest.Ticket) object {
	histories := []object{{
		"id": "10100", "author": nil, "created": f.stamp(t.Created.Add(time.Second)), "items": []object{{
			"field": "Request participants", "fieldtype": "custom", "fieldId": "customfield_10034", "from": nil, "fromString": nil, "to": nil, "toString": "",
		}},
	}}
	if len(t.Messages) > 0 && !t.Messages[0].Edited.IsZero() {
		editor := any(f.customer(t.Customer))
		if by, ok := t.Messages[0].Extra["edited_by"].(string); ok {
			editor = f.agent(by)
		}
		histories = append(histories, object{
			"id": "10101", "author": editor, "created": f.stamp(t.Messages[0].Edited), "items": []object{{
				"field": "description", "fieldtype": "jira", "fieldId": "description", "from": nil, "fromString": "", "to": nil, "toString": "",
			}},
		})
	}
	slices.Reverse(histories)
	return object{"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}
}

// edit is what can be changed of an issue here.
type edit struct {
	Update struct {
		Labels []struct {
			Add *string `json:"add"`
		} `json:"labels"`
	} `json:"update"`
	Fields struct {
		Priority *struct {
			ID string `json:"id"`
		} `json:"priority"`
	} `json:"fields"`
}

// check answers what Jira would refuse, and returns the name of the priority.
func (e *edit) check(w http.ResponseWriter) (priority string, ok bool) {
	for _, l := range e.Update.Labels {
		if l.Add == nil || *l.Add == "" || strings.ContainsAny(*l.Add, " \t\n") || len([]rune(*l.Add)) > 255 {
			fieldProblem(w, "labels", "The label contains spaces or is too long, which is invalid.")
			return "", false
		}
	}
	if e.Fields.Priority == nil {
		return "", true
	}
	at := slices.IndexFunc(prioritiesOf, func(n string) bool { return priorityID(n) == e.Fields.Priority.ID })
	if at < 0 {
		fieldProblem(w, "priority", "The priority selected is invalid.")
		return "", false
	}
	return prioritiesOf[at], true
}

// editIssue adds labels and sets the priority, and refuses all else.
func (f *Fake) editIssue(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var e edit
	if !decode(w, r, &e) {
		return
	}
	priority, ok := e.check(w)
	if !ok {
		return
	}
	f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool {
		for _, l := range e.Update.Labels {
			if !slices.Contains(t.Tags, *l.Add) {
				t.Tags = append(t.Tags, *l.Add)
			}
		}
		if priority != "" {
			t.Priority = priority
		}
		return true
	})
	w.WriteHeader(http.StatusNoContent)
}

var prioritiesOf = []string{"Highest", "High", "Medium", "Low", "Lowest"}

func priorityID(name string) string {
	return string(rune('1' + max(slices.Index(prioritiesOf, name), 0)))
}

func (f *Fake) editMeta(w http.ResponseWriter, _ *http.Request, _ *helpdesktest.Ticket) {
	fields := object{"labels": object{"required": false, "name": "Labels", "key": "labels", "operations": []string{"add", "set", "remove"}}}
	if !f.Lacks["priority"] {
		allowed := []object{}
		for _, name := range prioritiesOf {
			allowed = append(allowed, object{"self": "https://shop.atlassian.net/rest/api/3/priority/" + priorityID(name), "name": name, "id": priorityID(name)})
		}
		fields["priority"] = object{"required": false, "name": "Priority", "key": "priority", "operations": []string{"set"}, "allowedValues": allowed}
	}
	answer(w, http.StatusOK, object{"fields": fields})
}

func (f *Fake) assign(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var a map[string]*string
	if !decode(w, r, &a) {
		return
	}
	who, ok := a["accountId"]
	if !ok || len(a) != 1 {
		problem(w, http.StatusBadRequest, "accountId is missing.")
		return
	}
	agent := ""
	if who != nil {
		agent = *who
		if _, known := f.Book.Agent(agent); !known && agent != Self || strings.Contains(agent, "@") {
			problem(w, http.StatusBadRequest, "User '"+agent+"' does not exist.")
			return
		}
	}
	f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool { t.Assignee = agent; return true })
	w.WriteHeader(http.StatusNoContent)
}

// way is a transition of the workflow.
type way struct {
	id, name, to string
	resolution   bool // its screen asks for one
}

// workflow is that of Jira's template for service requests, in short.
var workflow = map[string][]way{
	"Waiting for support": {
		{"851", "Respond to customer", "Waiting for customer", false},
		{"871", "Pending", "Pending", false},
		{"761", "Resolve this issue", "Resolved", true},
		{"901", "Cancel request", "Canceled", true},
	},
	"Waiting for customer": {{"781", "Respond to support", "Waiting for support", false}, {"761", "Resolve this issue", "Resolved", true}},
	"Pending":              {{"891", "Back to work", "Waiting for support", false}},
	"Resolved":             {{"931", "Back to in progress", "Waiting for support", false}, {"941", "Close", "Closed", false}},
	"Canceled":             {{"931", "Back to in progress", "Waiting for support", false}},
	"Closed":               {},
}

func statusOf(name string) object {
	category := object{"self": "https://shop.atlassian.net/rest/api/3/statuscategory/4", "id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"}
	if name == "Resolved" || name == "Closed" || name == "Canceled" {
		category = object{"self": "https://shop.atlassian.net/rest/api/3/statuscategory/3", "id": 3, "key": "done", "colorName": "green", "name": "Done"}
	}
	return object{
		"self": "https://shop.atlassian.net/rest/api/3/status/10009", "description": "", "name": name, "id": "10009", "untranslatedName": name,
		"statusCategory": category,
	}
}

func (f *Fake) getTransitions(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	ways := []object{}
	for _, way := range workflow[t.Status] {
		if f.Lacks["TRANSITION_ISSUES"] {
			break
		}
		o := object{
			"id": way.id, "name": way.name, "to": statusOf(way.to), "hasScreen": way.resolution, "isGlobal": false, "isInitial": false, "isAvailable": true,
			"isConditional": false, "isLooped": false,
		}
		if slices.Contains(split(r.URL.Query()["expand"]), "transitions.fields") {
			fields := object{}
			if way.resolution {
				fields["resolution"] = object{
					"required": true, "name": "Resolution", "key": "resolution", "hasDefaultValue": false, "operations": []string{"set"},
					"allowedValues": []object{{"id": "10002", "name": "Won't Do"}, {"id": "10000", "name": "Done"}},
				}
			}
			o["fields"] = fields
		}
		ways = append(ways, o)
	}
	answer(w, http.StatusOK, object{"expand": "transitions", "transitions": ways})
}

func (f *Fake) takeTransition(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var take struct {
		Transition struct {
			ID string `json:"id"`
		} `json:"transition"`
		Fields struct {
			Resolution *struct {
				ID string `json:"id"`
			} `json:"resolution"`
		} `json:"fields"`
	}
	if !decode(w, r, &take) {
		return
	}
	at := slices.IndexFunc(workflow[t.Status], func(way way) bool { return way.id == take.Transition.ID })
	if at < 0 {
		problem(w, http.StatusBadRequest, "It seems that you have tried to perform an illegal workflow operation.")
		return
	}
	way := workflow[t.Status][at]
	if way.resolution && (take.Fields.Resolution == nil || take.Fields.Resolution.ID != "10000" && take.Fields.Resolution.ID != "10002") {
		fieldProblem(w, "resolution", "Resolution is required.")
		return
	}
	f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool { t.Status = way.to; return true })
	w.WriteHeader(http.StatusNoContent)
}

// Open adds a request as its customer would make it in the portal.
func (f *Fake) Open(c escalate.Customer, subject, text string) helpdesktest.Ticket {
	return f.Book.Open(helpdesktest.Ticket{
		Subject: subject, Customer: c, Status: "Waiting for support", Priority: "Medium", Channel: "portal",
		Messages: []helpdesktest.Message{{ID: "description", Role: escalate.RoleCustomer, Author: c.Email, Public: true, Body: ADF(text), At: f.now()}},
	})
}
