"""Links to videos: which platform, which video."""
