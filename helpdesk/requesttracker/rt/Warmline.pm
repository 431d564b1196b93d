package RT::Extension::Warmline;

use strict;
use warnings;

our $VERSION = '1.0';

# RT's REST 2.0 checks If-Match where a ticket's fields are set, by the number of its newest transaction. Where a reply or a comment is
# posted it knows no version, and so refuses every one that has an If-Match. This tells it the version of the ticket there, too: a reply to
# a ticket that has moved is then refused with 412, and one that has no If-Match is taken as before.

require RT::REST2::Resource::Message;
require RT::REST2::Resource::Record::WithETag;

{
    no warnings 'once';
    *RT::REST2::Resource::Message::generate_etag = sub {
        my $self = shift;
        return RT::REST2::Resource::Record::WithETag::generate_etag($self);
    };
}

1;
