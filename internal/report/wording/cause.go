package wording

var causeWords = table{}
