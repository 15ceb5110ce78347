authbench {
  required_version = var.version # ERROR: Invalid version constraint
}

variables "x" {} # ERROR: Unsupported block
