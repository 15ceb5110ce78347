scenario "x" {
  timeout = "1s"
  timeout = "2s" # ERROR: Attribute redefined
  a.b     = 1 # ERROR: Argument or block definition required
}
