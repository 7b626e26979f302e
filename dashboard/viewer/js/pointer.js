// Mouse and keyboard: hover, click, double click, keys.
const CLICK_PX = 5;

export class Pointer {
  constructor(view) {
    this.view = view;
    this.removers = [];
    const { host, canvas } = view;
    this.on(canvas, 'pointermove', (event) => this.hover(event));
    this.on(canvas, 'pointerleave', () => view.overlay.tooltip(0, 0, null, []));
    this.on(canvas, 'pointerdown', (event) => {
      this.pressed = [event.clientX, event.clientY];
      host.focus({ preventScroll: true });
    });
    this.on(canvas, 'pointerup', (event) => this.release(event));
    this.on(canvas, 'dblclick', (event) => view.picked(this.thingAt(event), true));
    this.on(host, 'keydown', (event) => this.key(event, true));
    this.on(host, 'keyup', (event) => this.key(event, false));
    this.on(host, 'blur', () => view.rig?.keys.clear());
  }

  on(target, name, handler) {
    target.addEventListener(name, handler);
    this.removers.push(() => target.removeEventListener(name, handler));
  }

  release(event) {
    if (!this.pressed || event.button !== 0) return;
    const [x, y] = this.pressed;
    this.pressed = null;
    if (Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PX) return;
    this.view.picked(this.thingAt(event), false);
  }

  thingAt(event) {
    const { view } = this;
    const corner = view.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - corner.left, event.clientY - corner.top];
    const visible = (kind) => view.visible(kind);
    if (!view.world) {
      const [x, y] = view.picture.toMetres(px, py);
      return view.things.pick({ origin: { x, y, z: 50 }, direction: { x: 0, y: 0, z: -1 } }, view.moment, visible);
    }
    const ray = view.world.under((px / view.width) * 2 - 1, 1 - (py / view.height) * 2);
    return view.things.pick(ray, view.moment, visible);
  }

  hover(event) {
    const { view } = this;
    if (event.buttons) {
      view.overlay.tooltip(0, 0, null, []);
      return;
    }
    const thing = this.thingAt(event);
    view.canvas.style.cursor = thing ? 'pointer' : '';
    const corner = view.canvas.getBoundingClientRect();
    view.overlay.tooltip(event.clientX - corner.left, event.clientY - corner.top,
      thing && thing.label, thing ? view.paint.describe(thing) : []);
  }

  key(event, down) {
    const { view } = this;
    if (event.target !== view.host) return;
    if (view.rig?.key(event, down)) {
      event.preventDefault();
      event.stopPropagation();
      view.invalidate();
    } else if (down && !event.ctrlKey && event.key.toLowerCase() === 'f') {
      view.aim('overview');
    } else if (down && event.key === 'Escape') {
      view.picked(null, false);
    }
  }

  dispose() {
    for (const remove of this.removers) remove();
  }
}
