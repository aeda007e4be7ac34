//go:build unix

package chaos

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var (
	rounds  = flag.Int("rounds", 12, "how many `times` something goes wrong")
	seed    = flag.Uint64("seed", 0, "of what is done; zero: one by the clock")
	pace    = flag.Duration("pace", 2*time.Millisecond, "how long each reader waits before it asks again: all share the processors")
	program = flag.String("program", "", "the crieur to test; empty: it is built")
	inside  = flag.Bool("inside", false, "used by the test to run itself in a namespace")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withProgram(m.Run))
}

// withProgram builds the program, once.
func withProgram(run func() int) int {
	if *program != "" || testing.Short() {
		return run()
	}
	dir, err := os.MkdirTemp("", "crieur-chaos")
	if err == nil {
		err = lookAtSources("../..")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	*program = filepath.Join(dir, "crieur")
	if out, err := exec.Command("go", "build", "-o", *program, "github.com/crieur/crieur/cmd/crieur").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return run()
}

// lookAtSources looks at each file that the program is built of. What a test has
// looked at is what go test goes by when it takes a result from its cache.
func lookAtSources(root string) error {
	return filepath.WalkDir(root, func(p string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(p) == ".go" {
			_, err = os.Stat(p)
		}
		return err
	})
}

const (
	worldRounds = 60 // after which all begins anew, so that what is remembered stays small
	restRounds  = 6  // after which all is compared
)

// Law: whatever happens to the content, to the process and to its disks, readers
// see whole documents that never go back, and in the end the right ones.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	if !*inside && *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	if !*inside && inNamespace(t) {
		return
	}
	t.Logf("seed %d", *seed)
	var total tally
	for done := 0; done < *rounds && !t.Failed(); done += worldRounds {
		random := rand.New(rand.NewPCG(*seed, uint64(done)))
		n := min(worldRounds, *rounds-done)
		if !t.Run(fmt.Sprintf("from round %d", done), func(t *testing.T) {
			w := newWorld(t, random, &total, (done/worldRounds)%3 == 2)
			w.begin()
			for i := range n {
				w.round()
				if (i+1)%restRounds == 0 || i == n-1 {
					w.rest()
				}
				if t.Failed() {
					break
				}
				total.rounds.Add(1)
			}
			w.end()
		}) {
			break
		}
	}
	t.Logf("seed %d: %s", *seed, &total)
}
