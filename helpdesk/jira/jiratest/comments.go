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

// visibility is the property in which service management keeps who sees a comment.
const visibility = "sd.public.comment"

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

// newComment is a comment as the platform takes it.
type newComment struct {
	Body       json.RawMessage `json:"body"`
	Visibility json.RawMessage `json:"visibility"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
}

// check answers what Jira would refuse.
func (n *newComment) check(w http.ResponseWriter) bool {
	if err := richtext.CheckADF(n.Body); err != nil {
		fieldProblem(w, "comment", "Comment body is not valid! "+err.Error())
		return false
	}
	text, err := richtext.TextOfADF(n.Body)
	switch {
	case err != nil || text == "":
		fieldProblem(w, "comment", "Comment body can not be empty!")
		return false
	case len([]rune(text)) > longestComment:
		fieldProblem(w, "comment", "The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
		return false
	}
	for _, p := range n.Properties {
		if p.Key == "" || len(p.Key) > 255 || len(p.Value) > 32_768 {
			problem(w, http.StatusBadRequest, "The property is invalid.")
			return false
		}
	}
	return true
}

// addComment is the platform's: public, unless a property says otherwise.
func (f *Fake) addComment(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var n newComment
	if !decode(w, r, &n) || !n.check(w) {
		return
	}
	m := helpdesktest.Message{Role: escalate.RoleBot, Author: Self, Public: true, Body: string(n.Body), Extra: object{"via": "platform"}}
	properties := []object{}
	for _, p := range n.Properties {
		var v struct {
			Internal bool `json:"internal"`
		}
		if p.Key == visibility && json.Unmarshal(p.Value, &v) == nil {
			m.Public = !v.Internal
			m.Extra["explicit"] = true
			if f.IgnoresInternal || f.KeepsInternal {
				continue
			}
		}
		properties = append(properties, object{"key": p.Key, "value": p.Value})
	}
	m.Extra["properties"] = properties
	m.Public = (m.Public || f.IgnoresInternal) && !f.KeepsInternal
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
