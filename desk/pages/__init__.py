"""The pages of the desk, one file a subject. Each function is one page: read the form, call `records`, show or go on."""
