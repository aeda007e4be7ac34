# ruby-icalendar, strict: prints what it reads of each calendar.
require 'json'
require 'stringio'
require 'icalendar'

def instant(value)
  case value
  when nil then ''
  when Icalendar::Values::Date then value.strftime('%Y-%m-%d')
  when ->(v) { zone(v) == 'floating' } then value.strftime('%Y-%m-%dT%H:%M:%S')
  else value.to_time.utc.strftime('%Y-%m-%dT%H:%M:%SZ')
  end
end

def zone(value)
  return '' if value.is_a?(Icalendar::Values::Date)

  Array(value.ical_params['tzid']).first || (value.tz_utc ? 'UTC' : 'floating')
end

# A property with one category is a text, with several an array of them.
def categories(event) = event.categories.flat_map { |c| c.respond_to?(:map) ? c.map(&:to_s) : [c.to_s] }

ARGV.each do |name|
  values = []
  faults = []
  begin
    calendars = Icalendar::Parser.new(File.read(name, mode: 'rb', encoding: 'UTF-8'), true).parse
    faults << "#{calendars.size} calendars" if calendars.size != 1
    calendars.each do |calendar|
      faults << 'not valid' unless calendar.valid?(true)
      calendar.events.each do |event|
        faults << "#{event.uid} is not valid" unless event.valid?(true)
        values << {
          UID: event.uid.to_s, Summary: event.summary.to_s, Description: event.description.to_s,
          Location: event.location.to_s, URL: event.url.to_s, Status: event.status.to_s, Sequence: event.sequence.to_i,
          RecurrenceID: instant(event.recurrence_id), Start: instant(event.dtstart), End: instant(event.dtend), Zone: zone(event.dtstart), Categories: categories(event)
        }
      end
    end
  rescue StandardError => e
    faults << "#{e.class}: #{e.message}"
  end
  puts JSON.generate({ File: name, Values: values, Faults: faults })
end
