// Package web is the HTTP side of a running Warmline: is it alive, is it ready, what does it count, and the handlers
// that others give it (webhooks, the desk, the workspace).
//
//	handler := web.Handler(web.Options{Ready: store.Ready, Gatherer: registry, Mounts: map[string]http.Handler{"/hooks/main": hook}})
//	err := web.Serve(ctx, listener, handler)
package web
