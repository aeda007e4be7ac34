//go:build race

package content

func init() { racing = true }
