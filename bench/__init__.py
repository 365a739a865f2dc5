"""Speed and size, measured beside what people would use instead."""
