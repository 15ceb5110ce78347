provider "descope" {
  base_url = "emulator"
}

variable "a" {
  type    = strin # ERROR: Invalid type specification
  default = "x"
}

variable "b" {
  type    = number
  default = "five" # ERROR: Invalid value for variable
}

variable "c" {
  type     = string
  default  = null # ERROR: Invalid value for variable
  nullable = false
}

variable "d" {
  sensitive   = "yes"   # ERROR: Incorrect value type
  description = var.a   # ERROR: Invalid reference
  default     = local.x # ERROR: Invalid reference
  ephemeral   = true    # ERROR: Not supported yet
  validate {}           # ERROR: Unsupported block
}

variable "e" {
  type    = object({ name = string, age = optional(number, 3) })
  default = { nam = "x" } # ERROR: Invalid value for variable
}

variable "f" {
  type    = list(string)
  default = tonumber("x") # ERROR: Invalid function argument
}
