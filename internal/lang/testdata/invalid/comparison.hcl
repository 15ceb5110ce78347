provider "descope" {
  base_url = "emulator"
}

variable "n" {
  default = 5

  validation {
    condition     = var.n != "5" # WARNING: Comparison of different types
    error_message = "No."
  }
}

scenario "x" {
  step "descope_me" "me" {
    assert {
      condition     = self.status == "200" # WARNING: Comparison of different types
      error_message = "Not 200."
    }

    poll {
      until = self.ok == "true" # WARNING: Comparison of different types
    }
  }

  assert {
    condition     = step.me.status == "200" || step.me.ok # WARNING: Comparison of different types
    error_message = "Not 200."
  }
}
