package desk

import (
	"context"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// Hours makes calendars of working hours: it knows the time zones and the public holidays.
type Hours interface {
	// Calendar returns the calendar of hours. It is called inside transactions, so it waits for nothing. The error says which zone
	// or holidays there are none of.
	Calendar(h *escalate.Hours) (*calendar.Calendar, error)
	// Holidays returns the public holidays of a country or region by its code; none for "". It waits for nothing, either.
	Holidays(code string) ([]calendar.Holiday, error)
}

// Alerts keeps what a channel is to be told of targets, until it is told.
type Alerts interface {
	// AddAlert keeps an alert under an id of the store's own, which sorts by time.
	AddAlert(ctx context.Context, a AlertRow) error
	// AlertsOf returns a channel's alerts, the oldest first, at most limit.
	AlertsOf(ctx context.Context, channel string, limit int) ([]AlertRow, error)
	// DropAlerts removes alerts by their ids.
	DropAlerts(ctx context.Context, ids []string) error
}

// AlertRow is a stage that a target has reached, for who has to know. It holds no customer text.
type AlertRow struct {
	ID      string
	Channel string // Slack channel name
	At      time.Time
	Alert   TargetAlert
}

// TargetAlert is what an alert tells of.
type TargetAlert struct {
	Ticket  escalate.TicketID  `json:"ticket"`
	Handoff escalate.HandoffID `json:"handoff"`
	Target  escalate.Target    `json:"target"`
	Stage   calendar.Stage     `json:"stage"`
	To      escalate.Audience  `json:"to"`
	Due     escalate.UnixMicro `json:"due,omitempty"` // the deadline as it stood then
	// Unclaimed is since when nobody has claimed the hand-off, of an alert that is about just that and no target; 0: it is about one.
	Unclaimed escalate.UnixMicro `json:"unclaimed,omitempty"`
}
