package requesttracker

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"warmline/helpdesk"
)

// RT has no webhooks. Two files of ours make it send some, and check the version of a ticket that is replied to; both run inside RT.
var (
	// Scrip tells of every change. It is inserted with rt-setup-database.
	//
	//go:embed rt/warmline-scrip.pl
	Scrip string
	// Extension has RT check If-Match for replies, too.
	//
	//go:embed rt/Warmline.pm
	Extension string
)

// ParseHook reads the body of a webhook that Scrip sends.
func ParseHook(body []byte) ([]helpdesk.Hint, error) {
	var hook struct {
		Ticket ident `json:"ticket"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	if !numeric(string(hook.Ticket)) {
		return nil, errors.New("the webhook names no ticket by its number")
	}
	return []helpdesk.Hint{{Ticket: string(hook.Ticket)}}, nil
}

// paste says how both files are installed. The paths are Debian's; others have their own.
func paste(url string) string {
	return `RT has no webhooks; a scrip sends them. As root where RT runs (the paths are Debian's):

1. Make a secret, which goes into Warmline's environment as well:

     echo whsec_$(openssl rand -base64 24)

2. Save this as /etc/request-tracker5/RT_SiteConfig.d/warmline.pm, readable for RT's web server alone:

     Set(%Warmline, url => '` + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(url) + `', secret => 'whsec_…');
     1;

3. Save what is between the next two marks as warmline-scrip.pl, insert it once, and restart RT's web server:

     rt-setup-database-5 --action insert --datafile warmline-scrip.pl

` + scissors + Scrip + scissors + `
4. For RT to refuse a reply to a ticket that has moved (the setting stamps): save what is between the last two marks as
   /usr/local/share/request-tracker5/plugins/RT-Extension-Warmline/lib/RT/Extension/Warmline.pm, add the line

     Plugin('RT::Extension::Warmline');

   to the file of step 2, restart RT's web server, and connect with --set stamps=yes.

` + scissors + Extension + scissors
}

// scissors are where a file begins and ends. The file stands between as it is: Perl would not find the end of a text that was moved to
// the right.
const scissors = "----8<----\n"
