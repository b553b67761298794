package reason

// What a search for the highest load comes to.
const ()
