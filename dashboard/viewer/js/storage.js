// Places lots wait or travel on: racks for rolls and magazines, conveyors, docks.
import { LOOK } from './look.js';

const { steel, metal, belt, panel, rack, timber, dark } = LOOK;

export function drawBuffer(s, buffer) {
  const [l, w, h] = buffer.size;
  s.at(buffer.position, buffer.heading_deg);
  const shelves = buffer.shelves ?? [0.3];
  const bays = Math.max(1, Math.round(l / 2));
  for (let k = 0; k <= bays; k += 1) {
    const x = Math.min(Math.max(-l / 2 + (l * k) / bays, -l / 2 + 0.04), l / 2 - 0.04);
    for (const y of [-w / 2 + 0.04, w / 2 - 0.04]) s.box([x, y, h / 2], [0.07, 0.07, h], rack, false);
  }
  for (const z of shelves) {
    s.box([0, 0, z - 0.03], [l - 0.04, w - 0.06, 0.04], panel, false);
    for (const y of [-w / 2 + 0.04, w / 2 - 0.04]) s.box([0, y, z - 0.05], [l, 0.06, 0.09], steel, false);
  }
}

export function drawConveyor(s, conveyor) {
  const { path, width, height } = conveyor;
  s.at([0, 0, 0]);
  for (let k = 1; k < path.length; k += 1) {
    const [[ax, ay], [bx, by]] = [path[k - 1], path[k]];
    const length = Math.hypot(bx - ax, by - ay);
    const heading = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
    s.at([(ax + bx) / 2, (ay + by) / 2, 0], heading);
    segment(s, length, width, height);
  }
  s.at([0, 0, 0]);
  for (const [x, y] of path.slice(1, -1)) {
    s.box([x, y, height - 0.05], [width * 1.15, width * 1.15, 0.1], steel);
    s.box([x, y, height + 0.004], [width * 1.02, width * 1.02, 0.012], belt, false);
  }
}

function segment(s, length, width, height) {
  s.box([0, 0, height - 0.05], [length, width * 0.86, 0.06], belt, false);
  for (const y of [-width / 2, width / 2]) {
    s.box([0, y, height - 0.05], [length, 0.05, 0.13], metal);
  }
  const rollers = Math.min(Math.floor(length / 0.25), 160);
  for (let k = 0; k < rollers; k += 1) {
    const x = -length / 2 + (length * (k + 0.5)) / rollers;
    s.box([x, 0, height - 0.012], [0.07, width * 0.88, 0.03], steel, false);
  }
  const legs = Math.max(1, Math.round(length / 2.2));
  for (let k = 0; k <= legs; k += 1) {
    const x = (-length / 2 + 0.1) * (1 - k / legs) + (length / 2 - 0.1) * (k / legs);
    for (const y of [-width / 2 + 0.02, width / 2 - 0.02]) {
      s.box([x, y, (height - 0.1) / 2], [0.05, 0.05, height - 0.1], steel, false);
    }
    s.box([x, 0, 0.25], [0.04, width, 0.04], steel, false);
  }
}

// Goods-in and dispatch: a marked bay with pallets and a dock door.
export function drawDock(s, dock, lines, colour) {
  const [l, w] = dock.size;
  s.at(dock.position);
  frame(lines, dock.position, [l, w], 0.1, colour);
  for (const y of [-w / 4, w / 4]) {
    for (let k = -1; k <= 1; k += 1) s.box([0, y + k * 0.4, 0.1], [1.2, 0.12, 0.06], timber, false);
    for (let k = -1; k <= 1; k += 1) s.box([k * 0.5, y, 0.035], [0.1, 1, 0.07], timber, false);
  }
  s.box([0, w / 2 - 0.1, 0.5], [0.12, 0.12, 1], dark, false);
}

// A rectangle of tape on the floor.
export function frame(s, [x, y], [l, w], width, colour, z = 0.012) {
  s.at([x, y, 0]);
  for (const side of [-1, 1]) {
    s.box([0, side * (w / 2 - width / 2), z], [l, width, 0.004], colour, false);
    s.box([side * (l / 2 - width / 2), 0, z], [width, w - 2 * width, 0.004], colour, false);
  }
}
