// Package helpdesktest is the contract of desk.Helpdesk as tests: what a connector promises, it promises here. A
// connector's own test opens a helpdesk with its server behind the suite's Middle, which is where calls go wrong:
//
//	func TestContract(t *testing.T) {
//		helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
//			server := httptest.NewServer(m.Wrap(fakeVendor))
//			t.Cleanup(server.Close)
//			return helpdesktest.Fixture{Desk: connect(server.URL), Create: …, CustomerSays: …, Count: …}
//		})
//	}
package helpdesktest
