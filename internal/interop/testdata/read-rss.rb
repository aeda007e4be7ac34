# The rss library of Ruby, validating: prints what it reads of each feed.
require 'json'
require 'rss'

def instant(time) = time ? time.getutc.strftime('%Y-%m-%dT%H:%M:%SZ') : ''

def file(url, type, length) = { URL: url.to_s, Type: type.to_s, Length: length.to_i }

def atom(entry)
  page = entry.links.find { |l| [nil, 'alternate'].include?(l.rel) }
  enclosure = entry.links.find { |l| l.rel == 'enclosure' }
  published = instant(entry.published&.content)
  updated = instant(entry.updated.content)
  {
    ID: entry.id.content, Title: entry.title.content, Link: page&.href.to_s,
    Date: published.empty? ? updated : published, Published: published, Updated: updated,
    Authors: entry.authors.map { |a| a.name.content }, Tags: entry.categories.map(&:term),
    Content: entry.content&.content.to_s, Summary: entry.summary&.content.to_s,
    Enclosure: file(enclosure&.href, enclosure&.type, enclosure&.length)
  }
end

def rss(item)
  enclosure = item.enclosure
  {
    ID: item.guid&.content.to_s, Title: item.title.to_s, Link: item.link.to_s,
    Date: instant(item.pubDate), Published: instant(item.pubDate),
    Authors: item.dc_creators.map(&:content), Tags: item.categories.map(&:content),
    Content: item.content_encoded.to_s, Summary: item.description.to_s,
    Enclosure: file(enclosure&.url, enclosure&.type, enclosure&.length)
  }
end

ARGV.each do |name|
  values = []
  faults = []
  begin
    feed = RSS::Parser.parse(File.read(name, encoding: 'UTF-8'), true)
    values = feed.items.map { |item| feed.is_a?(RSS::Atom::Feed) ? atom(item) : rss(item) }
  rescue StandardError => e
    faults << "#{e.class}: #{e.message}"
  end
  puts JSON.generate({ File: name, Values: values, Faults: faults })
end
