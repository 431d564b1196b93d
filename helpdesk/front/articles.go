package front

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// articlesAtOnce is how many articles a page has: each costs a call for each of its languages.
const articlesAtOnce = 25

type knowledgeBase struct {
	ID     text `json:"id"`
	Type   text `json:"type"`   // internal or external
	Status text `json:"status"` // published or unpublished; only with its content
}

type listedArticle struct {
	Links struct {
		Related struct {
			Category text `json:"category"`
		} `json:"related"`
	} `json:"_links"`
	ID      text   `json:"id"`
	Locales []text `json:"locales"`
}

type article struct {
	ID      text `json:"id"`
	Slug    text `json:"slug"`
	Name    text `json:"name"`
	Status  text `json:"status"`
	Content text `json:"content"`
	Locale  text `json:"locale"`
}

type category struct {
	Links struct {
		Related struct {
			Parent text `json:"parent_category"`
		} `json:"related"`
	} `json:"_links"`
	ID       text `json:"id"`
	IsHidden bool `json:"is_hidden"`
}

// Articles implements helpdesk.ArticleReader: the published articles, in each of their languages, of the knowledge bases that are
// published and external. What lies in a hidden category is left out, though whoever has its address may read it.
func (c *Connector) Articles(ctx context.Context, cursor string) ([]helpdesk.Article, string, error) {
	const op = "read articles"
	bases, err := allPages[knowledgeBase](ctx, c, helpdesk.Call{Op: op, Path: []string{"knowledge_bases"}})
	if err != nil {
		return nil, "", err
	}
	id, rest, _ := strings.Cut(cursor, "?")
	query, err := url.ParseQuery(rest)
	if err != nil {
		return nil, "", fmt.Errorf("%s: the cursor is none of ours", op)
	}
	for i, b := range bases {
		if id != "" && string(b.ID) != id {
			continue
		}
		found, next, err := c.articlesOf(ctx, b, query)
		switch {
		case err != nil:
			return nil, "", err
		case next != nil:
			return found, string(b.ID) + "?" + next.Encode(), nil
		case i+1 < len(bases):
			return found, string(bases[i+1].ID), nil
		}
		return found, "", nil
	}
	return nil, "", nil
}

// articlesOf reads one page of a knowledge base's articles; none of one that not everybody may read.
func (c *Connector) articlesOf(ctx context.Context, b knowledgeBase, query url.Values) ([]helpdesk.Article, url.Values, error) {
	const op = "read articles"
	if b.ID == "" || b.Type != "external" {
		return nil, nil, nil
	}
	var whole knowledgeBase
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Path: []string{"knowledge_bases", string(b.ID), "content"}}, &whole)
	if err != nil || whole.Status != "published" || whole.Type != "external" {
		return nil, nil, ignoreGone(err)
	}
	hidden, err := c.hiddenCategories(ctx, b.ID)
	if err != nil {
		return nil, nil, err
	}
	if len(query) == 0 {
		query = limit(articlesAtOnce)
	}
	listed, next, err := onePage[listedArticle](ctx, c, helpdesk.Call{
		Op: op, Path: []string{"knowledge_bases", string(b.ID), "articles"}, Query: query,
	})
	if err != nil {
		return nil, nil, err
	}
	var out []helpdesk.Article
	for _, l := range listed {
		if at := l.Links.Related.Category; l.ID == "" || at != "" && hidden[path.Base(string(at))] {
			continue
		}
		some, err := c.inAllLocales(ctx, l)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, some...)
	}
	return out, next, nil
}

func (c *Connector) inAllLocales(ctx context.Context, l listedArticle) (out []helpdesk.Article, err error) {
	for _, locale := range l.Locales {
		var a article
		err := c.http.Do(ctx, helpdesk.Call{
			Op: "read article", Path: []string{"knowledge_base_articles", string(l.ID), "locales", string(locale), "content"},
		}, &a)
		if errors.Is(err, desk.ErrNotFound) {
			continue // deleted meanwhile, or not written in this language
		}
		if err != nil {
			return nil, err
		}
		body := helpdesk.Clean(richtext.Text(string(a.Content)))
		if a.Status != "published" || body == "" {
			continue
		}
		out = append(out, helpdesk.Article{
			ID: string(l.ID) + ":" + string(locale), Title: helpdesk.Clean(string(a.Name)), Body: body, URL: c.articleURL(a.Slug, locale),
			Lang: string(locale),
		})
	}
	return out, nil
}

// articleURL is where customers read an article: help centre, language, slug, as Front describes it.
func (c *Connector) articleURL(slug, locale text) string {
	if c.help == "" || slug == "" {
		return ""
	}
	return c.help + "/" + url.PathEscape(string(locale)) + "/" + strings.TrimPrefix(string(slug), "/")
}

// hiddenCategories are the categories that are hidden, or lie in one that is.
func (c *Connector) hiddenCategories(ctx context.Context, base text) (map[string]bool, error) {
	all, err := allPages[category](ctx, c, helpdesk.Call{
		Op: "read categories", Path: []string{"knowledge_bases", string(base), "categories"}, Query: limit(pageSize),
	})
	hidden := make(map[string]bool)
	for more := true; more; { // ends: each round hides at least one
		more = false
		for _, k := range all {
			parent := string(k.Links.Related.Parent)
			if !hidden[string(k.ID)] && (k.IsHidden || parent != "" && hidden[path.Base(parent)]) {
				hidden[string(k.ID)], more = true, true
			}
		}
	}
	return hidden, err
}

// ignoreGone passes over what is not there any more.
func ignoreGone(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}
