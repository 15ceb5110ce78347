provider "descope" {
  base_url = "emulator"
}

provider "descope" {
  alias    = "canary"
  base_url = "emulator"
}

scenario "x" {
  step "descope_me" "a" {
    provider = "descope.canary" # ERROR: Invalid provider reference
  }

  step "descope_me" "b" {
    provider = descope.canry # ERROR: Undeclared provider
  }

  step "descope_me" "c" {
    provider = descop # ERROR: Invalid provider reference
  }

  step "descope_me" "d" {
    provider = descope[0] # ERROR: Invalid provider reference
  }

  step "descope_me" "e" {
    provider = descope.canary.x # ERROR: Invalid provider reference
  }

  step "pause" "f" {
    provider = descope # ERROR: Unsupported argument
    duration = "1s"
  }
}
