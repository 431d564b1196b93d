package localslack

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// obj is a JSON object under construction.
type obj = map[string]any

// tokenKind is which of an app's tokens a method takes.
type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	noToken
)

// method is one Web API method: who may call it, how often, with what.
type method struct {
	token  tokenKind
	tier   tier
	scopes []string // any one of them suffices
	need   []string // required arguments
	do     func(*call) (obj, error)
}

// call is one call of a method in progress. The workspace is locked while
// method.do runs.
type call struct {
	*Workspace
	args
	app  *App
	base string // address under which the caller reached us
}

// apiError is a refusal in Slack's form.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	errors   any      // the errors key of block faults
	extra    obj
}

func (e *apiError) Error() string { return e.code }

// refuse makes the plain {"ok":false,"error":code}.
func refuse(code string, messages ...string) error {
	return &apiError{code: code, messages: messages}
}

func (e *apiError) body() obj {
	body := obj{"ok": false, "error": e.code}
	if len(e.messages) > 0 {
		body["response_metadata"] = obj{"messages": e.messages}
	}
	if e.errors != nil {
		body["errors"] = e.errors
	}
	maps.Copy(body, e.extra)
	return body
}

// answer is an HTTP response on its way out.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	a, err := parseArgs(r)
	if err != nil {
		send(rw, refusal(refuse("invalid_arguments", "[ERROR] "+err.Error())))
		return
	}
	injected, err := w.takeFault(r.Context(), name)
	if err != nil {
		return // the caller has gone
	}
	w.record("call", name, a.String())
	var ans answer
	if injected != nil && !injected.AfterApply {
		ans = injected.answer()
	} else {
		token := a.token(r)
		if isJSON(r) && slices.Contains(takesForms, name) {
			a = args{}
		}
		ans = w.call(name, a, token, baseURL(r))
	}
	if injected != nil && injected.AfterApply {
		ans = injected.answer()
	}
	w.record("reply", name, string(ans.body))
	send(rw, ans)
}

// call runs one method from authentication to the encoded reply.
func (w *Workspace) call(name string, a args, token, base string) answer {
	m, ok := methods[name]
	if !ok {
		return refusal(refuse("unknown_method"))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	app, err := w.authenticate(m, token)
	if err != nil {
		return refusal(err)
	}
	header := map[string]string{}
	if app != nil {
		header["X-OAuth-Scopes"] = strings.Join(app.Scopes, ",")
		header["X-Accepted-OAuth-Scopes"] = strings.Join(m.scopes, ",")
	}
	reply, err := w.checkAndDo(name, m, &call{Workspace: w, args: a, app: app, base: base})
	var ans answer
	if err != nil {
		ans = refusal(err)
	} else {
		reply["ok"] = true
		ans = jsonAnswer(http.StatusOK, reply)
	}
	maps.Copy(ans.header, header)
	return ans
}

func (w *Workspace) checkAndDo(name string, m method, c *call) (obj, error) {
	if c.app != nil {
		if err := checkScope(m, c.app); err != nil {
			return nil, err
		}
		if wait := w.limits.wait(w.now(), c.app.ID+" "+name, m.tier); wait > 0 {
			return nil, &rateLimitError{wait}
		}
	}
	for _, arg := range m.need {
		if c.str(arg) == "" {
			return nil, refuse("invalid_arguments", "[ERROR] missing required field: "+arg)
		}
	}
	return m.do(c)
}

func (w *Workspace) authenticate(m method, token string) (*App, error) {
	if m.token == noToken {
		return nil, nil
	}
	if token == "" {
		return nil, refuse("not_authed")
	}
	for _, a := range w.st.apps {
		switch {
		case token == a.BotToken && m.token == botToken, token == a.AppToken && m.token == appToken:
			return a, nil
		case token == a.BotToken, token == a.AppToken:
			return nil, refuse("not_allowed_token_type")
		}
	}
	return nil, refuse("invalid_auth")
}

func checkScope(m method, app *App) error {
	if len(m.scopes) == 0 || slices.ContainsFunc(m.scopes, app.has) {
		return nil
	}
	return needScopes(app, m.scopes...)
}

// needScopes refuses an app that lacks one of the scopes.
func needScopes(app *App, scopes ...string) error {
	if !slices.ContainsFunc(scopes, func(s string) bool { return !app.has(s) }) {
		return nil
	}
	return &apiError{code: "missing_scope", extra: obj{
		"needed": strings.Join(scopes, ","), "provided": strings.Join(app.Scopes, ","),
	}}
}

func (a *App) has(scope string) bool { return slices.Contains(a.Scopes, scope) }

// refusal turns any error into Slack's answer for it.
func refusal(err error) answer {
	if limited, ok := errors.AsType[*rateLimitError](err); ok {
		return tooMany(limited.seconds())
	}
	if e, ok := errors.AsType[*apiError](err); ok {
		return jsonAnswer(http.StatusOK, e.body())
	}
	return jsonAnswer(http.StatusInternalServerError, obj{"ok": false, "error": "internal_error"})
}

func tooMany(seconds int) answer {
	a := jsonAnswer(http.StatusTooManyRequests, obj{"ok": false, "error": "ratelimited"})
	a.header["Retry-After"] = strconv.Itoa(seconds)
	return a
}

func jsonAnswer(status int, body any) answer {
	b, err := marshal(body)
	if err != nil {
		status, b = http.StatusInternalServerError, fmt.Appendf(nil, `{"ok":false,"error":%q}`, err.Error())
	}
	return answer{status, map[string]string{"Content-Type": "application/json; charset=utf-8"}, b}
}

func send(rw http.ResponseWriter, a answer) {
	for k, v := range a.header {
		rw.Header().Set(k, v)
	}
	rw.WriteHeader(a.status)
	_, _ = rw.Write(a.body) // a caller that has gone needs no answer
}
