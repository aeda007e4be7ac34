//go:build race

package crieur

func init() { racing = true }
