package reason

// What the addresses of the target got.
const (
	AddressUnused Code = "address-unused"
	AddressUneven Code = "address-uneven"
	AddressesNone Code = "addresses-none"
	AddressesAll  Code = "addresses-all"
	AddressesMany Code = "addresses-many"
)
