// SPDX-License-Identifier: GPL-2.0-only
/* A driver that exists only for kcfg's demo: no kernel has it. */

#include <linux/module.h>
#include <xen/demo-ring.h>

#define DEMO_RING_SLOTS 64

static unsigned int demo_ring_mask(const struct demo_ring *ring)
{
	return ring->slots - 1;
}

int demo_ring_init(struct demo_ring *ring, unsigned int slots)
{
	if (!slots || slots > DEMO_RING_SLOTS)
		return -EINVAL;
	if (!is_power_of_2(slots))
		return -EINVAL;

	spin_lock_init(&ring->lock);
	ring->slots = slots;
	ring->produced = 0;
	ring->consumed = 0;
	return 0;
}

int demo_ring_put(struct demo_ring *ring, grant_ref_t gref)
{
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&ring->lock, flags);
	if (ring->produced - ring->consumed >= ring->slots)
		err = -ENOSPC;
	else
		ring->grefs[ring->produced++ & demo_ring_mask(ring)] = gref;
	spin_unlock_irqrestore(&ring->lock, flags);
	return err;
}

int demo_ring_get(struct demo_ring *ring, grant_ref_t *gref)
{
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&ring->lock, flags);
	if (ring->produced == ring->consumed)
		err = -EAGAIN;
	else
		*gref = ring->grefs[ring->consumed++ & demo_ring_mask(ring)];
	spin_unlock_irqrestore(&ring->lock, flags);
	return err;
}

void demo_ring_drain(struct demo_ring *ring)
{
	grant_ref_t gref;

	while (!demo_ring_get(ring, &gref))
		gnttab_end_foreign_access(gref, NULL);
}
EXPORT_SYMBOL_GPL(demo_ring_drain);

MODULE_DESCRIPTION("A ring for kcfg's demo");
MODULE_LICENSE("GPL");
