"""What is seen and clicked; the only room with Qt."""
