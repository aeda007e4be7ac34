//go:build race

package calendar

func init() { racing = true }
