variable "a" {
  default = "x"

  validation {
    condition     = startswith(var.a, 5) || var.a.b # ERROR: Unsupported attribute
    error_message = "x"
  }

  validation {
    condition     = length(var.a) # ERROR: Invalid condition
    error_message = null          # ERROR: Invalid error message
  }
}
