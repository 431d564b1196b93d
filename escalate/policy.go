package escalate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// Policy says what to decide. It is one typed, versioned document; the zero value is not usable, DefaultPolicy is.
type Policy struct {
	Version int64 `json:"version" yaml:"-"`

	Thresholds Thresholds           `json:"thresholds" yaml:"thresholds"`
	Topics     map[string]TopicRule `json:"topics,omitempty" yaml:"topics,omitempty"`
	Stage      Stage                `json:"stage" yaml:"stage"`   // of topics that name none; a fresh install starts at draft
	Sample     float64              `json:"sample" yaml:"sample"` // share of tickets answered at stage sample, 0..1; 0.1 by default
	// Budget is the promise: the largest share of wrong answers among all that are sent by themselves, 0..1. 0 promises
	// nothing, and then the thresholds alone decide. With a budget a topic answers only from where its evidence keeps it.
	Budget float64 `json:"budget,omitempty" yaml:"budget,omitempty"`

	Exclusions    []Exclusion  `json:"exclusions,omitempty" yaml:"exclusions,omitempty"`
	LowConfidence OnExclude    `json:"low_confidence" yaml:"low_confidence"`
	Triggers      TriggerRules `json:"triggers" yaml:"triggers"`
	Routes        Routes       `json:"routes" yaml:"routes"`
	Roles         Roles        `json:"roles" yaml:"roles"`
	// Calendars are working hours by name, for the targets.
	Calendars map[string]Hours `json:"calendars,omitempty" yaml:"calendars,omitempty"`
	SLA       SLA              `json:"sla" yaml:"sla"`
	// Rotas say who is on when, by the names that people type.
	Rotas rota.Rotas `json:"rotas,omitempty" yaml:"rotas,omitempty"`
	// Offers say whom of them a hand-off is offered to.
	Offers   Offers   `json:"offers,omitzero" yaml:"offers,omitempty"`
	KeepWarm KeepWarm `json:"keep_warm" yaml:"keep_warm"`
	Pace     Pace     `json:"pace" yaml:"pace"`
	Lease    Lease    `json:"lease" yaml:"lease"`
	Fold     Fold     `json:"fold" yaml:"fold"`
	Team     string   `json:"team" yaml:"team"` // how the team signs to customers: "Lumen support"
}

// Thresholds divide the confidence: at Auto and above answer, from Draft draft, below hand to a human. 0..1, Draft <= Auto.
type Thresholds struct {
	Auto  float64 `json:"auto" yaml:"auto"`
	Draft float64 `json:"draft" yaml:"draft"`
}

// TopicRule overrides the policy for one topic; nil and empty fields do not.
type TopicRule struct {
	Auto  *float64 `json:"auto,omitempty" yaml:"auto,omitempty"`
	Draft *float64 `json:"draft,omitempty" yaml:"draft,omitempty"`
	Stage Stage    `json:"stage,omitempty" yaml:"stage,omitempty"`
	// Budget is the topic's own promise; 0 promises nothing for this topic, whatever is promised for the others.
	Budget *float64 `json:"budget,omitempty" yaml:"budget,omitempty"`
}

// Stage is a rung of the autonomy ladder.
type Stage string

// The rungs, lowest first.
const (
	StageObserve Stage = "observe" // decide and log only
	StageDraft   Stage = "draft"
	StageSample  Stage = "sample" // answer a share, draft the rest
	StageAuto    Stage = "auto"
)

// Stages lists the rungs, lowest first.
var Stages = []Stage{StageObserve, StageDraft, StageSample, StageAuto}

// Up is the next rung; the highest has none above and returns itself.
func (s Stage) Up() Stage { return Stages[min(s.rank()+1, len(Stages)-1)] }

// Down is the rung below; the lowest has none and returns itself.
func (s Stage) Down() Stage { return Stages[max(s.rank()-1, 0)] }

// Answers reports whether a topic on this rung answers anything by itself.
func (s Stage) Answers() bool { return s == StageSample || s == StageAuto }

// rank is a rung's place from below; an unknown one counts as the lowest.
func (s Stage) rank() int { return max(slices.Index(Stages, s), 0) }

// OnExclude says what becomes of a ticket that an exclusion, or low confidence, keeps from the AI.
type OnExclude string

// What becomes of it.
const (
	ExcludeCard  OnExclude = "card"
	ExcludeLeave OnExclude = "leave" // stays in the helpdesk's queue, counted, no card
)

// Exclusion keeps tickets from the AI. Exactly one of the match fields is set; all compare without regard to case.
type Exclusion struct {
	ID       string    `json:"id" yaml:"id"`
	Tag      string    `json:"tag,omitempty" yaml:"tag,omitempty"`
	Category string    `json:"category,omitempty" yaml:"category,omitempty"`
	Topic    string    `json:"topic,omitempty" yaml:"topic,omitempty"`
	Customer string    `json:"customer,omitempty" yaml:"customer,omitempty"` // e-mail, or @domain
	Channel  string    `json:"channel,omitempty" yaml:"channel,omitempty"`   // the ticket's: email, chat
	Language string    `json:"language,omitempty" yaml:"language,omitempty"`
	Words    string    `json:"words,omitempty" yaml:"words,omitempty"`   // whole words that stand together in subject or customer messages
	Answer   string    `json:"answer,omitempty" yaml:"answer,omitempty"` // a known answer that must not be given: its id
	Then     OnExclude `json:"then" yaml:"then"`                         // card by default
	Route    string    `json:"route,omitempty" yaml:"route,omitempty"`   // channel name; empty: as without the exclusion
}

// TriggerRules tune the triggers that can be tuned. Safety, human_request and ai_error cannot be turned off.
type TriggerRules struct {
	Off     []TriggerKind `json:"off,omitempty" yaml:"off,omitempty"`
	Repeat  int           `json:"repeat" yaml:"repeat"` // attempts at the same question until repeat_failure; 2 by default
	VIPTags []string      `json:"vip_tags,omitempty" yaml:"vip_tags,omitempty"`
}

// Routes say which Slack channel, by name without #, a hand-off goes to. Empty ones fall through to Default.
type Routes struct {
	Default  string            `json:"default" yaml:"default"`
	Safety   string            `json:"safety,omitempty" yaml:"safety,omitempty"`
	Manager  string            `json:"manager,omitempty" yaml:"manager,omitempty"` // where people pass tickets up to; empty: as Safety
	HighRisk string            `json:"high_risk,omitempty" yaml:"high_risk,omitempty"`
	Anger    string            `json:"anger,omitempty" yaml:"anger,omitempty"`
	Topics   map[string]string `json:"topics,omitempty" yaml:"topics,omitempty"`
	Rules    []RouteRule       `json:"rules,omitempty" yaml:"rules,omitempty"`
}

// Roles say who may do what: Slack user group handles ("@support-agents"), or single user ids.
type Roles struct {
	Agents []string `json:"agents" yaml:"agents"`
	Leads  []string `json:"leads" yaml:"leads"` // may also do what agents may
	Admins []string `json:"admins,omitempty" yaml:"admins,omitempty"`
}

// Lease says how much working time a claim holds without a reply to the customer. Zero turns a part off.
type Lease struct {
	Nudge   time.Duration `json:"nudge" yaml:"nudge"`     // the owner is reminded
	Release time.Duration `json:"release" yaml:"release"` // the hand-off goes back to its channel
	// Calendar names by whose hours both count. Empty: by those of the ticket's targets.
	Calendar string `json:"calendar,omitempty" yaml:"calendar,omitempty"`
}

// LeaseCalendar names the calendar by which the lease of a ticket's claim counts; "" is around the clock.
func (p *Policy) LeaseCalendar(c *Content) string {
	return cmp.Or(p.Lease.Calendar, hoursOf(p.SLA.levels(c)))
}

// Fold says when many hand-offs that are much alike share one message.
type Fold struct {
	From   int           `json:"from" yaml:"from"`     // so many of one channel, topic and reason get cards; those that follow fold. 0: never
	Within time.Duration `json:"within" yaml:"within"` // in how short a time
}

// Pace holds the short waits of the pipeline.
type Pace struct {
	Undo       time.Duration `json:"undo" yaml:"undo"`               // between Approve and the send
	ChatBurst  time.Duration `json:"chat_burst" yaml:"chat_burst"`   // quiet time before replying in a chat
	EmailBurst time.Duration `json:"email_burst" yaml:"email_burst"` // the same elsewhere
	BurstMax   time.Duration `json:"burst_max" yaml:"burst_max"`     // the longest a burst may hold a reply back
}

// DefaultPolicy is a fresh install's: it answers nothing by itself, drafts what it is nearly sure of.
// Roles and the default route still have to be named.
func DefaultPolicy() *Policy {
	return &Policy{
		Thresholds:    Thresholds{Auto: 0.95, Draft: 0.6},
		Stage:         StageDraft,
		Sample:        0.1,
		LowConfidence: ExcludeCard,
		Triggers:      TriggerRules{Repeat: 2},
		Routes:        Routes{Default: "support"},
		Roles:         Roles{Agents: []string{"@support-agents"}, Leads: []string{"@support-leads"}},
		SLA: SLA{
			FirstResponse: 4 * time.Hour, NextResponse: 4 * time.Hour,
			Alerts: AlertsAt(calendar.Stage{Share: 0.5}, calendar.Stage{Share: 0.8}, calendar.Breach),
		},
		Lease:    Lease{Nudge: time.Hour, Release: 4 * time.Hour},
		Fold:     Fold{From: 5, Within: 10 * time.Minute},
		KeepWarm: KeepWarm{After: 4 * time.Hour, Cap: 3},
		Pace: Pace{
			Undo: 10 * time.Second, ChatBurst: 5 * time.Second, EmailBurst: 30 * time.Second, BurstMax: time.Minute,
		},
		Team: "the support team",
	}
}

// For returns the thresholds and the stage that hold for a topic.
func (p *Policy) For(topic string) (Thresholds, Stage) {
	th, stage := p.Thresholds, p.Stage
	rule := p.Topics[topic]
	if rule.Auto != nil {
		th.Auto = *rule.Auto
	}
	if rule.Draft != nil {
		th.Draft = *rule.Draft
	}
	if rule.Stage != "" {
		stage = rule.Stage
	}
	return th, stage
}

// Promises returns the wrong-answer budget that holds for a topic, 0..1; 0 when nothing is promised.
func (p *Policy) Promises(topic string) float64 {
	if b := p.Topics[topic].Budget; b != nil {
		return *b
	}
	return p.Budget
}

// Channels lists the Slack channels, by name, that something is sent to, in ascending order.
func (p *Policy) Channels() []string {
	r := &p.Routes
	all := append(slices.Collect(maps.Values(r.Topics)), r.Default, r.Safety, r.Manager, r.HighRisk, r.Anger)
	for i := range r.Rules {
		all = append(all, r.Rules[i].Channel)
	}
	for _, rule := range p.Offers.Channels {
		all = append(all, rule.Fallback)
	}
	return sorted(all)
}

// Groups lists the user groups, by handle, that the roles and the rotas name, in ascending order. Single people are none.
func (p *Policy) Groups() []string {
	all := slices.Concat(p.Roles.Agents, p.Roles.Leads, p.Roles.Admins)
	for _, r := range p.Rotas {
		for i := range r.Layers {
			all = append(all, r.Layers[i].Group)
		}
	}
	return sorted(slices.DeleteFunc(all, func(who string) bool { return !strings.HasPrefix(who, "@") }))
}

// sorted sorts names in place, each once; "" is none.
func sorted(names []string) []string {
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}

// Clone returns a copy that shares nothing with the policy.
func (p *Policy) Clone() (*Policy, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("copy policy: %w", err)
	}
	var c Policy
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("copy policy: %w", err)
	}
	return &c, nil
}
