provider "descope" {
  base_url = "emulator"
}

provider "descop" {} # ERROR: Unknown provider

variable {} # ERROR: Wrong number of labels

locals "x" {} # ERROR: Wrong number of labels

scenario "x" "y" {} # ERROR: Wrong number of labels

scenario "9 lives" {} # ERROR: Invalid name

scenario "z" {
  step "descope_me" {} # ERROR: Wrong number of labels

  step "descope_me" "me" {
    assert "x" {} # ERROR: Wrong number of labels
  }
}
