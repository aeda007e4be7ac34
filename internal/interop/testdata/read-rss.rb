# The rss library of Ruby, validating: prints what it reads of each feed.
require 'json'
require 'rss'

def date(time) = time ? time.getutc.strftime('%Y-%m-%dT%H:%M:%SZ') : ''

ARGV.each do |name|
  values = []
  faults = []
  begin
    feed = RSS::Parser.parse(File.read(name, encoding: 'UTF-8'), true)
    values = feed.items.map do |item|
      if feed.is_a?(RSS::Atom::Feed)
        link = item.links.find { |l| [nil, 'alternate'].include?(l.rel) }
        { ID: item.id.content, Title: item.title.content, Link: link&.href.to_s, Date: date((item.published || item.updated).content) }
      else
        { ID: item.guid&.content.to_s, Title: item.title.to_s, Link: item.link.to_s, Date: date(item.pubDate) }
      end
    end
  rescue StandardError => e
    faults << "#{e.class}: #{e.message}"
  end
  puts JSON.generate({ File: name, Values: values, Faults: faults })
end
