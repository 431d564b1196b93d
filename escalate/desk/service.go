package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warmline/escalate"
)

// Options name everything a Service needs. All ports are required but Facts, Hours, Language, Backtest, Learner, Simulator, Courier and Attachments.
type Options struct {
	Store     Store
	Helpdesks map[string]Helpdesk // by the name that escalate.Ref.Desk carries
	Room      Room
	Board     Board
	Messenger Messenger
	Directory Directory
	Brain     Brain
	NewID     func(now time.Time) string // makes ids that sort by time
	NewToken  func() string              // makes names that nobody can guess
	Logger    *slog.Logger               // nothing is logged when nil

	// Facts looks again at what an answer says of its customer, before it goes out: the same as in Informed. nil is none: then an
	// answer that says something looked up is not sent.
	Facts Facts

	// Sources says how what an answer was taken from reads now, before it is approved and before it goes out. nil asks nothing.
	Sources Sources

	// Hours makes the calendars that targets count by. nil counts around the clock.
	Hours Hours

	// Language tells in which language a ticket's customer writes, before the brain has read it. nil does not know.
	Language func(t *escalate.Ticket) string

	// Backtest stands in for what people have not said yet. nil is none: then a promise rests on people alone.
	Backtest Backtest
	// Simulator replays past tickets. nil is none: then there is nothing to simulate.
	Simulator Simulator
	// Courier brings what has to stay, and the customers' pictures. Required with a Simulator. nil is none: then pictures are named.
	Courier Courier

	// Attachments reads the files that people attach in Slack. nil is none: then nothing can be attached.
	Attachments Attachments

	// Learner is taught what people solve, and learns anew at night. nil learns nothing while it runs.
	Learner Learner

	// Connected says what this process is connected to, a line for each, for who asks how things stand. nil says nothing.
	Connected func() []Line

	// Checker asks Slack for the setup's checklist. nil asks nothing.
	Checker Checker

	// Team returns the id of the Slack workspace whose people may act; presses of others are refused. nil or "" accepts any.
	Team func() string
	// Settle is how long after a lost answer from Slack a post may still appear. 3 s when zero.
	Settle time.Duration
	// Reads is how often a lost reply is looked for, and sent again where it is certainly not there, before a person is asked. 8 when
	// zero: with a call in six lost that is one reply in a million, and at a settle time of 90 s no more than twelve minutes.
	Reads int
}

// Service is the use cases. It is safe for concurrent use; all state is in the Store.
type Service struct {
	Options
	members membership
	proofs  proofs
	heard   heard
	hourly  hourly
	pulse   pulse
}

// New checks the options and returns a Service.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Room == nil || o.Board == nil || o.Messenger == nil || o.Directory == nil || o.Brain == nil || o.NewID == nil ||
		o.NewToken == nil {
		return nil, errors.New("new desk service: a port is missing")
	}
	if o.Simulator != nil && o.Courier == nil {
		return nil, errors.New("new desk service: a simulator without a courier for its reports")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Settle == 0 {
		o.Settle = 3 * time.Second
	}
	if o.Reads == 0 {
		o.Reads = 8
	}
	return &Service{Options: o, members: membership{turn: make(chan struct{}, 1)}}, nil
}

// The kinds of job beside the effects of package escalate.
const (
	JobApplyPress  = "apply-press"   // apply a press that waits for a fresh reading of the groups
	JobTell        = "tell"          // tell one person something
	JobHome        = "publish-home"  // draw a person's App Home
	JobHomes       = "look-at-homes" // draw those that are open and have changed
	JobThread      = "thread-post"   // our own words in a card's thread
	JobPersonNote  = "person-note"   // a person's internal note
	JobMembers     = "read-members"  // read people and groups, on a schedule
	JobSweep       = "sweep"         // redraw cards that lag, on a schedule
	JobSeal        = "seal-audit"    // chain the audit log, on a schedule
	JobForget      = "forget"        // drop rows that are too old to matter, on a schedule
	jobWarning     = "sla-warning"   // an earlier version's timer: it looks at the clocks
	actorWarmline  = "warmline"
	actorPolicy    = "policy"
	actorHelpdesk  = "helpdesk"
	outcomeDone    = "done"
	outcomeRefused = "refused"
	outcomeNothing = "no effect"
	outcomeFailed  = "failed"
)

// Handlers returns the handler of every kind of job.
func (s *Service) Handlers() map[string]func(context.Context, Leased) error {
	return map[string]func(context.Context, Leased) error{
		string(escalate.EffectAssess):     s.assess,
		string(escalate.EffectDrawCard):   s.inOrder(s.drawCard),
		string(escalate.EffectTranscript): s.inOrder(s.transcript),
		string(escalate.EffectNote):       s.writeNote,
		string(escalate.EffectTags):       s.writeTags,
		string(escalate.EffectUntag):      s.takeTag,
		string(escalate.EffectAssign):     s.writeAssignee,
		string(escalate.EffectStatus):     s.writeStatus,
		string(escalate.EffectSend):       s.sendReply,
		string(escalate.EffectSLA):        s.sla,
		jobWarning:                        s.sla,
		string(escalate.EffectWarm):       s.keepWarm,
		string(escalate.EffectWake):       s.wake,
		string(escalate.EffectLease):      s.lease,
		string(escalate.EffectOffer):      s.offerNext,
		string(escalate.EffectStated):     s.stated,
		JobApplyPress:                     s.applyPress,
		JobTell:                           s.tell,
		JobHome:                           s.publishHome,
		JobHomes:                          s.lookAtHomes,
		JobThread:                         s.inOrder(s.postThread),
		JobEdit:                           s.postEdit,
		JobPhotos:                         s.bringPhotos,
		JobPersonNote:                     s.personNote,
		JobMembers:                        s.readMembers,
		JobSweep:                          s.sweep,
		JobSeal:                           s.seal,
		JobForget:                         s.forget,
		JobCare:                           s.lookAfter,
		JobNotice:                         s.inOrder(s.drawNotice),
		JobWatch:                          s.watch,
		JobCorrect:                        s.bringBack,
		JobOpen:                           s.openTicket,
		JobSetup:                          s.setup,
		JobSimulate:                       s.runSimulation,
		JobDeliver:                        s.deliver,
		JobLink:                           s.linkAccount,
		JobLearn:                          s.learn,
		JobPlanRefit:                      s.planRefit,
		JobRefit:                          s.refit,
		JobAlerts:                         s.tellAlerts,
		JobResults:                        s.tellResults,
		JobRecheck:                        s.recheckTargets,
	}
}

// work is the payload of a job that belongs to a ticket.
type work struct {
	Ticket escalate.TicketID `json:"ticket"`
	Effect escalate.Effect   `json:"effect"`
	Force  bool              `json:"force,omitempty"` // of assess: decide even when nothing is new
	Posts  []ThreadPost      `json:"posts,omitempty"`
	Press  string            `json:"press,omitempty"`
	Tell   *Recipient        `json:"tell,omitempty"` // of a person's note with files: who hears if it cannot be written
}

func workOf(j Leased) (work, error) {
	var w work
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return w, fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	return w, nil
}

// change is a ticket under change in one transaction: events go in, what they cause is written by save.
type change struct {
	s         *Service
	tx        Tx
	ticket    *escalate.Ticket
	events    []Happened
	effects   []escalate.Effect
	stopped   []stopped
	sent      []escalate.ReplyID
	met       []escalate.Met        // targets that people met, which are not kept yet
	pressed   bool                  // a person in Slack did some of it, and looks at the card
	on        *CardRow              // the card that was pressed, as this transaction read it; nil for none
	deadlines *Deadlines            // the helpdesk's, as just read; nil when it was not
	look      time.Time             // when the clocks next call for something; zero: when something happens
	unread    bool                  // the helpdesk could not be read: what it holds by now is not known
	knew      escalate.Conversation // as it was loaded
}

// stopped is a reply that a person approved and that something else withdrew: its approver has to hear of it.
type stopped struct {
	reply escalate.ReplyID
	by    escalate.PersonID
	why   string
}

// approvals returns the replies that wait for the end of their undo window, and who approved them.
func approvals(t *escalate.Ticket) map[escalate.ReplyID]escalate.PersonID {
	by := map[escalate.ReplyID]escalate.PersonID{}
	for i := range t.Replies {
		if r := &t.Replies[i]; r.State == escalate.ReplyApproved && r.ByPerson() {
			by[r.ID] = r.By
		}
	}
	return by
}

// change loads a ticket for change.
func (s *Service) change(ctx context.Context, tx Tx, id escalate.TicketID) (*change, error) {
	t, err := tx.Ticket(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load ticket %s: %w", id, err)
	}
	return &change{s: s, tx: tx, ticket: t, knew: t.Conversation}, nil
}

// apply lets an event happen.
func (c *change) apply(actor string, e escalate.Event) error {
	now, approved, running := c.tx.Now(), approvals(c.ticket), c.ticket.Clocks.Running()
	c.pressed = c.pressed || actor != actorWarmline && actor != actorPolicy && actor != actorHelpdesk
	effects, err := c.ticket.Apply(now, e)
	if err != nil {
		return err
	}
	for id, by := range approved {
		if r := c.ticket.Reply(id); r.State == escalate.ReplyWithdrawn {
			c.stopped = append(c.stopped, stopped{reply: id, by: by, why: r.Detail})
		}
	}
	if e, ok := e.(escalate.Sent); ok {
		c.sent = append(c.sent, e.Reply)
	}
	c.met = append(c.met, c.ticket.MetSince(running)...)
	c.events = append(c.events, Happened{Seq: c.ticket.Version, At: now, Actor: actor, Event: e})
	c.effects = append(c.effects, effects...)
	return nil
}

// save writes state, history and one job for each effect.
func (c *change) save(ctx context.Context) error {
	if err := c.offerNow(ctx); err != nil {
		return err
	}
	if err := c.time(ctx); err != nil {
		return err
	}
	if len(c.events) > 0 {
		if err := c.tx.SaveTicket(ctx, c.ticket, c.events); err != nil {
			return fmt.Errorf("save ticket %s: %w", c.ticket.ID, err)
		}
	}
	if err := c.keepMet(ctx); err != nil {
		return err
	}
	if err := c.keepWaits(ctx); err != nil {
		return err
	}
	for _, e := range c.effects {
		if err := c.enqueue(ctx, e); err != nil {
			return fmt.Errorf("enqueue %s of ticket %s: %w", e.Kind, c.ticket.ID, err)
		}
	}
	for _, r := range c.stopped {
		if err := c.giveBack(ctx, r); err != nil {
			return err
		}
	}
	if err := c.solved(ctx); err != nil {
		return err
	}
	for _, id := range c.sent {
		if err := c.drawReview(ctx, c.ticket.Reply(id)); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) enqueue(ctx context.Context, e escalate.Effect) error {
	if e.Kind == escalate.EffectStopTimers {
		for _, k := range []escalate.EffectKind{escalate.EffectWarm, escalate.EffectWake, escalate.EffectLease, escalate.EffectStated} {
			if err := c.tx.CancelJobs(ctx, string(k), string(e.Handoff)); err != nil {
				return err
			}
		}
		return c.tx.CancelJobs(ctx, string(escalate.EffectOffer), string(c.ticket.ID))
	}
	j, err := newJob(string(e.Kind), work{Ticket: c.ticket.ID, Effect: e})
	if err != nil {
		return err
	}
	j.At = e.At.Time()
	switch e.Kind {
	case escalate.EffectTranscript:
		j.Key, j.Group = string(e.Handoff), c.slackGroup(e.Handoff)
	case escalate.EffectDrawCard:
		if err := c.planDraw(ctx, &j, e.Handoff); err != nil {
			return err
		}
	case escalate.EffectSend:
		j.Key, j.Group = string(e.Reply), ticketGroup(c.ticket)
		if r := c.ticket.Reply(e.Reply); r.Purpose == escalate.PurposeHold {
			j.Group, j.Urgent = "", true // the ticket's group is held by what it makes up for
		}
	case escalate.EffectSLA:
		return c.enqueueLook(ctx, j)
	case escalate.EffectOffer:
		j.Key = string(c.ticket.ID) // there is one open hand-off
	case escalate.EffectWake, escalate.EffectLease:
		j.Key = string(e.Handoff)
	case escalate.EffectStated: // there is one time: what was said before counts no more
		j.Key, j.Group = string(e.Handoff), ticketGroup(c.ticket)
		if err := c.tx.CancelJobs(ctx, j.Kind, j.Key); err != nil {
			return err
		}
	case escalate.EffectStatus: // each status waits for itself: a resolve must not be lost behind a reply's
		j.Key, j.Group = string(c.ticket.ID)+":"+string(e.Status), ticketGroup(c.ticket)
	default:
		j.Key, j.Group = string(e.Handoff), ticketGroup(c.ticket)
	}
	return c.tx.Enqueue(ctx, j)
}

func newJob(kind string, payload any) (Job, error) {
	b, err := json.Marshal(payload)
	if err != nil {
		return Job{}, fmt.Errorf("encode job %s: %w", kind, err)
	}
	return Job{Kind: kind, Payload: b}, nil
}

// helpdesk returns the connected account that a ticket lives in.
func (s *Service) helpdesk(ref escalate.Ref) (Helpdesk, error) {
	h, ok := s.Helpdesks[ref.Desk]
	if !ok {
		return nil, fmt.Errorf("helpdesk %q is not connected; connect it, or remove its tickets", ref.Desk)
	}
	return h, nil
}

// finish ends a job that had nothing to do.
func (s *Service) finish(ctx context.Context, j Leased) error {
	return s.Store.Update(ctx, func(tx Tx) error { return tx.Finish(ctx, j) })
}

// load reads a job's ticket for looking, not for change, and says at which instant it did.
func (s *Service) load(ctx context.Context, j Leased) (w work, t *escalate.Ticket, now time.Time, err error) {
	if w, err = workOf(j); err != nil {
		return w, nil, now, err
	}
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		now = tx.Now()
		t, err = tx.Ticket(ctx, w.Ticket)
		return err
	})
	if err != nil {
		return w, nil, now, fmt.Errorf("load ticket %s: %w", w.Ticket, err)
	}
	return w, t, now, nil
}
