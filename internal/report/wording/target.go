package wording

import "github.com/loadgate/loadgate/internal/reason"

var targetWords = table{
	reason.AddressUnused: {
		says: "{address} accepted no connection ({attempts:attempt}), {received}",
		todo: "start what should listen there, or take the address out of the name",
	},
	reason.AddressUneven: {says: "{address} got {got} of {requests} requests; its even share is {even}"},
	reason.AddressesNone: {says: "and no other did"},
	reason.AddressesAll:  {says: "{addresses:and} got all {requests} requests"},
	reason.AddressesMany: {says: "{others} others got all {requests} requests"},
}
