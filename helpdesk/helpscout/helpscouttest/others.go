package helpscouttest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/helpdesk/helpdesktest"
)

// listed is a user as lists of users show one, with other names for the same.
func listed(a helpdesktest.Agent) map[string]any {
	first, last, _ := strings.Cut(a.Name, " ")
	return map[string]any{
		"id": asNumber(a.ID), "firstName": first, "lastName": last, "email": a.Email, "role": "user", "timezone": "America/New_York", "createdAt": "2011-03-01T22:12:11Z",
		"updatedAt": nil, "type": "user", "mention": strings.ToLower(first), "initials": "WB", "jobTitle": nil, "phone": nil, "photoUrl": nil, "alternateEmails": []any{},
		"_links": map[string]any{"self": map[string]any{"href": "https://api.helpscout.net/v2/users/" + a.ID}},
	}
}

func (f *Fake) showMe(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, listed(Me))
}

func (f *Fake) listUsers(w http.ResponseWriter, r *http.Request) {
	page, ok := queried(w, r, "email", "mailbox")
	if !ok {
		return
	}
	email := r.URL.Query().Get("email")
	users := slices.DeleteFunc(slices.Clone(f.Book.Agents), func(a helpdesktest.Agent) bool { return email != "" && !strings.EqualFold(a.Email, email) })
	paged(f, w, r, "users", users, page, listed)
}

func (f *Fake) listMailboxes(w http.ResponseWriter, r *http.Request) {
	page, ok := queried(w, r)
	if !ok {
		return
	}
	paged(f, w, r, "mailboxes", f.Mailboxes, page, func(m Mailbox) map[string]any {
		return map[string]any{"id": m.ID, "name": m.Name, "slug": "6eb9f4", "email": "help@shop.example", "createdAt": "2012-07-17T13:41:01Z", "updatedAt": nil}
	})
}

func (f *Fake) mailbox(w http.ResponseWriter, r *http.Request) (Mailbox, bool) {
	at := slices.IndexFunc(f.Mailboxes, func(m Mailbox) bool { return strconv.FormatInt(m.ID, 10) == r.PathValue("id") })
	if at < 0 {
		notFound(w)
		return Mailbox{}, false
	}
	return f.Mailboxes[at], true
}

// listReplies lists saved replies as an array, with no more than how each begins.
func (f *Fake) listReplies(w http.ResponseWriter, r *http.Request) {
	if _, ok := queried(w, r, "includeChatReplies"); !ok {
		return
	}
	m, ok := f.mailbox(w, r)
	if !ok {
		return
	}
	out := []map[string]any{}
	for _, one := range m.Replies {
		if one.HTML == "" && r.URL.Query().Get("includeChatReplies") != "true" {
			continue
		}
		out = append(out, map[string]any{"id": one.ID, "name": one.Name, "preview": "It begins…", "chatPreview": nil})
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) showReply(w http.ResponseWriter, r *http.Request) {
	m, ok := f.mailbox(w, r)
	if !ok {
		return
	}
	for _, one := range m.Replies {
		if strconv.FormatInt(one.ID, 10) == r.PathValue("reply") {
			out := map[string]any{"id": one.ID, "name": one.Name, "text": one.HTML, "chatText": one.Chat}
			for name, value := range out {
				if value == "" {
					out[name] = nil
				}
			}
			answer(w, http.StatusOK, out)
			return
		}
	}
	notFound(w)
}

// docsPaged answers a page of the Docs API, which wraps its lists in their name.
func docsPaged[T any](w http.ResponseWriter, r *http.Request, name string, list []T, show func(T) map[string]any) {
	q := r.URL.Query()
	size, page := 50, 1
	for key, value := range map[string]*int{"pageSize": &size, "page": &page} {
		if text := q.Get(key); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > 100 && key == "pageSize" {
				answer(w, http.StatusBadRequest, map[string]any{"code": 400, "error": key + " is not valid"})
				return
			}
			*value = n
		}
	}
	items := []map[string]any{}
	for i := min((page-1)*size, len(list)); i < min(page*size, len(list)); i++ {
		items = append(items, show(list[i]))
	}
	answer(w, http.StatusOK, map[string]any{name: map[string]any{"page": page, "pages": (len(list) + size - 1) / size, "count": len(list), "items": items}})
}

func (f *Fake) listCollections(w http.ResponseWriter, r *http.Request) {
	wanted := r.URL.Query().Get("visibility")
	list := slices.DeleteFunc(slices.Clone(f.Collections), func(c Collection) bool { return wanted != "" && wanted != "all" && c.Visibility != wanted })
	docsPaged(w, r, "collections", list, func(c Collection) map[string]any {
		return map[string]any{"id": c.ID, "siteId": c.Site, "number": 33, "slug": "a", "visibility": c.Visibility, "order": 1, "name": "Lamps", "description": nil, "createdAt": "2013-08-21T19:34:13Z"}
	})
}

func (f *Fake) listArticles(w http.ResponseWriter, r *http.Request) {
	for _, c := range f.Collections {
		if c.ID != r.PathValue("id") {
			continue
		}
		wanted := r.URL.Query().Get("status")
		list := slices.DeleteFunc(slices.Clone(c.Articles), func(a Article) bool { return wanted != "" && wanted != "all" && a.Status != wanted })
		docsPaged(w, r, "articles", list, func(a Article) map[string]any { return f.article(c, a) })
		return
	}
	notFound(w)
}

// article is an article as lists show it, without its text.
func (f *Fake) article(c Collection, a Article) map[string]any {
	return map[string]any{
		"id": a.ID, "number": 121, "collectionId": c.ID, "slug": "an-article", "status": a.Status, "hasDraft": true, "name": a.Name,
		"publicUrl": "https://docs.shop.example/article/" + a.ID, "popularity": 4.3, "viewCount": 237, "createdBy": 73423, "updatedBy": nil, "createdAt": "2013-08-21T19:34:13Z",
		"updatedAt": nil, "lastPublishedAt": nil,
	}
}

func (f *Fake) showArticle(w http.ResponseWriter, r *http.Request) {
	for _, c := range f.Collections {
		for _, a := range c.Articles {
			if a.ID == r.PathValue("id") {
				out := f.article(c, a)
				out["text"], out["categories"], out["related"], out["keywords"] = a.HTML, []string{}, []string{}, nil
				answer(w, http.StatusOK, map[string]any{"article": out})
				return
			}
		}
	}
	notFound(w)
}

func (f *Fake) docsSite(w http.ResponseWriter, r *http.Request) (Site, bool) {
	at := slices.IndexFunc(f.Sites, func(s Site) bool { return s.ID == r.PathValue("id") })
	if at < 0 {
		notFound(w)
		return Site{}, false
	}
	return f.Sites[at], true
}

func (f *Fake) showSite(w http.ResponseWriter, r *http.Request) {
	if s, ok := f.docsSite(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"site": map[string]any{"id": s.ID, "status": s.Status, "subDomain": "shop", "cname": nil, "hasPublicSite": s.Public, "title": "Shop"}})
	}
}

func (f *Fake) showRestriction(w http.ResponseWriter, r *http.Request) {
	s, ok := f.docsSite(w, r)
	switch {
	case !ok:
	case s.Restricted == nil:
		notFound(w)
	default:
		answer(w, http.StatusOK, map[string]any{"enabled": s.Restricted, "authentication": "CALLBACK", "callbackConfiguration": nil})
	}
}
