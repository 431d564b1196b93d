package desk

import "warmline/escalate"

// Sources is what the knowledge says now, so that nothing is sent that was taken from what has changed since.
type Sources interface {
	// SourcesNow returns the sources in their order, each with the version, title and passage that it has at this moment; Version is
	// "" when it is not there any more. It reads this process's own memory, so that it may be asked within a transaction, and
	// is safe for concurrent use.
	//
	// Another replica may hold other knowledge. Of past tickets it may have heard later: CatchUp before taking one for gone. Macros and
	// articles are what each was started with, so that they differ while replicas are restarted one after the other. Then the one
	// that checks decides by its own: what an older replica wrote is held back by a newer one, and the other way round, until
	// both were started with the same files. That costs a draft another look, never a wrong answer.
	SourcesNow(asked []escalate.Source) []escalate.Source
}
