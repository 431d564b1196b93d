package freshdesk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Articles are in folders below folders, within categories. What is still to be walked is the cursor: each call takes one step, so
// that a help centre of any size stays within the account's limits.

const (
	visibleToAll number = 1 // 2: who has signed in, 3: agents, 4 and above: some companies, bots or segments
	published    number = 2

	articlesOp     = "read articles"
	stepCategory   = "c"
	stepFolder     = "f"
	stepArticles   = "a"
	pageMark       = ":"
	mostSteps      = 10000
	pagesOfAFolder = 100
)

type folder struct {
	ID         ident  `json:"id"`
	Visibility number `json:"visibility"`
}

type article struct {
	ID          ident  `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Plain       string `json:"description_text"`
	Status      number `json:"status"`
	Language    string `json:"language"`
}

// Articles implements helpdesk.ArticleReader.
func (c *Connector) Articles(ctx context.Context, cursor string) (page []helpdesk.Article, next string, err error) {
	if cursor == "" {
		var categories []folder
		if err := c.api.Do(ctx, helpdesk.Call{Op: articlesOp, Path: []string{"solutions", "categories"}}, &categories); err != nil {
			return nil, "", err
		}
		return nil, strings.Join(steps(stepCategory, categories), ","), nil
	}
	step, rest, _ := strings.Cut(cursor, ",")
	var first []string
	switch step[:min(1, len(step))] {
	case stepCategory:
		first, err = c.folders(ctx, []string{"solutions", "categories", step[1:], "folders"})
	case stepFolder:
		first, err = c.folders(ctx, []string{"solutions", "folders", step[1:], "subfolders"})
		first = append([]string{stepArticles + step[1:] + pageMark + "1"}, first...)
	case stepArticles:
		page, first, err = c.articles(ctx, step[1:])
	default:
		return nil, "", fmt.Errorf("%s: the cursor %q is none of ours", articlesOp, helpdesk.Clipped(cursor))
	}
	if errors.Is(err, desk.ErrNotFound) { // gone meanwhile, or an account without folders below folders
		err = nil
	}
	if err != nil {
		return nil, "", err
	}
	if rest != "" {
		first = append(first, rest)
	}
	return page, strings.Join(first, ","), nil
}

// folders are the steps of the folders in a place that everybody may see. One that does not say who may is not for everybody, and
// what is below a folder that not everybody may see is never reached.
func (c *Connector) folders(ctx context.Context, path []string) ([]string, error) {
	var found []folder
	if err := c.api.Do(ctx, helpdesk.Call{Op: articlesOp, Path: path}, &found); err != nil {
		return nil, err
	}
	return steps(stepFolder, slices.DeleteFunc(found, func(f folder) bool { return f.Visibility != visibleToAll })), nil
}

func steps(kind string, found []folder) (all []string) {
	for _, f := range found {
		if f.ID != "" && !strings.ContainsAny(string(f.ID), ",:") && len(all) < mostSteps {
			all = append(all, kind+string(f.ID))
		}
	}
	return all
}

// articles reads a page of a folder's articles, and the step to the next one.
func (c *Connector) articles(ctx context.Context, step string) (page []helpdesk.Article, next []string, err error) {
	in, at, _ := strings.Cut(step, pageMark)
	n, err := strconv.Atoi(at)
	if err != nil || n < 1 || n > pagesOfAFolder {
		return nil, nil, fmt.Errorf("%s: the cursor is none of ours", articlesOp)
	}
	var found []article
	more, _, err := c.page(ctx, helpdesk.Call{Op: articlesOp, Path: []string{"solutions", "folders", in, "articles"}}, n, &found)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range found {
		if a.Status != published {
			continue
		}
		page = append(page, helpdesk.Article{
			ID: string(a.ID), Title: helpdesk.Clean(a.Title), Body: plain(nil, a.Description, a.Plain), Lang: a.Language,
			URL: c.site.JoinPath("support", "solutions", "articles", string(a.ID)).String(),
		})
	}
	if more && n < pagesOfAFolder {
		next = []string{stepArticles + in + pageMark + strconv.Itoa(n+1)}
	}
	return page, next, nil
}
