#include <xen/demo-ring.h>
