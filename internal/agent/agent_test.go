package agent

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		field, family string
		subscribers   int
	}{
		{"", Other, 0},
		{"-", Other, 0},
		{"Google-Calendar-Importer", "google-calendar", 0},
		{"Mozilla/5.0 (compatible; Google-Calendar-Importer)", "google-calendar", 0},
		{"iOS/17.5.1 (21F90) dataaccessd/1.0", "apple-calendar", 0},
		{"macOS/14.4 (23E214) dataaccessd/1.0", "apple-calendar", 0},
		{"Mac+OS+X/10.12.2 (16C67) CalendarAgent/384", "apple-calendar", 0},
		{"Mac_OS_X/10.9.5 (13F34) CalendarAgent/176.2", "apple-calendar", 0},
		{"Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)", "outlook", 0},
		{"Microsoft Exchange/15.20", "outlook", 0},
		{"Outlook-iOS/2.0", "outlook", 0},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0", "thunderbird", 0},
		{"ICSx5/2.4.3 (ical4j/3.2.19 okhttp/5.3.2 Android/16)", "icsx5", 0},
		{"DAVx5/4.4.3-ose (dav4jvm; okhttp/4.12.0) Android/14", "davx5", 0},
		{"Nextcloud Webcal Service", "nextcloud", 0},
		{"NextCloud-News/1.0", "nextcloud", 0},
		{"Evolution/3.60.2", "evolution", 0},
		{"Mozilla/5.0 (X11; Linux x86_64) KIO/5.86 akonadi_davgroupware_resource_1/5.18.2 (21.08.2)", "kde", 0},
		{"vdirsyncer/0.19.2", "vdirsyncer", 0},
		{"Feedbin feed-id:1697787 - 102 subscribers", "feedbin", 102},
		{"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )", "feedly", 462},
		{`NewsBlur Feed Fetcher - 27 subscribers - https://www.newsblur.com/site/7704055/agenda ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.1 Safari/605.1.15")`, "newsblur", 27},
		{"Mozilla/5.0 (compatible; inoreader.com; 114 subscribers)", "inoreader", 114},
		{"Mozilla/5.0 (compatible; theoldreader.com; 1 subscribers; feed-id=cead6c3a837650eeefd8fe4a)", "the-old-reader", 1},
		{"Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 1 subscribers)", "bazqux", 1},
		{"Feedfetcher-Google;+(+http://www.google.com/feedfetcher.html;+167+subscribers;+feed-id=1)", "google-feeds", 167},
		{"FreshRSS/1.24.3 (Linux; https://freshrss.org)", "freshrss", 0},
		{"Mozilla/5.0 (compatible; Miniflux/2.2.3; +https://miniflux.app)", "miniflux", 0},
		{"newsboat/2.36.0 (Linux x86_64)", "newsboat", 0},
		{"Tiny Tiny RSS/22.11 (https://tt-rss.org/)", "tiny-tiny-rss", 0},
		{"UniversalFeedParser/6.0.11 +https://github.com/kurtmckee/feedparser/", "feed-library", 0},
		{"Dreamwidth Studios (webmaster@dreamwidth.org; for https://www.dreamwidth.org/users/agenda_feed/; 2 readers)", Other, 2},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "browser", 0},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "browser", 0},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36", "bot", 0},
		{"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "bot", 0},
		{"Baiduspider+(+http://www.baidu.com/search/spider.htm)", "bot", 0},
		{"curl/8.5.0", "program", 0},
		{"Go-http-client/2.0", "program", 0},
		{"Feedly 99999999999999999999 subscribers", "feedly", 0},
		{"Feedly 10000001 subscribers", "feedly", 0},
		{"Feedly -5 subscribers", "feedly", 0},
		{strings.Repeat("x", 600) + " Feedly", Other, 0},
		{"\x00\xff\r\nFeedly\x00", "feedly", 0},
	} {
		if family, n := Parse(c.field); family != c.family || n != c.subscribers {
			t.Errorf("%q is %s for %d, want %s for %d", c.field, family, n, c.family, c.subscribers)
		}
		if n := testing.AllocsPerRun(10, func() { Parse(c.field) }); n > 0 {
			t.Errorf("%q takes %v allocations", c.field, n)
		}
		if !slices.Contains(Families(), c.family) {
			t.Errorf("%s is no family", c.family)
		}
	}
}

// Law: whatever the field, its family is one of the few.
func FuzzParse(f *testing.F) {
	f.Add("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )")
	f.Add("\x00 1 subscribers 2 readers")
	all := Families()
	f.Fuzz(func(t *testing.T, field string) {
		if family, n := Parse(field); !slices.Contains(all, family) || n < 0 || n > 10_000_000 {
			t.Errorf("%q is %s for %d", field, family, n)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for name, field := range map[string]string{
		"browser":  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
		"calendar": "iOS/17.5.1 (21F90) dataaccessd/1.0",
		"feeds":    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Parse(field)
			}
		})
	}
}
