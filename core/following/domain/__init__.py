"""What changes what somebody follows."""
