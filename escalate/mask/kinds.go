package mask

// Kinds is a set of kinds of personal data.
type Kinds uint8

// The kinds. Of two that overlap, the one that stands first here wins.
const (
	Tokens    Kinds = 1 << iota // API keys, bearer tokens, JWTs, private keys, passwords
	IBANs                       // bank accounts whose check digits hold
	Cards                       // payment cards whose check digit holds
	Emails                      // e-mail addresses
	Addresses                   // a street with its number, and the town behind it
	Phones                      // telephone numbers
	Names                       // the names that were given to New

	literal // what looked like a stand-in before anything was masked
)

const (
	// Secrets is what stays hidden everywhere outside the helpdesk.
	Secrets = Tokens | IBANs | Cards
	// Everything is what a language model never sees.
	Everything = Secrets | Emails | Addresses | Phones | Names
)

// words names each kind in its stand-ins.
var words = map[Kinds]string{
	Tokens: "TOKEN", IBANs: "IBAN", Cards: "CARD", Emails: "EMAIL", Addresses: "ADDRESS", Phones: "PHONE", Names: "NAME",
	literal: "TEXT",
}

// Span is one finding: the bytes from Start to End of a text, and what they are.
type Span struct {
	Start, End int
	Kind       Kinds // one kind
}
