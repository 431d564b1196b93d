package main

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// noting notes when the helpdesk's changes were last read.
func (a *app) noting(changes changesFunc) changesFunc {
	return func(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
		notices, next, err := changes(ctx, cursor)
		if err == nil {
			a.polled.Store(time.Now().UnixMicro())
		}
		return notices, next, err
	}
}

type changesFunc = func(ctx context.Context, cursor string) ([]desk.Notice, string, error)

// connected says what this process is connected to, for who asks how things stand.
func (a *app) connected() []desk.Line {
	up, of := a.bot.Sockets()
	read := "not read yet"
	if at := a.polled.Load(); at != 0 {
		read = fmt.Sprintf("read %s ago", time.Since(time.UnixMicro(at)).Round(time.Second))
	}
	if a.hook != nil {
		read += "; its webhooks are taken"
	}
	return []desk.Line{
		{Head: "Slack", Text: fmt.Sprintf("%d of %d connections are up", up, of)},
		{Head: "Helpdesk", Text: deskName + ", " + read},
	}
}
