package locale

import (
	"testing"
	"time"
)

func TestSeries(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	days := func(list ...string) (all []time.Time) {
		for _, s := range list {
			all = append(all, day(s))
		}
		return all
	}
	weekly := &Rhythm{Every: 1, Unit: Week, Weekdays: []time.Weekday{time.Tuesday}}
	for _, c := range []struct {
		series          Series
		french, english string
	}{
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Day}}, "tous les jours", "every day"},
		{Series{Rhythm: &Rhythm{Every: 10, Unit: Day}}, "tous les 10 jours", "every 10 days"},
		{Series{Rhythm: weekly}, "tous les mardis", "every Tuesday"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Week, Weekdays: []time.Weekday{1, 4}}}, "tous les lundis et jeudis", "every Monday and Thursday"},
		{Series{Rhythm: &Rhythm{Every: 2, Unit: Week, Weekdays: []time.Weekday{1, 4}}}, "toutes les deux semaines, le lundi et le jeudi", "every two weeks on Monday and Thursday"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Week, Weekdays: []time.Weekday{1, 2, 3, 4, 5}}}, "tous les jours, du lundi au vendredi", "every day, Monday to Friday"},
		{Series{Rhythm: &Rhythm{Every: 2, Unit: Week, Weekdays: []time.Weekday{1, 2, 3, 4, 5}}}, "toutes les deux semaines, du lundi au vendredi", "every two weeks, Monday to Friday"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Nth: []Nth{{1, time.Monday}}}}, "le premier lundi du mois", "on the first Monday of the month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Nth: []Nth{{1, 1}, {3, 1}}}}, "le premier et le troisième lundi du mois", "on the first and the third Monday of the month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Nth: []Nth{{-2, 5}, {-1, 0}}}}, "l’avant-dernier vendredi et le dernier dimanche du mois", "on the last but one Friday and the last Sunday of the month"},
		{Series{Rhythm: &Rhythm{Every: 3, Unit: Month, Nth: []Nth{{1, 1}}}}, "le premier lundi du mois, tous les trois mois", "on the first Monday of the month, every three months"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Days: []int{1, 15}}}, "le 1er et le 15 de chaque mois", "on the 1st and the 15th of every month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Days: []int{22}}}, "le 22 de chaque mois", "on the 22nd of every month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Days: []int{11, 12, 13}}}, "le 11, le 12 et le 13 de chaque mois", "on the 11th, the 12th and the 13th of every month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Month, Days: []int{-1}}}, "le dernier jour du mois", "on the last day of the month"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Year}}, "tous les ans", "every year"},
		{Series{Rhythm: &Rhythm{Every: 2, Unit: Year}}, "tous les deux ans", "every two years"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Year, Nth: []Nth{{1, 0}}, Month: time.May}}, "tous les ans, le premier dimanche de mai", "every year on the first Sunday of May"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Year, Nth: []Nth{{3, 6}}, Month: time.October}}, "tous les ans, le troisième samedi d’octobre", "every year on the third Saturday of October"},
		{Series{Rhythm: &Rhythm{Every: 1, Unit: Year, Days: []int{1, 21}, Month: time.June}}, "tous les ans, le 1er et le 21 juin", "every year on the 1st and the 21st of June"},

		{Series{Rhythm: weekly, Until: day("2027-06-01")}, "tous les mardis jusqu’au 1er juin 2027", "every Tuesday until 1 June 2027"},
		{Series{Rhythm: weekly, Until: day("2027-06-29"), Except: days("2027-05-25")}, "tous les mardis jusqu’au 29 juin 2027, sauf le 25 mai 2027", "every Tuesday until 29 June 2027, except on 25 May 2027"},
		{Series{Rhythm: weekly, Except: days("2027-05-04", "2027-05-11", "2027-05-18", "2027-05-25")}, "tous les mardis, sauf certains jours", "every Tuesday, except on some days"},
		{Series{Rhythm: weekly, Also: days("2027-05-08", "2027-05-09")}, "tous les mardis, et aussi le 8 mai 2027 et le 9 mai 2027", "every Tuesday, and also on 8 May 2027 and 9 May 2027"},
		{Series{Rhythm: weekly, Until: day("2027-06-29"), Except: days("2027-05-25"), Also: days("2027-05-08")}, "tous les mardis jusqu’au 29 juin 2027, sauf le 25 mai 2027, et aussi le 8 mai 2027", "every Tuesday until 29 June 2027, except on 25 May 2027, and also on 8 May 2027"},
		{Series{Rhythm: &Rhythm{Every: 2, Unit: Week, Weekdays: []time.Weekday{1, 4}}, Until: day("2027-06-29")}, "toutes les deux semaines, le lundi et le jeudi, jusqu’au 29 juin 2027", "every two weeks on Monday and Thursday until 29 June 2027"},
		{Series{Also: days("2027-05-08")}, "le 8 mai 2027", "on 8 May 2027"},
		{Series{Also: days("2027-05-08"), More: true}, "le 8 mai 2027, et aussi à d’autres dates", "on 8 May 2027, and also on other dates"},
		{Series{More: true}, "à d’autres dates", "on other dates"},
		{Series{}, "", ""},
	} {
		if got := french.Series(c.series); got != c.french {
			t.Errorf("French: %q, want %q", got, c.french)
		}
		if got := english.Series(c.series); got != c.english {
			t.Errorf("English: %q, want %q", got, c.english)
		}
	}
}
