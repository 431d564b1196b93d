package escalate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a policy: where, what, and what to do.
type Fault struct {
	Path string // "thresholds.auto", "exclusions[2].then"
	What string
}

// Error implements error.
func (f *Fault) Error() string { return f.Path + ": " + f.What }

// faults collects what is wrong.
type faults []error

func (fs *faults) add(path, format string, args ...any) {
	*fs = append(*fs, &Fault{Path: path, What: fmt.Sprintf(format, args...)})
}

// Validate names every fault of a policy at once: each error joined is a *Fault. A policy that it accepts can be
// decided with.
func (p *Policy) Validate() error {
	var fs faults
	fs.thresholds("thresholds", p.Thresholds)
	fs.stage("stage", p.Stage, false)
	fs.share("sample", p.Sample)
	fs.share("budget", p.Budget)
	for topic, rule := range p.Topics {
		path := "topics." + topic
		th, _ := p.For(topic)
		fs.thresholds(path, th)
		fs.stage(path+".stage", rule.Stage, true)
		if rule.Budget != nil {
			fs.share(path+".budget", *rule.Budget)
		}
	}
	for i := range p.Exclusions {
		fs.exclusion(fmt.Sprintf("exclusions[%d]", i), &p.Exclusions[i])
	}
	fs.uniqueIDs(p.Exclusions)
	fs.onExclude("low_confidence", p.LowConfidence, false)
	fs.triggers(&p.Triggers)
	fs.routes(&p.Routes)
	fs.roles(&p.Roles)
	fs.clocks(p)
	fs.rotas(p.Rotas)
	fs.offers(p)
	slices.SortFunc(fs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(fs...)
}

func (fs *faults) share(path string, v float64) {
	if !(v >= 0 && v <= 1) { // also catches NaN
		fs.add(path, "%v is not a share; write a number from 0 to 1", v)
	}
}

func (fs *faults) thresholds(path string, th Thresholds) {
	fs.share(path+".auto", th.Auto)
	fs.share(path+".draft", th.Draft)
	if th.Draft > th.Auto {
		fs.add(path+".draft", "%v is above auto %v; lower draft or raise auto", th.Draft, th.Auto)
	}
}

func (fs *faults) stage(path string, s Stage, emptyOK bool) {
	switch s {
	case StageObserve, StageDraft, StageSample, StageAuto:
	case "":
		if !emptyOK {
			fs.add(path, "is missing; write observe, draft, sample or auto")
		}
	default:
		fs.add(path, "%q is not a stage; write observe, draft, sample or auto", s)
	}
}

func (fs *faults) onExclude(path string, o OnExclude, emptyOK bool) {
	if o == ExcludeCard || o == ExcludeLeave || o == "" && emptyOK {
		return
	}
	fs.add(path, "%q is not known; write card or leave", o)
}

func (fs *faults) exclusion(path string, x *Exclusion) {
	if x.ID == "" {
		fs.add(path+".id", "is missing; give it a short name")
	}
	set := 0
	for _, v := range []string{x.Tag, x.Category, x.Topic, x.Customer, x.Channel, x.Language, x.Words, x.Answer} {
		if strings.TrimSpace(v) != "" {
			set++
		}
	}
	if set != 1 {
		fs.add(path, "matches by %d fields; set exactly one of tag, category, topic, customer, channel, language, words, answer", set)
	}
	if x.Words != "" && fold(x.Words) == "  " {
		fs.add(path+".words", "%q holds no word", x.Words)
	}
	fs.onExclude(path+".then", x.Then, true)
	fs.channelName(path+".route", x.Route)
}

func (fs *faults) uniqueIDs(xs []Exclusion) {
	seen := map[string]bool{}
	for i := range xs {
		if id := xs[i].ID; id != "" && seen[id] {
			fs.add(fmt.Sprintf("exclusions[%d].id", i), "%q is used twice; every exclusion needs its own", id)
		}
		seen[xs[i].ID] = true
	}
}

func (fs *faults) triggers(r *TriggerRules) {
	for i, k := range r.Off {
		path := fmt.Sprintf("triggers.off[%d]", i)
		switch {
		case k == Safety || k == HumanRequest || k == AIError:
			fs.add(path, "%s protects people and cannot be turned off", k)
		case !slices.Contains(Triggers, k):
			fs.add(path, "%q is not a trigger", k)
		}
	}
	if r.Repeat < 1 {
		fs.add("triggers.repeat", "%d is too small; one attempt is the least", r.Repeat)
	}
}

func (fs *faults) routes(r *Routes) {
	if r.Default == "" {
		fs.add("routes.default", "is missing; name the Slack channel for hand-offs")
	}
	for path, name := range map[string]string{
		"routes.default": r.Default, "routes.safety": r.Safety, "routes.manager": r.Manager, "routes.high_risk": r.HighRisk, "routes.anger": r.Anger,
	} {
		fs.channelName(path, name)
	}
	for topic, name := range r.Topics {
		fs.channelName("routes.topics."+topic, name)
	}
	fs.routeRules(r.Rules)
}

// channelName checks a Slack channel's name; "" is no channel.
func (fs *faults) channelName(path, name string) {
	if strings.ContainsAny(name, "# \t\n") || name != strings.ToLower(name) {
		fs.add(path, "%q is not a channel name; write it in lower case, without # or spaces", name)
	}
}

func (fs *faults) roles(r *Roles) {
	if len(r.Agents) == 0 {
		fs.add("roles.agents", "is empty, so nobody could claim; name a user group such as @support-agents")
	}
	if len(r.Leads) == 0 {
		fs.add("roles.leads", "is empty, so nobody could change the policy; name a user group such as @support-leads")
	}
	for path, list := range map[string][]string{"roles.agents": r.Agents, "roles.leads": r.Leads, "roles.admins": r.Admins} {
		for i, who := range list {
			if !strings.HasPrefix(who, "@") && !strings.HasPrefix(who, "U") && !strings.HasPrefix(who, "W") || len(who) < 2 {
				fs.add(fmt.Sprintf("%s[%d]", path, i), "%q is neither a user group (@handle) nor a user id (U…)", who)
			}
		}
	}
}

func (fs *faults) clocks(p *Policy) {
	fs.targets(p)
	for path, d := range map[string]int64{
		"keep_warm.after": int64(p.KeepWarm.After),
		"fold.from":       int64(p.Fold.From), "fold.within": int64(p.Fold.Within), "lease.nudge": int64(p.Lease.Nudge),
		"lease.release": int64(p.Lease.Release), "keep_warm.cap": int64(p.KeepWarm.Cap), "pace.undo": int64(p.Pace.Undo), "pace.chat_burst": int64(p.Pace.ChatBurst),
		"pace.email_burst": int64(p.Pace.EmailBurst), "pace.burst_max": int64(p.Pace.BurstMax),
	} {
		if d < 0 {
			fs.add(path, "is negative")
		}
	}
	fs.calendarName("lease.calendar", p, p.Lease.Calendar)
	fs.keepWarm(p)
}
