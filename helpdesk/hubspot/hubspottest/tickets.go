package hubspottest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// stamp is a time as the CRM writes it.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

// standing returns a ticket that is there; one that was merged as what it went into, unless those are gone.
func (f *Fake) standing(id string) (helpdesktest.Ticket, *failure) {
	for range 10 {
		t, ok := f.Book.Ticket(id)
		switch {
		case !ok || t.Deleted || t.Merged != "" && f.MergedGone:
			return t, gone()
		case t.Merged == "":
			return t, nil
		}
		id = t.Merged
	}
	return helpdesktest.Ticket{}, gone()
}

// own are properties that an account has beyond those which a book knows.
var own = []string{TagsProperty, "hs_ticket_category", "first_agent_reply_date", "source_type", "content"}

func (f *Fake) property(t helpdesktest.Ticket, name string) (value any, known bool) {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	switch name {
	case "subject":
		return text(t.Subject), true
	case "hs_object_id":
		return t.ID, true
	case "createdate":
		return stamp(t.Created), true
	case "hs_lastmodifieddate":
		return stamp(t.Updated), true
	case "hs_pipeline":
		return f.pipelineOf(t).ID, true
	case "hs_pipeline_stage":
		return cmp.Or(t.Status, "1"), true
	case "hs_ticket_priority":
		return text(t.Priority), true
	case ValueProperty:
		return text(t.Value), true
	case "hubspot_owner_id":
		return text(t.Assignee), true
	case "hs_time_to_first_response_sla_at":
		return stamp(t.Due.FirstResponse), true
	case "hs_time_to_next_response_sla_at":
		return stamp(t.Due.NextResponse), true
	case "hs_time_to_close_sla_at":
		return stamp(t.Due.Resolution), true
	case "hs_merged_object_ids":
		var ids []string
		for _, other := range f.Book.Tickets(func(o *helpdesktest.Ticket) bool { return o.Merged == t.ID }) {
			ids = append(ids, other.ID)
		}
		return text(strings.Join(ids, ";")), true
	}
	if slices.Contains(own, name) {
		s, _ := t.Extra[name].(string)
		return text(s), true
	}
	return nil, false
}

func (f *Fake) pipelineOf(t helpdesktest.Ticket) Pipeline {
	for _, p := range f.Pipelines {
		if slices.ContainsFunc(p.Stages, func(s Stage) bool { return s.ID == cmp.Or(t.Status, "1") }) {
			return p
		}
	}
	return f.Pipelines[0]
}

func (f *Fake) record(t helpdesktest.Ticket, names []string) map[string]any {
	properties := map[string]any{"hs_object_id": t.ID, "createdate": stamp(t.Created), "hs_lastmodifieddate": stamp(t.Updated)}
	for _, name := range names {
		if value, known := f.property(t, name); known {
			properties[name] = value
		}
	}
	return map[string]any{
		"id": t.ID, "properties": properties, "createdAt": stamp(t.Created), "updatedAt": stamp(t.Updated), "archived": false,
		"objectWriteTraceId": nil,
	}
}

func (f *Fake) showTicket(r *http.Request) (int, any, *failure) {
	t, fail := f.standing(r.PathValue("id"))
	if fail != nil {
		return 0, nil, fail
	}
	body := f.record(t, strings.Split(r.URL.Query().Get("properties"), ","))
	tied := map[string]any{}
	for kind := range strings.SplitSeq(r.URL.Query().Get("associations"), ",") {
		switch {
		case kind == "contacts" && t.Customer.Email != "":
			tied[kind] = map[string]any{"results": []any{map[string]any{"id": f.contact(t.Customer.Email), "type": "ticket_to_contact"}}}
		case kind == "notes" && len(f.notesOf(&t)) > 0:
			tied[kind] = map[string]any{"results": f.notesOf(&t)}
		}
	}
	if len(tied) > 0 {
		body["associations"] = tied
	}
	return http.StatusOK, body, nil
}

func (f *Fake) patchTicket(r *http.Request) (int, any, *failure) {
	var in struct {
		Properties map[string]any `json:"properties"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	t, fail := f.standing(r.PathValue("id"))
	if fail != nil {
		return 0, nil, fail
	}
	if len(in.Properties) == 0 {
		return 0, nil, bad("properties are missing")
	}
	for name, value := range in.Properties {
		s, ok := value.(string)
		if !ok {
			return 0, nil, bad("Cannot deserialize value of type java.lang.String from %T: %s", value, name)
		}
		if fail := f.mayBe(name, s); fail != nil {
			return 0, nil, fail
		}
	}
	t, _ = f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool {
		if t.Extra == nil {
			t.Extra = map[string]any{}
		}
		for name, value := range in.Properties {
			s, _ := value.(string)
			switch name {
			case "hs_pipeline_stage":
				t.Status = s
			case "hs_ticket_priority":
				t.Priority = s
			case "hubspot_owner_id":
				t.Assignee = s
			default:
				t.Extra[name] = s
			}
		}
		return true
	})
	return http.StatusOK, f.record(t, nil), nil
}

func (f *Fake) mayBe(name, value string) *failure {
	ok := slices.Contains(own, name)
	switch name {
	case "hs_pipeline_stage":
		ok = slices.ContainsFunc(f.Pipelines, func(p Pipeline) bool {
			return slices.ContainsFunc(p.Stages, func(s Stage) bool { return s.ID == value })
		})
	case "hs_ticket_priority":
		ok = slices.Contains(f.priorities(), value)
	case "hubspot_owner_id":
		ok = value == "" || slices.ContainsFunc(f.everyone(), func(a helpdesktest.Agent) bool { return a.ID == value })
	}
	if !ok {
		return bad("Property values were not valid: %s was not one of the allowed options of %s", value, name)
	}
	return nil
}

func (f *Fake) priorities() []string {
	if f.NoUrgent {
		return []string{"LOW", "MEDIUM", "HIGH"}
	}
	return []string{"LOW", "MEDIUM", "HIGH", "URGENT"}
}

type filter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

// searchTickets is the CRM's search: behind by Lag, of 200 a page, and of ten thousand in all.
func (f *Fake) searchTickets(r *http.Request) (int, any, *failure) {
	var in struct {
		Groups []struct {
			Filters []filter `json:"filters"`
		} `json:"filterGroups"`
		Sorts []struct {
			Property  string `json:"propertyName"`
			Direction string `json:"direction"`
		} `json:"sorts"`
		Properties []string `json:"properties"`
		Limit      int      `json:"limit"`
		After      string   `json:"after"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	after, err := strconv.Atoi(in.After)
	if err != nil || in.Limit < 1 || in.Limit > 200 || after+in.Limit > 10000 || len(in.Groups) != 1 || len(in.Sorts) > 1 {
		return 0, nil, bad("limit is at most 200, and at most 10000 results can be paged through")
	}
	found := f.Book.Tickets(func(t *helpdesktest.Ticket) bool {
		return !t.Deleted && t.Merged == "" && !f.now().Before(t.Updated.Add(f.Lag))
	})
	for _, one := range in.Groups[0].Filters {
		keep, fail := f.matches(one)
		if fail != nil {
			return 0, nil, fail
		}
		found = slices.DeleteFunc(found, func(t helpdesktest.Ticket) bool { return !keep(t) })
	}
	for _, s := range in.Sorts {
		slices.SortStableFunc(found, func(a, b helpdesktest.Ticket) int {
			way := compare(s.Property, a, b)
			if s.Direction == "DESCENDING" {
				return -way
			}
			return way
		})
	}
	total := len(found)
	results := []any{}
	for _, t := range found[min(after, total):min(after+in.Limit, total)] {
		results = append(results, f.record(t, in.Properties))
	}
	return http.StatusOK, map[string]any{"total": total, "results": results}, nil
}

func compare(property string, a, b helpdesktest.Ticket) int {
	if property == "hs_object_id" {
		return cmp.Compare(a.Number, b.Number)
	}
	return cmp.Compare(a.Updated.UnixMilli(), b.Updated.UnixMilli())
}

func (f *Fake) matches(one filter) (func(helpdesktest.Ticket) bool, *failure) {
	if one.Property == "hs_merged_object_ids" && one.Operator == "CONTAINS_TOKEN" {
		return func(t helpdesktest.Ticket) bool {
			ids, _ := f.property(t, one.Property)
			s, _ := ids.(string)
			return slices.Contains(strings.Split(s, ";"), one.Value)
		}, nil
	}
	value, err := strconv.ParseInt(one.Value, 10, 64)
	number := map[string]func(helpdesktest.Ticket) int64{
		"hs_lastmodifieddate": func(t helpdesktest.Ticket) int64 { return t.Updated.UnixMilli() },
		"hs_object_id":        func(t helpdesktest.Ticket) int64 { n, _ := strconv.ParseInt(t.ID, 10, 64); return n },
	}[one.Property]
	if err != nil || number == nil {
		return nil, bad("filter of %s by %q", one.Property, one.Value)
	}
	switch one.Operator {
	case "GTE":
		return func(t helpdesktest.Ticket) bool { return number(t) >= value }, nil
	case "GT":
		return func(t helpdesktest.Ticket) bool { return number(t) > value }, nil
	case "EQ":
		return func(t helpdesktest.Ticket) bool { return number(t) == value }, nil
	}
	return nil, bad("operator %s", one.Operator)
}
