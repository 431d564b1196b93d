package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

const (
	articleType    = "KNOWLEDGE_ARTICLE"
	articlesAtOnce = 25 // each costs a call
	mostArticles   = 10000
)

type foundArticle struct {
	ID       text `json:"id"`
	Type     text `json:"type"`
	Domain   text `json:"domain"`
	URL      text `json:"url"`
	Language text `json:"language"`
	Title    text `json:"title"`
}

// Articles implements helpdesk.ArticleReader: what the site search of the account's own pages finds of its knowledge base. That search is
// what visitors use, so it has no drafts; and what only members may read it gives when asked for it, which it never is.
func (c *Connector) Articles(ctx context.Context, cursor string) ([]helpdesk.Article, string, error) {
	const op = "read articles"
	offset := 0
	if cursor != "" {
		var err error
		if offset, err = strconv.Atoi(cursor); err != nil || offset < 0 || offset > mostArticles {
			return nil, "", errors.New(op + ": the cursor is none of ours")
		}
	}
	var found struct {
		Total   text           `json:"total"`
		Results []foundArticle `json:"results"`
	}
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Path: []string{"cms", "site-search", "v3", "search"}, Query: url.Values{
		"types": {articleType}, "q": {""}, "limit": {strconv.Itoa(articlesAtOnce)}, "offset": {strconv.Itoa(offset)},
	}}, &found)
	if err != nil {
		return nil, "", err
	}
	var out []helpdesk.Article
	for i := range found.Results {
		a, err := c.article(ctx, &found.Results[i])
		if err != nil {
			return nil, "", err
		}
		if a != nil {
			out = append(out, *a)
		}
	}
	offset += len(found.Results)
	if total, err := strconv.Atoi(string(found.Total)); len(found.Results) == 0 || err == nil && offset >= total || offset > mostArticles {
		return out, "", nil
	}
	return out, strconv.Itoa(offset), nil
}

// article reads an article's text as the search has it; nil for what is none any more.
func (c *Connector) article(ctx context.Context, f *foundArticle) (*helpdesk.Article, error) {
	if f.ID == "" || f.Type != articleType {
		return nil, nil
	}
	var indexed struct {
		Type   text                    `json:"type"`
		Fields map[string]indexedField `json:"fields"`
	}
	err := c.http.Do(ctx, helpdesk.Call{
		Op: "read article", Path: []string{"cms", "v3", "site-search", "indexed-data", string(f.ID)}, Query: url.Values{"type": {articleType}},
	}, &indexed)
	if errors.Is(err, desk.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body := bodyOf(indexed.Fields)
	if body == "" {
		return nil, nil
	}
	return &helpdesk.Article{
		ID: string(f.ID), Title: helpdesk.Clean(richtext.Text(string(f.Title))), Body: body, URL: publicURL(f), Lang: string(f.Language),
	}, nil
}

type indexedField struct {
	Name     text `json:"name"`
	Value    text `json:"value"`
	Metadata bool `json:"metadataField"`
}

// bodyOf is the longest of what is indexed and no heading: how the field is called is not documented.
func bodyOf(fields map[string]indexedField) string {
	var best string
	for name, f := range fields {
		short := strings.ToLower(name)
		heading := slices.ContainsFunc([]string{"title", "description", "url", "tag", "author"}, func(w string) bool { return strings.Contains(short, w) })
		if !f.Metadata && !heading && (len(f.Value) > len(best) || len(f.Value) == len(best) && string(f.Value) > best) {
			best = string(f.Value)
		}
	}
	return helpdesk.Clean(richtext.Text(best))
}

// publicURL is where customers read an article; "" when what the search says is no such address.
func publicURL(f *foundArticle) string {
	address := string(f.URL)
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	} else if !strings.Contains(address, "://") && f.Domain != "" {
		address = fmt.Sprintf("https://%s/%s", f.Domain, strings.TrimPrefix(address, "/"))
	}
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		return ""
	}
	return address
}
