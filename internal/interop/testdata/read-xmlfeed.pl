# XML::Feed: prints what it reads of each feed.
use strict;
use warnings;
use Encode qw(decode);
use JSON::PP;
use XML::Atom;
use XML::Feed;

$XML::Atom::ForceUnicode = 1;
my $json = JSON::PP->new->ascii;

sub text { $_[0] // '' }

sub date {
	my $time = shift or return '';
	$time = $time->clone->set_time_zone('UTC');
	return sprintf '%04d-%sZ', $time->year, $time->strftime('%m-%dT%H:%M:%S');
}

for my $name (@ARGV) {
	my (@values, @faults);
	my $feed = XML::Feed->parse($name) or push @faults, XML::Feed->errstr;
	for my $entry ($feed ? $feed->entries : ()) {
		my $file = $entry->enclosure;
		push @values, {
			ID => text($entry->id),
			Title => text($entry->title),
			Link => text($entry->link),
			Date => date($entry->issued // $entry->modified),
			Published => date($entry->issued),
			Updated => date($entry->modified),
			Authors => [text($entry->author)],
			Tags => [$entry->category],
			Content => text($entry->content->body),
			Summary => text($entry->summary->body),
			Enclosure => $file ? { URL => $file->url, Type => $file->type, Length => 0 + ($file->length // 0) } : {},
		};
	}
	print $json->encode({ File => decode('UTF-8', $name), Values => \@values, Faults => \@faults }), "\n";
}
