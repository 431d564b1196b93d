package helpscout

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

// Articles are in collections, which are in sites. Everybody may read an article that is published, in a public collection of a site
// that is active, public and not restricted. What is to be walked is found anew with each page; the cursor is where it stands.

type docsList[T any] struct {
	Pages number `json:"pages"`
	Items []T    `json:"items"`
}

type collection struct {
	ID         string `json:"id"`
	SiteID     string `json:"siteId"`
	Visibility string `json:"visibility"`
}

type site struct {
	Status    string `json:"status"`
	HasPublic bool   `json:"hasPublicSite"`
}

type article struct {
	ID           string `json:"id"`
	CollectionID string `json:"collectionId"`
	Status       string `json:"status"`
	Name         string `json:"name"`
	Text         string `json:"text"`
	PublicURL    string `json:"publicUrl"`
}

const (
	articlesOp      = "read articles"
	published       = "published"
	forAll          = "public"
	articlesAtOnce  = 20
	docsPagesAtMost = 1000
)

// Articles implements helpdesk.ArticleReader. The cursor is "collection page".
func (c *Connector) Articles(ctx context.Context, cursor string) ([]helpdesk.Article, string, error) {
	if c.docs == nil {
		return nil, "", &desk.Refused{Op: articlesOp, Why: "no key of the Docs API is set; set docs_key, or bring a file: --articles"}
	}
	in, n, err := parseArticles(cursor)
	if err != nil {
		return nil, "", err
	}
	open, err := c.openCollections(ctx)
	if err != nil {
		return nil, "", err
	}
	at := slices.IndexFunc(open, func(id string) bool { return id >= in })
	if at < 0 {
		return nil, "", nil
	}
	if open[at] != in {
		n = 1 // its collection is gone, or not for everybody any more
	}
	refs, err := docsPage[article](ctx, c, []string{"collections", open[at], "articles"}, "articles", n, url.Values{
		"status": {published}, "pageSize": {strconv.Itoa(articlesAtOnce)}, "sort": {"createdAt"}, "order": {"asc"},
	})
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return nil, "", err
	}
	articles, err := c.articles(ctx, open[at], refs.Items)
	switch {
	case err != nil:
		return nil, "", err
	case int64(n) < int64(refs.Pages):
		return articles, open[at] + " " + strconv.Itoa(n+1), nil
	case at+1 < len(open):
		return articles, open[at+1] + " 1", nil
	default:
		return articles, "", nil
	}
}

func parseArticles(cursor string) (in string, n int, err error) {
	if cursor == "" {
		return "", 1, nil
	}
	in, text, _ := strings.Cut(cursor, " ")
	n, err = strconv.Atoi(text)
	if err != nil || n < 1 || n > docsPagesAtMost || in == "" {
		return "", 0, fmt.Errorf("%s: the cursor %q is none of ours", articlesOp, helpdesk.Clipped(cursor))
	}
	return in, n, nil
}

// docsPage reads the nth page of a list of the Docs API, which wraps it in its name.
func docsPage[T any](ctx context.Context, c *Connector, at []string, name string, n int, query url.Values) (docsList[T], error) {
	query.Set("page", strconv.Itoa(n))
	answer := make(map[string]docsList[T])
	err := c.docs.Do(ctx, helpdesk.Call{Op: articlesOp, Path: at, Query: query}, &answer)
	return answer[name], err
}

// openCollections are the ids of the collections that everybody may read, in order.
func (c *Connector) openCollections(ctx context.Context) (ids []string, err error) {
	sites := make(map[string]bool)
	for n := 1; n <= docsPagesAtMost; n++ {
		list, err := docsPage[collection](ctx, c, []string{"collections"}, "collections", n, url.Values{"visibility": {forAll}})
		if err != nil {
			return nil, err
		}
		for _, one := range list.Items {
			if one.Visibility != forAll || one.ID == "" || one.SiteID == "" || strings.Contains(one.ID, " ") {
				continue
			}
			open, known := sites[one.SiteID]
			if !known {
				if open, err = c.openSite(ctx, one.SiteID); err != nil {
					return nil, err
				}
				sites[one.SiteID] = open
			}
			if open {
				ids = append(ids, one.ID)
			}
		}
		if int64(n) >= int64(list.Pages) {
			break
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// openSite reports whether everybody may read a site. A site that has no restriction to show has none.
func (c *Connector) openSite(ctx context.Context, id string) (bool, error) {
	var about struct {
		Site site `json:"site"`
	}
	if err := c.docs.Do(ctx, helpdesk.Call{Op: "read site", Path: []string{"sites", id}}, &about); err != nil {
		return false, err
	}
	if about.Site.Status != "active" || !about.Site.HasPublic {
		return false, nil
	}
	var limits struct {
		Enabled bool `json:"enabled"`
	}
	err := c.docs.Do(ctx, helpdesk.Call{Op: "read who may see the site", Path: []string{"sites", id, "restricted"}}, &limits)
	if errors.Is(err, desk.ErrNotFound) {
		return true, nil
	}
	return err == nil && !limits.Enabled, err
}

// articles reads those of a page with their texts. Each says again what it is: it may have been taken back meanwhile.
func (c *Connector) articles(ctx context.Context, in string, refs []article) (articles []helpdesk.Article, err error) {
	for _, ref := range refs {
		if ref.ID == "" || ref.Status != published {
			continue
		}
		var answer struct {
			Article article `json:"article"`
		}
		err := c.docs.Do(ctx, helpdesk.Call{Op: articlesOp, Path: []string{"articles", ref.ID}}, &answer)
		if errors.Is(err, desk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if a := answer.Article; a.Status == published && a.CollectionID == in {
			articles = append(articles, helpdesk.Article{
				ID: ref.ID, Title: helpdesk.Clean(a.Name), Body: helpdesk.Clean(richtext.Text(a.Text)), URL: publicURL(a.PublicURL),
			})
		}
	}
	return articles, nil
}

// publicURL is an article's address as it is told, if people can follow it.
func publicURL(address string) string {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		return ""
	}
	return at.String()
}
