package fronttest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"warmline/helpdesk/helpdesktest"
)

// route finds what a request asks for. A status of 0 says that the answer is written.
func (f *Fake) route(w http.ResponseWriter, r *http.Request, parts []string) (int, any, *failure) {
	if parts[0] == "conversations" && len(parts) > 1 {
		return f.conversations(r, parts[1], parts[2:])
	}
	get := r.Method == http.MethodGet
	switch at := strings.Join(parts, "/"); {
	case get && at == "me":
		return 200, map[string]any{"_links": map[string]any{"self": api("me")}, "id": "cmp_k30", "name": "Lumen & Bolt, Inc."}, nil
	case get && at == "conversations":
		return f.listConversations(r)
	case get && at == "events":
		return f.listEvents(r)
	case get && at == "teammates":
		return f.listTeammates()
	case get && at == "channels":
		return f.listChannels()
	case get && len(parts) == 3 && parts[0] == "contacts" && parts[2] == "conversations":
		return f.conversationsOf(r, parts[1])
	case r.Method == http.MethodPost && at == "inboxes/"+Inbox+"/imported_messages":
		return f.takeImport(r)
	case get && at == "tags":
		return f.listTags(r)
	case r.Method == http.MethodPost && at == "tags":
		return f.makeTag(r)
	case get && at == "company/statuses":
		return f.listStatuses()
	case get && parts[0] == "message_templates" && len(parts) == 1:
		return f.listTemplates(r)
	case get && (parts[0] == "knowledge_bases" || parts[0] == "knowledge_base_articles"):
		return f.knowledge(r, parts)
	case get && len(parts) == 2 && (parts[0] == "messages" || parts[0] == "comments"):
		return f.one(parts[0], parts[1])
	case get && len(parts) == 2 && parts[0] == "download":
		return f.download(w, parts[1])
	}
	return 0, nil, notFound()
}

// conversations is all that lies below one conversation. Every one of Front's nineteen operations there answers 301 once it is merged.
func (f *Fake) conversations(r *http.Request, id string, rest []string) (int, any, *failure) {
	t, ok := f.book.Ticket(id)
	if !ok || t.Deleted {
		return 0, nil, notFound()
	}
	if t.Merged != "" {
		at := append([]string{"conversations", t.Merged}, rest...)
		return 0, nil, &failure{status: 301, title: "Moved permanently", message: "The conversation was merged", location: api(at...)}
	}
	switch what := r.Method + " " + strings.Join(rest, "/"); what {
	case "GET ":
		return 200, f.conversation(t), nil
	case "PATCH ":
		return f.update(r, t)
	case "PUT assignee":
		return f.assign(r, t)
	case "POST tags", "DELETE tags":
		return f.changeTags(r, t)
	case "GET events":
		return f.listEventsOf(r, t)
	case "GET messages":
		return f.listMessages(r, t)
	case "POST messages":
		return f.reply(r, t)
	case "GET comments":
		return f.listComments(t)
	case "POST comments":
		return f.comment(r, t)
	}
	return 0, nil, notFound()
}

// api is an address as Front gives it in its answers: on the company's own host, which is not the one that was called.
func api(parts ...string) string {
	return "https://lumenandbolt.api.frontapp.com/" + strings.Join(parts, "/")
}

// body decodes a request's body, and refuses members that Front does not know.
func body(r *http.Request, into any) *failure {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return bad("body: %v", err)
	}
	return nil
}

// paging reads which part of a list is asked for. A page token holds the whole query that it belongs to, as Front's do: the address of
// the next page has nothing else.
func paging(r *http.Request, most int) (query url.Values, from, size int, fail *failure) {
	query = r.URL.Query()
	if token := query.Get("page_token"); token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		at, rest, ok := strings.Cut(string(raw), " ")
		n, err2 := strconv.Atoi(at)
		kept, err3 := url.ParseQuery(rest)
		if !ok || err != nil || err2 != nil || err3 != nil {
			return nil, 0, 0, bad("query.page_token: invalid")
		}
		query, from = kept, n
	}
	size = min(50, most)
	if s := query.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return nil, 0, 0, bad("query.limit: should be between 1 and %d", most)
		}
		size = n
	}
	return query, from, size, nil
}

// list answers one page of a list.
func list[T any](r *http.Request, most int, all []T, shape func(T) any) (int, any, *failure) {
	query, from, size, fail := paging(r, most)
	if fail != nil {
		return 0, nil, fail
	}
	results := []any{}
	to := min(from+size, len(all))
	for i := from; i < to; i++ {
		results = append(results, shape(all[i]))
	}
	var next any // null at the end
	if to < len(all) {
		token := base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(to) + " " + query.Encode()))
		next = api(strings.Trim(r.URL.Path, "/")) + "?page_token=" + token
	}
	return 200, map[string]any{
		"_pagination": map[string]any{"next": next}, "_links": map[string]any{"self": api(strings.Trim(r.URL.Path, "/"))}, "_results": results,
	}, nil
}

// unpaged answers a list that has no pages.
func unpaged(results []any) (int, any, *failure) {
	return 200, map[string]any{"_links": map[string]any{"self": nil}, "_results": results}, nil
}

func (f *Fake) agent(idOrAlias string) (helpdesktest.Agent, bool) {
	return f.book.Agent(strings.TrimPrefix(idOrAlias, "alt:email:"))
}
