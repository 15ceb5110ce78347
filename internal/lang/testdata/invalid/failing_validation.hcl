variable "peak" {
  type    = number
  default = 200

  validation {
    condition     = var.peak > 0 && var.peak <= 100 # ERROR: Invalid value for variable
    error_message = "peak is iterations per second, not ${var.peak}."
  }

  validation {
    condition     = var.peak != 200 # ERROR: Invalid value for variable
    error_message = "200 is taken."
  }

  validation {
    condition     = var.peak # ERROR: Invalid condition
    error_message = "Never told."
  }

  validation {
    condition     = local.x                # ERROR: Invalid reference
    error_message = "Not ${iteration.id}." # ERROR: Invalid reference
  }

  # ERROR: Missing required argument
  validation {
    condition = true
  }
}
