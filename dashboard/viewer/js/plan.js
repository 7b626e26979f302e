// The floor plan on a plain 2D canvas: what is shown where WebGL is missing.
import { THEMES } from './look.js';

const PAD_PX = 14;

export class Plan {
  constructor(host, scene, things, theme) {
    this.data = scene;
    this.things = things;
    this.theme = THEMES[theme] ?? THEMES.light;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'twinview-plan';
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', 'Floor plan');
    host.prepend(this.canvas);
    this.pen = this.canvas.getContext('2d');
    this.colours = [];
    this.selected = null;
    this.hidden = new Set();
    this.drawn = 0;
  }

  get element() {
    return this.canvas;
  }

  resize(width, height) {
    const ratio = Math.min(window.devicePixelRatio, 2);
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const [l, w] = this.data.building.size;
    this.scale = Math.min((width - 2 * PAD_PX) / l, (height - 2 * PAD_PX) / w);
    this.offset = [(width - l * this.scale) / 2, (height + w * this.scale) / 2];
    this.ratio = ratio;
  }

  toPixels(x, y) {
    return [this.offset[0] + x * this.scale, this.offset[1] - y * this.scale];
  }

  toMetres(px, py) {
    return [(px - this.offset[0]) / this.scale, (this.offset[1] - py) / this.scale];
  }

  layer(name, on) {
    if (on) this.hidden.delete(name);
    else this.hidden.add(name);
  }

  draw(moment) {
    const { pen, data, theme } = this;
    this.drawn = 0;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const [l, w] = data.building.size;
    this.rect({ position: [l / 2, w / 2], heading_deg: 0, size: [l, w] }, theme.floor, theme.wall);
    if (!this.hidden.has('zones')) for (const zone of data.zones) this.zone(zone);
    if (!this.hidden.has('lanes')) this.lanes();
    for (const place of data.places) this.place(place);
    data.machines.forEach((machine, i) => this.rect(machine, this.colours[i] ?? '#f2f4f5', '#5c666e'));
    data.robots.forEach((robot, i) => {
      this.dot(robot.position, 0.55, this.colours[data.machines.length + i] ?? '#8f989f', '#3b4147');
    });
    if (!this.hidden.has('product')) this.lots(moment);
    data.movers.forEach((mover, i) => this.mover(mover, moment.poses[i]));
    const picked = this.selected && this.things.boxOf(this.selected, moment);
    if (picked) this.rect(picked, null, data.palette.selected, 2.5);
  }

  rect({ position: [x, y], heading_deg: heading, size: [l, w] }, fill, stroke, width = 1) {
    const { pen } = this;
    const [px, py] = this.toPixels(x, y);
    pen.save();
    pen.translate(px, py);
    pen.rotate((-heading * Math.PI) / 180);
    const box = [(-l / 2) * this.scale, (-w / 2) * this.scale, l * this.scale, w * this.scale];
    if (fill) {
      pen.fillStyle = fill;
      pen.fillRect(...box);
    }
    if (stroke) {
      pen.strokeStyle = stroke;
      pen.lineWidth = width;
      pen.strokeRect(...box);
    }
    pen.restore();
    this.drawn += 1;
  }

  dot([x, y], radius, fill, stroke) {
    const { pen } = this;
    pen.beginPath();
    pen.arc(...this.toPixels(x, y), Math.max(radius * this.scale, 2), 0, 2 * Math.PI);
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = stroke;
    pen.lineWidth = 1;
    pen.stroke();
    this.drawn += 1;
  }

  zone({ kind, corner, size }) {
    const fill = { dry_room: this.theme.dryRoom, agv_aisle: this.theme.lane }[kind] ?? null;
    this.rect({ position: corner.map((c, k) => c + size[k] / 2), heading_deg: 0, size }, fill, this.theme.grid);
  }

  line(points, colour, width) {
    const { pen } = this;
    pen.beginPath();
    points.forEach(([x, y], k) => pen[k ? 'lineTo' : 'moveTo'](...this.toPixels(x, y)));
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
    this.drawn += 1;
  }

  lanes() {
    for (const { edges } of this.data.networks) {
      for (const edge of edges) this.line(edge, this.theme.mark, 1.5);
    }
  }

  place(place) {
    if (place.size) this.rect(place, '#cfd6da', '#8f989f');
    else if (place.path) this.line(place.path, '#aab3b9', Math.max(place.width * this.scale, 2));
  }

  lots(moment) {
    const small = (x, y, item) => {
      const [l, w] = this.data.items[item]?.size ?? [0.4, 0.4];
      this.rect({ position: [x, y], heading_deg: 0, size: [Math.max(l, 0.4), Math.max(w, 0.4)] }, '#6b8494', null);
    };
    const { chunk } = moment;
    for (const i of moment.lots) {
      const place = this.data.places[chunk.resting_where[i]];
      if (!place?.store) small(chunk.resting_x[i], chunk.resting_y[i], chunk.resting_item[i]);
    }
    for (const rider of moment.riders) small(rider.x, rider.y, rider.item);
  }

  mover(mover, pose) {
    const layer = mover.kind === 'worker' ? 'people' : 'agvs';
    if (!pose.shown || this.hidden.has(layer)) return;
    if (mover.kind === 'worker') this.dot([pose.x, pose.y], 0.35, '#5f7282', '#ffffff');
    else {
      this.rect({ position: [pose.x, pose.y], heading_deg: pose.heading_deg, size: mover.size }, '#ffffff', '#3b4147', 1.5);
    }
  }

  dispose() {
    this.canvas.remove();
  }
}
