locals {
  small = 1e300
  large = 1e90000000 # ERROR: Number out of range
}
