package freshdesktest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/helpdesk/helpdesktest"
)

// isAgent reports whether somebody has an id, the key's own agent included.
func (f *Fake) isAgent(id string) bool {
	a, ok := f.Book.Agent(id)
	return id == Me.ID || ok && a.ID == id
}

func (f *Fake) showAgent(a helpdesktest.Agent) map[string]any {
	return map[string]any{
		"available": true, "occasional": false, "id": asNumber(a.ID), "ticket_scope": f.Scope, "signature": nil, "group_ids": []int{}, "role_ids": []int{43000001},
		"skill_ids": []int{}, "available_since": nil, "type": "support_agent", "focus_mode": true, "created_at": "2015-08-18T16:18:05Z", "updated_at": nil,
		"contact": map[string]any{
			"active": true, "email": a.Email, "job_title": nil, "language": "en", "last_login_at": "2015-08-21T14:54:46+05:30", "mobile": nil,
			"name": a.Name, "phone": 5678, "time_zone": "Chennai", "created_at": "2015-08-18T16:18:05Z", "updated_at": "2015-08-25T08:50:20Z",
		},
	}
}

func (f *Fake) listAgents(w http.ResponseWriter, r *http.Request) {
	from, to, page, ok := f.queried(w, r, "email", "mobile", "phone", "state")
	if !ok {
		return
	}
	var all []helpdesktest.Agent
	for _, a := range append([]helpdesktest.Agent{Me}, f.Book.Agents...) {
		if email := r.URL.Query().Get("email"); email == "" || strings.EqualFold(email, a.Email) {
			all = append(all, a)
		}
	}
	paged(w, r, all, from, to, page, f.showAgent)
}

func (f *Fake) showMe(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, f.showAgent(Me))
}

// Products are the account's, by id.
var Products = map[string]string{"43000001111": "North Lamps", "43000002222": "South Lamps"}

func (f *Fake) listProducts(w http.ResponseWriter, r *http.Request) {
	from, to, page, ok := f.queried(w, r)
	if !ok {
		return
	}
	if f.NotAdmin {
		forbidden(w)
		return
	}
	paged(w, r, slices.Sorted(maps.Keys(Products)), from, to, page, func(id string) map[string]any {
		return map[string]any{"id": asNumber(id), "name": Products[id], "description": nil, "primary_email": nil, "created_at": nil, "updated_at": nil}
	})
}

func (f *Fake) listCannedFolders(w http.ResponseWriter, r *http.Request) {
	if f.NotAdmin {
		forbidden(w)
		return
	}
	paged(w, r, f.Canned, 0, len(f.Canned), 1, func(c CannedFolder) map[string]any {
		return map[string]any{"id": c.ID, "name": "Folder " + strconv.FormatInt(c.ID, 10), "personal": c.Personal, "responses_count": len(c.Responses), "created_at": nil, "updated_at": nil}
	})
}

func (f *Fake) listCanned(w http.ResponseWriter, r *http.Request) {
	if f.NotAdmin {
		forbidden(w)
		return
	}
	for _, c := range f.Canned {
		if strconv.FormatInt(c.ID, 10) != r.PathValue("id") {
			continue
		}
		paged(w, r, c.Responses, 0, len(c.Responses), 1, func(one Canned) map[string]any {
			return map[string]any{
				"id": one.ID, "title": one.Title, "folder_id": c.ID, "content": squeezed(one.HTML), "content_html": one.HTML, "visibility": one.Visibility,
				"group_ids": nil, "attachments": []any{}, "created_at": "2018-08-16T09:08:53+05:30", "updated_at": nil,
			}
		})
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

func (f *Fake) listCategories(w http.ResponseWriter, r *http.Request) {
	paged(w, r, f.Categories, 0, len(f.Categories), 1, func(c Category) map[string]any {
		return map[string]any{"id": c.ID, "name": "General", "description": nil, "visible_in_portals": []int{1}, "created_at": "2020-10-06T09:56:58Z", "updated_at": nil}
	})
}

func (f *Fake) listFolders(w http.ResponseWriter, r *http.Request) {
	for _, c := range f.Categories {
		if strconv.FormatInt(c.ID, 10) == r.PathValue("id") {
			paged(w, r, c.Folders, 0, len(c.Folders), 1, showFolder)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func showFolder(one Folder) map[string]any {
	out := map[string]any{
		"id": one.ID, "name": "Getting started", "description": "", "parent_folder_id": nil, "hierarchy": []any{}, "articles_count": len(one.Articles),
		"sub_folders_count": len(one.Folders), "created_at": "2020-10-06T09:56:58Z", "updated_at": nil,
	}
	if one.Visibility != 0 {
		out["visibility"] = one.Visibility
	}
	return out
}

// folder is the folder that a request is about, however deep it lies.
func (f *Fake) folder(r *http.Request) *Folder {
	var search func([]Folder) *Folder
	search = func(all []Folder) *Folder {
		for i := range all {
			if strconv.FormatInt(all[i].ID, 10) == r.PathValue("id") {
				return &all[i]
			}
			if found := search(all[i].Folders); found != nil {
				return found
			}
		}
		return nil
	}
	for _, c := range f.Categories {
		if found := search(c.Folders); found != nil {
			return found
		}
	}
	return nil
}

func (f *Fake) listSubfolders(w http.ResponseWriter, r *http.Request) {
	one := f.folder(r)
	if one == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	paged(w, r, one.Folders, 0, len(one.Folders), 1, showFolder)
}

func (f *Fake) listArticles(w http.ResponseWriter, r *http.Request) {
	from, to, page, ok := f.queried(w, r)
	if !ok {
		return
	}
	one := f.folder(r)
	if one == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	paged(w, r, one.Articles, from, to, page, func(a Article) map[string]any {
		return map[string]any{
			"id": a.ID, "type": 1, "status": a.Status, "agent_id": 432, "category_id": 2, "folder_id": one.ID, "title": a.Title, "description": a.HTML,
			"description_text": squeezed(a.HTML), "seo_data": map[string]any{"meta_title": nil}, "tags": []string{}, "attachments": []any{}, "cloud_files": []any{},
			"thumbs_up": 0, "hits": 0, "language": a.Lang, "created_at": "2020-10-06T11:05:53Z", "updated_at": "2020-10-06T11:05:53Z",
		}
	})
}
