package jiratest

import (
	"encoding/json"
	"net/http"
	"slices"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// longestComment is Jira's bound, in characters.
const longestComment = 32_767

func (f *Fake) getComments(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	if by := r.URL.Query().Get("orderBy"); by != "" && by != "created" && by != "-created" && by != "+created" {
		problem(w, http.StatusBadRequest, "The orderBy is invalid.")
		return
	}
	all := comments(t)
	start, most := number(r, "startAt", 0, 1<<30), number(r, "maxResults", 50, 100)
	out := []object{}
	for _, m := range window(all, start, most) {
		out = append(out, f.comment(t, &m, !f.NoProperties && slices.Contains(split(r.URL.Query()["expand"]), "properties")))
	}
	answer(w, http.StatusOK, object{
		"self": "https://shop.atlassian.net/rest/api/3/issue/" + t.ID + "/comment", "startAt": start, "maxResults": most, "total": len(all), "comments": out,
	})
}

// commentList gives comments by their ids, which are numbers here.
func (f *Fake) commentList(w http.ResponseWriter, r *http.Request) {
	var q struct {
		IDs []int64 `json:"ids"`
	}
	if !decode(w, r, &q) {
		return
	}
	if len(q.IDs) == 0 || len(q.IDs) > 1000 {
		problem(w, http.StatusBadRequest, "Between 1 and 1000 ids are required.")
		return
	}
	out := []object{}
	for _, t := range f.Book.Tickets(nil) {
		for _, m := range comments(&t) {
			if slices.ContainsFunc(q.IDs, func(n int64) bool { return json.Number(m.ID) == json.Number(itoa(n)) }) {
				out = append(out, f.comment(&t, &m, slices.Contains(split(r.URL.Query()["expand"]), "properties")))
			}
		}
	}
	answer(w, http.StatusOK, object{"self": "", "maxResults": 1048576, "startAt": 0, "total": len(out), "isLast": true, "values": out})
}

func (f *Fake) getComment(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	for _, m := range comments(t) {
		if m.ID == r.PathValue("comment") {
			answer(w, http.StatusOK, f.comment(t, &m, false))
			return
		}
	}
	problem(w, http.StatusNotFound, "Can not find a comment for the id: "+r.PathValue("comment")+".")
}

// addComment is the platform's: public, unless a property says otherwise.
func (f *Fake) addComment(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var n struct {
		Body       json.RawMessage `json:"body"`
		Visibility json.RawMessage `json:"visibility"`
		Properties []struct {
			Key   string          `json:"key"`
			Value json.RawMessage `json:"value"`
		} `json:"properties"`
	}
	if !decode(w, r, &n) {
		return
	}
	if err := richtext.CheckADF(n.Body); err != nil {
		fieldProblem(w, "comment", "Comment body is not valid! "+err.Error())
		return
	}
	text, err := richtext.TextOfADF(n.Body)
	switch {
	case err != nil || text == "":
		fieldProblem(w, "comment", "Comment body can not be empty!")
		return
	case len([]rune(text)) > longestComment:
		fieldProblem(w, "comment", "The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
		return
	}
	m := helpdesktest.Message{Role: escalate.RoleBot, Author: Self, Public: true, Body: string(n.Body), Extra: object{"via": "platform"}}
	properties := []object{}
	for _, p := range n.Properties {
		if len(p.Key) == 0 || len(p.Key) > 255 || len(p.Value) > 32_768 {
			problem(w, http.StatusBadRequest, "The property is invalid.")
			return
		}
		properties = append(properties, object{"key": p.Key, "value": p.Value})
		var v struct {
			Internal bool `json:"internal"`
		}
		if p.Key == "sd.public.comment" && json.Unmarshal(p.Value, &v) == nil {
			m.Public = !v.Internal
			m.Extra["explicit"] = true
		}
	}
	m.Extra["properties"] = properties
	m.Public = (m.Public || f.IgnoresInternal) && !f.KeepsInternal
	if f.IgnoresInternal || f.KeepsInternal {
		m.Extra["properties"] = slices.DeleteFunc(properties, func(p object) bool { return p["key"] == "sd.public.comment" })
	}
	kept, ok := f.Book.Add(t.ID, m)
	if !ok {
		problem(w, http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
		return
	}
	f.remember(t.ID, kept)
	out := f.comment(t, &kept, false)
	if f.AnswersEarly {
		out["jsdPublic"] = !kept.Public
	}
	answer(w, http.StatusCreated, out)
}

func (f *Fake) deleteComment(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	if f.Lacks["DELETE_OWN_COMMENTS"] {
		problem(w, http.StatusBadRequest, "You do not have the permission to delete this comment.")
		return
	}
	_, ok := f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool {
		before := len(t.Messages)
		t.Messages = slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return m.ID == r.PathValue("comment") })
		return len(t.Messages) < before
	})
	if !ok {
		problem(w, http.StatusNotFound, "Can not find a comment.")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
