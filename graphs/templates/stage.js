// The stage: which part of the drawing is seen. Moves with mouse, touch and keys; zooms with Ctrl and the wheel, two
// fingers, buttons and keys. `at` is the drawing's place in units of the view box: x, y and the scale k.
function makeStage(svg, world) {
  const LEAST = 0.5;
  const MOST = 8;
  const READABLE = 0.62;
  const SMALLER = 0.7;
  const at = { k: 1, x: 0, y: 0 };
  const box = svg.viewBox.baseVal;

  const apply = () => {
    // Something of the drawing always stays in sight.
    const edge = 0.15;
    at.x = Math.min(box.width * (1 - edge), Math.max(at.x, box.width * (edge - at.k)));
    at.y = Math.min(box.height * (1 - edge), Math.max(at.y, box.height * (edge - at.k)));
    world.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.k})`;
  };

  // Where the reader was before the page moved the drawing by itself.
  let before = null;
  const remember = () => { before = before || { ...at }; };
  const forget = () => { before = null; };
  const back = () => {
    if (before) Object.assign(at, before);
    before = null;
    apply();
  };

  // A point of the window in units of the view box.
  const inside = (x, y) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse());
  const unit = () => svg.getScreenCTM().a;

  const zoomAt = (factor, x, y) => {
    const k = Math.min(MOST, Math.max(LEAST, at.k * factor));
    at.x = x - (x - at.x) * (k / at.k);
    at.y = y - (y - at.y) * (k / at.k);
    at.k = k;
    apply();
  };
  const middle = () => {
    const seen = svg.getBoundingClientRect();
    return inside(seen.left + seen.width / 2, seen.top + seen.height / 2);
  };
  const zoom = (factor) => {
    forget();
    const point = middle();
    zoomAt(factor, point.x, point.y);
  };
  const move = (dx, dy) => {
    at.x += dx;
    at.y += dy;
    apply();
  };

  // The whole drawing, or where that cannot be read, its left part around `focus` (a height in the drawing).
  const fit = (focus) => {
    Object.assign(at, { k: 1, x: 0, y: 0 });
    if (focus !== undefined && unit() < READABLE) {
      at.k = 0.8 / unit();
      const seen = svg.getBoundingClientRect();
      const corner = inside(seen.left, seen.top);
      at.x = corner.x;
      at.y = middle().y - focus * at.k;
    }
    apply();
  };

  // Bring a box of the drawing into sight; `right` is what of the window's right side is covered, in pixels.
  const show = (left, top, width, height, right) => {
    const seen = svg.getBoundingClientRect();
    const from = inside(seen.left, seen.top);
    const to = inside(seen.right - right, seen.bottom);
    const pad = 24;
    const x = left * at.k + at.x;
    const y = top * at.k + at.y;
    let dx = 0;
    let dy = 0;
    if (x + width * at.k > to.x - pad) dx = to.x - pad - x - width * at.k;
    if (x + dx < from.x + pad) dx = from.x + pad - x;
    if (y + height * at.k > to.y - pad) dy = to.y - pad - y - height * at.k;
    if (y + dy < from.y + pad) dy = from.y + pad - y;
    // On a small stage the middle shows more of what is around.
    if (dx && unit() < READABLE) dx = (from.x + to.x) / 2 - x - (width * at.k) / 2;
    if (dx || dy) move(dx, dy);
  };

  // Bring a box that holds several nodes into sight, a little smaller if need be; false where it would be much smaller.
  const frame = (left, top, width, height, right) => {
    const seen = svg.getBoundingClientRect();
    const from = inside(seen.left, seen.top);
    const to = inside(seen.right - right, seen.bottom);
    const room = Math.min((to.x - from.x - 52) / width, (to.y - from.y - 52) / height);
    if (room < at.k * SMALLER) return false;
    if (room < at.k) zoomAt(room / at.k, from.x, from.y);
    show(left, top, width, height, right);
    return true;
  };

  const fingers = new Map();
  let dragged = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 1) dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const old = fingers.get(event.pointerId);
    if (!old) return;
    const dx = event.clientX - old[0];
    const dy = event.clientY - old[1];
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    forget();
    svg.classList.add("moving");
    if (fingers.size === 1) {
      move(dx / unit(), dy / unit());
    } else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const before = Math.hypot(old[0] - other[0], old[1] - other[1]);
      const after = Math.hypot(event.clientX - other[0], event.clientY - other[1]);
      const point = inside((event.clientX + other[0]) / 2, (event.clientY + other[1]) / 2);
      if (before > 0) zoomAt(after / before, point.x, point.y);
    }
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  const release = (event) => {
    fingers.delete(event.pointerId);
    svg.classList.remove("moving");
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    forget();
    const point = inside(event.clientX, event.clientY);
    zoomAt(Math.exp(-event.deltaY * 0.005), point.x, point.y);
  }, { passive: false });

  return { zoom, fit, show, frame, remember, back, wasDragged: () => dragged };
}
