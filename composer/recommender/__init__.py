"""Music that fits a picture, out of what somebody has: libraries, answers, reasons."""
