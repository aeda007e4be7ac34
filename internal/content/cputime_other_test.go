//go:build !unix

package content

import "time"

var begun = time.Now()

func cpuTime() time.Duration { return time.Since(begun) }
