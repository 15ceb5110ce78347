provider "descope" {
  base_url = "emulator"
}

scenaro "x" { # ERROR: Unsupported block
}

resource "x" "y" {} # ERROR: Unsupported block

variable = 1 # ERROR: Unsupported argument

frobnicate = 1 # ERROR: Unsupported argument
