use strict;
use warnings;

# A scrip that tells Warmline which ticket changed, once for each request that changed it and after all of it is in the database. The
# delivery holds nothing that a customer wrote, and is signed as https://www.standardwebhooks.com describes. Insert it once:
#
#   rt-setup-database-5 --action insert --datafile warmline-scrip.pl
#
# It does nothing until RT_SiteConfig says: Set(%Warmline, url => 'https://…/hooks/…', secret => 'whsec_…');
# What is lost is found by polling, so it waits for an answer for two seconds only, and only once.

our @Scrips = (
    {   Description            => 'Warmline: tell which ticket changed',
        Queue                  => 0,
        Stage                  => 'TransactionBatch',
        ScripCondition         => 'User Defined',
        ScripAction            => 'User Defined',
        Template               => 'Blank',
        CustomIsApplicableCode => 'return 1;',
        CustomPrepareCode      => 'return 1;',
        CustomCommitCode       => <<'CODE',
my %warmline = RT->Config->Get('Warmline');
return 1 unless $warmline{url} and $warmline{secret};
require Digest::SHA;
require LWP::UserAgent;
require MIME::Base64;

my @made = map { $_->Id } @{ $self->TicketObj->TransactionBatch || [] }, $self->TransactionObj;
my ($newest) = sort { $b <=> $a } @made;
my $id   = join '-', 'rt', RT->Config->Get('Organization'), $newest;
my $at   = time;
my $body = sprintf '{"type":"ticket.updated","ticket":"%d"}', $self->TicketObj->Id;
( my $key = $warmline{secret} ) =~ s/^whsec_//;
my $signature = MIME::Base64::encode_base64(
    Digest::SHA::hmac_sha256( "$id.$at.$body", MIME::Base64::decode_base64($key) ), '' );

my $answer = eval {
    LWP::UserAgent->new( timeout => 2, max_redirect => 0 )->post(
        $warmline{url},
        'Content-Type'      => 'application/json',
        'webhook-id'        => $id,
        'webhook-timestamp' => $at,
        'webhook-signature' => "v1,$signature",
        Content             => $body,
    );
};
RT->Logger->warning( 'Warmline was not told of ticket ' . $self->TicketObj->Id . ': '
        . ( $answer ? $answer->status_line : $@ ) )
    unless $answer and $answer->is_success;
return 1;
CODE
    },
);

1;
