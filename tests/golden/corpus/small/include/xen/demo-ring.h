struct demo_ring;
