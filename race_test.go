//go:build race

package crieur

// All takes several times as long with the race detector, and races are found soon or never.
func init() {
	racing = true
	*lifeSeeds, *editScripts = 1, 100
}
