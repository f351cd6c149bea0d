"""What Kconfig says: the model of a kernel, configurations, and what the kernel's tools make of them."""
