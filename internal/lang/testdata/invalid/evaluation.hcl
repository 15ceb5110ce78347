provider "descope" {
  base_url = "emulator"
}

locals {
  a = tonumber("five") # ERROR: Invalid function argument
  b = local.a + 1
  c = [1, 2][5]                 # ERROR: Invalid index
  d = { a = 1 }.b               # ERROR: Unsupported attribute
  e = 1 + true                  # ERROR: Invalid operand
  f = "x${[1]}"                 # ERROR: Invalid template interpolation value
  g = file("../../outside.txt") # ERROR: Invalid function argument
  h = upper("a", "b")           # ERROR: Too many function arguments
  i = upper()                   # ERROR: Not enough function arguments
  j = null + 1                  # ERROR: Operation failed
}
