package page

// itemIn and groupIn are an Item and a Group with the words of their page,
// for templates that are called with one value only. So is a [Field].
type (
	itemIn struct {
		Layout
		Item
	}
	groupIn struct {
		Layout
		Group
	}
)

// In gives an item the layout of the page it stands in.
func (i Item) In(l Layout) itemIn { return itemIn{l, i} }

// In gives a group the layout of the page it stands in.
func (g Group) In(l Layout) groupIn { return groupIn{l, g} }
