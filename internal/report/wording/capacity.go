package wording

var capacityWords = table{}
