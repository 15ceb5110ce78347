provider "descope" {
  base_url = "emulator"
}

variable "key" {
  default   = "canary-key"
  sensitive = true
}

dataset "none" { # ERROR: Invalid dataset
}

dataset "both" { # ERROR: Invalid dataset
  file = "people.csv"
  rows = [{ a = 1 }]
}

dataset "missing" {
  file = "nobody.csv" # ERROR: Invalid dataset
}

dataset "outside" {
  file = "../valid/people.csv" # ERROR: Invalid dataset
}

dataset "format" {
  file = "version.hcl" # ERROR: Invalid dataset
}

dataset "secret_name" {
  file = var.key # ERROR: Sensitive value not allowed here
}

dataset "null_file" {
  file = null # ERROR: Invalid dataset
}

dataset "quote" {
  file = "data/quote.csv" # ERROR: Invalid dataset
}

dataset "ragged" {
  file = "data/ragged.csv" # ERROR: Invalid dataset
}

dataset "header" {
  file = "data/header.csv" # ERROR: Invalid dataset
}

dataset "twice" {
  file = "data/twice.csv" # ERROR: Invalid dataset
}

dataset "rowless" {
  file = "data/rowless.csv" # ERROR: Invalid dataset
}

dataset "empty" {
  file = "data/empty.csv" # ERROR: Invalid dataset
}

dataset "latin" {
  file = "data/latin.csv" # ERROR: Invalid dataset
}

dataset "misspelt" {
  file    = "data/rowless.csv" # ERROR: Invalid dataset
  columns = ["pone"]
}

dataset "open_quote" {
  file = "data/open_quote.csv" # ERROR: Invalid dataset
}

dataset "object" {
  file = "data/object.json" # ERROR: Invalid dataset
}

dataset "element" {
  file = "data/element.json" # ERROR: Invalid dataset
}

dataset "keys" {
  file = "data/keys.json" # ERROR: Invalid dataset
}

dataset "cut" {
  file = "data/cut.json" # ERROR: Invalid dataset
}

dataset "tail" {
  file = "data/tail.json" # ERROR: Invalid dataset
}

dataset "huge" {
  file = "data/huge.json" # ERROR: Invalid dataset
}

dataset "no_list" {
  rows = { a = 1 } # ERROR: Invalid dataset
}

dataset "no_object" {
  rows = [1] # ERROR: Invalid dataset
}

dataset "no_rows" {
  rows = [] # ERROR: Invalid dataset
}

dataset "null_rows" {
  rows = null # ERROR: Invalid dataset
}

dataset "more_columns" {
  rows = [{ a = 1 }, { a = 1, b = 2 }] # ERROR: Invalid dataset
}

dataset "fewer_columns" {
  rows = [{ a = 1, b = 2 }, { a = 1 }] # ERROR: Invalid dataset
}

dataset "no_columns" {
  rows    = [{ a = 1 }]
  columns = [] # ERROR: Invalid value
}

dataset "column_name" {
  rows    = [{ a = 1 }]
  columns = ["a b"] # ERROR: Invalid name
}

dataset "column_twice" {
  rows    = [{ a = 1 }]
  columns = ["a", "a"] # ERROR: Invalid value
}

dataset "late" {
  rows = [{ a = iteration.id }] # ERROR: Invalid reference
}

dataset "random" {
  rows = [{ a = uuid() }] # ERROR: Function not allowed here
}

dataset "words" {
  rows         = [{ a = 1 }]
  mode         = "leased" # ERROR: Invalid value
  cooldown     = "1s"     # ERROR: Argument without effect
  on_exhausted = "stop"   # ERROR: Argument without effect
}

dataset "words" { # ERROR: Duplicate dataset
  rows = [{ a = 1 }]
}

dataset "span" {
  rows     = [{ a = 1 }]
  mode     = "lease"
  cooldown = "-1s" # ERROR: Invalid duration
}

dataset "conceal" {
  rows      = [{ password = "x" }]
  sensitive = ["pasword"] # ERROR: Invalid value
}
