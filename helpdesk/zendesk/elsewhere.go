package zendesk

import (
	"net/http"

	"warmline/helpdesk"
)

// fetchers are the clients that fetch files: from the account's own host, and from others.
func fetchers(o Options) (own, elsewhere http.Client) {
	if o.Client != nil {
		own = *o.Client
	}
	elsewhere = *helpdesk.Outside()
	if o.Elsewhere != nil {
		elsewhere = *o.Elsewhere
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.CheckRedirect, elsewhere.CheckRedirect = stay, stay
	elsewhere.Jar = nil
	return own, elsewhere
}
