package fronttest

import (
	"fmt"
	"net/http"
	"slices"
)

// Template is a message template. One with an Owner is that teammate's own.
type Template struct{ ID, Name, Body, Owner string }

// Base is a knowledge base with its articles.
type Base struct {
	ID, Type, Status string
	Hidden           []string // its hidden categories
	Articles         []Article
}

// Article is one article in one or more languages.
type Article struct {
	ID, Slug, Category string
	In                 map[string]Content
}

// Content is an article in one language.
type Content struct{ Name, Status, HTML string }

// templates are more than one page has.
func templates() (all []Template) {
	for i := range 60 {
		all = append(all, Template{
			ID: fmt.Sprintf("rsp_%d", i), Name: fmt.Sprintf("Answer %d", i),
			Body: fmt.Sprintf("<div><p>Hello {{recipient.first_name}},</p><p>hold the button for <b>%d</b> seconds.</p></div>", i),
		})
	}
	return append(all, Template{ID: "rsp_own", Name: "My own", Body: "<p>Cheers from Ana</p>", Owner: "tea_6r55a"})
}

func bases() []Base {
	public := Base{ID: "knb_2", Type: "external", Status: "published", Hidden: []string{"kbc_9"}}
	for i := range 30 {
		public.Articles = append(public.Articles, Article{
			ID: fmt.Sprintf("kba_%d", i), Slug: fmt.Sprintf("/articles/%d", i), Category: "kbc_1",
			In: map[string]Content{"en": {fmt.Sprintf("Charging %d", i), "published", "<h1>Charging</h1><p>Hold the button.</p>"}},
		})
	}
	public.Articles[1].In["es"] = Content{"Cargar 1", "published", "<p>Mantenga pulsado el botón.</p>"}
	public.Articles[2].In["es"] = Content{"Cargar 2", "draft", "<p>Borrador secreto.</p>"}
	public.Articles[3].In["en"] = Content{"Next year's prices", "draft", "<p>Secret draft.</p>"}
	public.Articles[4].Category = "kbc_9"
	secret := map[string]Content{"en": {"How to refund", "published", "<p>Secret: for the team.</p>"}}
	return []Base{
		{ID: "knb_1", Type: "internal", Status: "published", Articles: []Article{{ID: "kba_i1", Slug: "/articles/i1", In: secret}}},
		public,
		{ID: "knb_3", Type: "external", Status: "unpublished", Articles: []Article{{ID: "kba_u1", Slug: "/articles/u1", In: secret}}},
	}
}

func (f *Fake) listTemplates(r *http.Request) (int, any, *failure) {
	return list(r, 50, f.library, func(t Template) any {
		var owner any = api("teams", "tim_k30")
		if t.Owner != "" {
			owner = api("teammates", t.Owner)
		}
		return map[string]any{
			"_links": map[string]any{"self": api("responses", t.ID), "related": map[string]any{"owner": owner, "parent_folder": nil}},
			"id":     t.ID, "name": t.Name, "subject": nil, "body": t.Body, "attachments": []any{}, "is_available_for_all_inboxes": true, "inbox_ids": nil,
		}
	})
}

// knowledge is all that lies below the knowledge bases and their articles.
func (f *Fake) knowledge(r *http.Request, parts []string) (int, any, *failure) {
	if len(parts) == 1 {
		var all []any
		for _, b := range f.bases {
			all = append(all, map[string]any{"id": b.ID, "type": b.Type, "locales": []string{"en", "es"}})
		}
		return unpaged(all)
	}
	if parts[0] == "knowledge_base_articles" {
		return f.article(parts)
	}
	at := slices.IndexFunc(f.bases, func(b Base) bool { return b.ID == parts[1] })
	if at < 0 || len(parts) != 3 {
		return 0, nil, notFound()
	}
	b := f.bases[at]
	switch parts[2] {
	case "content":
		return 200, map[string]any{"id": b.ID, "name": "Help", "status": b.Status, "type": b.Type, "locale": "en"}, nil
	case "categories":
		return list(r, 100, append([]string{"kbc_1"}, b.Hidden...), func(id string) any {
			return map[string]any{
				"_links": map[string]any{"related": map[string]any{"parent_category": nil}}, "id": id, "slug": "/categories/1",
				"is_hidden": id != "kbc_1", "locales": []string{"en"},
			}
		})
	case "articles":
		return list(r, 100, b.Articles, func(a Article) any {
			var in []string
			for locale := range a.In {
				in = append(in, locale)
			}
			slices.Sort(in)
			related := map[string]any{"knowledge_base": api("knowledge_bases", b.ID), "category": nil}
			if a.Category != "" {
				related["category"] = api("knowledge_base_category", a.Category)
			}
			return map[string]any{"_links": map[string]any{"related": related}, "id": a.ID, "slug": a.Slug, "locales": in}
		})
	}
	return 0, nil, notFound()
}

func (f *Fake) article(parts []string) (int, any, *failure) {
	if len(parts) != 5 || parts[2] != "locales" || parts[4] != "content" {
		return 0, nil, notFound()
	}
	for _, b := range f.bases {
		for _, a := range b.Articles {
			if c, ok := a.In[parts[3]]; ok && a.ID == parts[1] {
				return 200, map[string]any{
					"id": a.ID, "slug": a.Slug, "name": c.Name, "status": c.Status, "keywords": []string{}, "content": c.HTML, "locale": parts[3],
					"attachments": []any{},
				}, nil
			}
		}
	}
	return 0, nil, notFound()
}
