package emulator

import "testing"

func TestAuditTrailIsBounded(t *testing.T) {
	t.Parallel()
	var trail auditTrail
	for range trail.newest {
		t.Fatal("an empty trail holds a record")
	}
	const more = 10
	for i := range auditLimit + more {
		trail.add(auditRecord{at: int64(i)})
	}
	want := int64(auditLimit + more)
	for r := range trail.newest {
		want--
		if r.at != want {
			t.Fatalf("record %d, want %d", r.at, want)
		}
	}
	if want != more || cap(trail.records) > 2*auditLimit {
		t.Errorf("the oldest is %d, want %d; room for %d", want, more, cap(trail.records))
	}
}
