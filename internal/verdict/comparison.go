package verdict

// BaselineRule is what the comparison with earlier runs is called among the
// rules of the file.
const BaselineRule = "baseline"
