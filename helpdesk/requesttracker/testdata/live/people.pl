use strict;
use warnings;

# Who works in the throwaway RT that .ci/peers-rt sets up, what they may do, and what it knows. The bot's user has the rights that
# docs/connecting/rt.md asks for, and no others. The tokens are written to files in the folder that WARMLINE_RT_FOLDER names.

our @Users = (
    { Name => 'warmline', EmailAddress => 'warmline@shop.example', RealName => 'Shop assistant', Privileged => 1 },
    { Name => 'ana', EmailAddress => 'ana@shop.example', RealName => 'Ana Ferreira', Privileged => 1 },
    { Name => '77',  EmailAddress => 'ben@shop.example', RealName => 'Ben Okoro',    Privileged => 1 },
);

our @Queues = (
    { Name => 'Secret',      Description => 'What the bot may not see' },
    { Name => 'South Lamps', Description => 'Another brand' },
);

our @CustomFields = (
    { Name => 'Tags', Type => 'FreeformMultiple', LookupType => 'RT::Queue-RT::Ticket', Queue => 'General' },
    { Name => 'Order value', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => 'General' },
);

our @Final = (
    sub {
        my $system = RT->SystemUser;
        my $load   = sub { my ( $class, $name ) = @_; my $one = $class->new($system); $one->Load($name); $one };
        my $grant  = sub {
            my ( $who, $object, @rights ) = @_;
            for my $right (@rights) {
                my ( $ok, $why ) = $who->PrincipalObj->GrantRight( Right => $right, Object => $object );
                die "$right: $why" unless $ok;
            }
        };
        my $queue    = $load->( 'RT::Queue', 'General' );
        my $everyone = RT::Group->new($system);
        $everyone->LoadSystemInternalGroup('Everyone');
        $grant->( $everyone, $queue, qw(CreateTicket ReplyToTicket) );

        my $bot = $load->( 'RT::User', 'warmline' );
        $grant->( $bot, $queue, qw(SeeQueue ShowTicket ShowTicketComments ReplyToTicket CommentOnTicket CreateTicket ModifyTicket TakeTicket ReassignTicket) );
        for my $name (qw(ana ben@shop.example)) {
            my $user = RT::User->new($system);
            $name =~ /@/ ? $user->LoadByEmail($name) : $user->Load($name);
            $grant->( $user, $queue, qw(SeeQueue ShowTicket ShowTicketComments ReplyToTicket CommentOnTicket CreateTicket ModifyTicket OwnTicket TakeTicket StealTicket ReassignTicket DeleteTicket) );
            $grant->( $user, $load->( 'RT::Queue', 'Secret' ), qw(SeeQueue ShowTicket CreateTicket ModifyTicket) );
        }

        my $brand = $load->( 'RT::Queue', 'South Lamps' );
        $grant->( $_, $brand, qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ModifyTicket) ) for $bot, $load->( 'RT::User', 'ana' );
        my $worth = $load->( 'RT::CustomField', 'Order value' );
        $grant->( $bot, $worth, 'SeeCustomField' );
        $grant->( $load->( 'RT::User', 'ana' ), $worth, qw(SeeCustomField ModifyCustomField) );

        my $tags = $load->( 'RT::CustomField', 'Tags' );
        $grant->( $bot, $tags, qw(SeeCustomField ModifyCustomField) );

        my $text = RT::CustomField->new($system);
        $text->Create( Name => 'Answer', Type => 'Text', LookupType => 'RT::Class-RT::Article' );
        my $more = RT::CustomField->new($system);
        $more->Create( Name => 'More', Type => 'Text', LookupType => 'RT::Class-RT::Article' );
        $grant->( $bot, $_, 'SeeCustomField' ) for $text, $more;
        my %said = (
            FAQ     => [ 'Charging',      '<p>Hold the <b>button</b>.</p>', 'Five seconds.' ],
            Replies => [ 'Opening hours', 'We are open from 9 to 5.' ],
            Team    => [ 'Secret',        'Not for customers.' ],
        );
        for my $name (qw(FAQ Replies Team)) {
            my $class = RT::Class->new($system);
            $class->Create( Name => $name );
            $_->AddToObject($class) for $text, $more;
            $grant->( $bot, $class, qw(SeeClass ShowArticle) );
            my ( $title, $first, $second ) = @{ $said{$name} };
            my ( $ok, $why ) = RT::Article->new($system)->Create(
                Class => $name, Name => $title, 'CustomField-' . $text->Id => $first,
                $second ? ( 'CustomField-' . $more->Id => $second ) : (),
            );
            die "article: $why" unless $ok;
        }

        for my $name (qw(warmline ana)) {
            my ( $ok, $why, $token ) =
                RT::AuthToken->new($system)->Create( Owner => $load->( 'RT::User', $name )->Id, Description => 'for tests' );
            die "token: $why" unless $ok;
            open my $file, '>', "$ENV{WARMLINE_RT_FOLDER}/token-$name" or die "token: $!";
            print {$file} $token;
            close $file;
        }
    },
);

1;
