// The hall: floor with grid and zone markings, walls seen from inside only, dry room, lanes.
import {
  BackSide, BoxGeometry, BufferGeometry, DoubleSide, Float32BufferAttribute, Group, LineBasicMaterial,
  LineSegments, Mesh, MeshBasicMaterial, MeshLambertMaterial, PlaneGeometry,
} from 'three';
import { frame } from './storage.js';
import { Shape } from './shape.js';
import { LOOK } from './look.js';

const HEIGHT = { dry_room: 4.5, airlock: 3, office: 3 };

export function buildHall(scene, theme) {
  const [l, w, h] = scene.building.size;
  const hall = new Group();
  hall.add(plane([l + 60, w + 60], [l / 2, w / 2, -0.06], theme.outside, 'outside'));
  hall.add(plane([l, w], [l / 2, w / 2, 0], theme.floor, 'floor'));
  hall.add(painted(grid(l, w, theme.grid), 'grid'));
  hall.add(shell(l, w, h, theme));
  return hall;
}

// The floor and what is painted on it is drawn first and in this order, without depth: at a
// distance, layers a few millimetres apart could not be told from each other.
const ORDER = { outside: -9, floor: -8, grid: -7, fill: -6, tape: -5, lane: -4 };
const flat = { depthTest: false, depthWrite: false };

export function painted(mesh, layer) {
  mesh.renderOrder = ORDER[layer];
  Object.assign(mesh.material, flat);
  return mesh;
}

function plane(size, position, colour, layer) {
  const lit = layer === 'floor';
  const material = new (lit ? MeshLambertMaterial : MeshBasicMaterial)({ color: colour });
  const mesh = new Mesh(new PlaneGeometry(...size), material);
  mesh.position.set(...position);
  mesh.receiveShadow = lit;
  return painted(mesh, layer);
}

function grid(l, w, colour) {
  const points = [];
  for (let x = 0; x <= l; x += 6) points.push(x, 0, 0.006, x, w, 0.006);
  for (let y = 0; y <= w; y += 6) points.push(0, y, 0.006, l, y, 0.006);
  return lines(points, colour);
}

export function lines(points, colour, opacity = 1) {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
  const material = new LineBasicMaterial({ color: colour, transparent: opacity < 1, opacity });
  return new LineSegments(geometry, material);
}

// Walls are drawn on their inner side only, so that the near ones never hide the plant.
function shell(l, w, h, theme) {
  const group = new Group();
  const walls = new Mesh(
    new BoxGeometry(l, w, h),
    ['x', 'x', 'y', 'y', 'none', 'none'].map((face) => new MeshBasicMaterial({
      color: theme.wall, side: BackSide, transparent: true, depthWrite: false,
      opacity: face === 'none' ? 0 : 0.3, visible: face !== 'none',
    })),
  );
  walls.position.set(l / 2, w / 2, h / 2);
  group.add(walls);
  const s = new Shape();
  for (let x = 0; x <= l + 1e-6; x += 12) {
    for (const y of [-0.12, w + 0.12]) s.box([x, y, h / 2], [0.35, 0.24, h], theme.wall, false);
  }
  for (const y of [-0.12, w + 0.12]) s.box([l / 2, y, 0.2], [l + 0.4, 0.24, 0.4], theme.wall, false);
  for (const x of [-0.12, l + 0.12]) s.box([x, w / 2, 0.2], [0.24, w + 0.4, 0.4], theme.wall, false);
  group.add(new Mesh(s.geometry(), new MeshLambertMaterial({ vertexColors: true })));
  return group;
}

// Floor markings, partition walls and fences by the kind of zone.
export function buildZones(scene, theme) {
  const [fill, tape, solid, clear] = [new Shape(), new Shape(), new Shape(), new Shape()];
  const wires = [];
  for (const zone of inOrder(scene.zones)) drawZone(zone, { fill, tape, solid, clear, wires, theme });
  const group = new Group();
  for (const [shape, layer] of [[fill, 'fill'], [tape, 'tape']]) {
    const mesh = new Mesh(shape.geometry(), new MeshLambertMaterial({ vertexColors: true }));
    mesh.receiveShadow = true;
    group.add(painted(mesh, layer));
  }
  group.add(new Mesh(solid.geometry(), new MeshLambertMaterial({ vertexColors: true })));
  group.add(new Mesh(clear.geometry(), new MeshBasicMaterial({
    vertexColors: true, transparent: true, opacity: 0.16, depthWrite: false, side: DoubleSide,
  })));
  if (wires.length) group.add(lines(wires, LOOK.base, 0.5));
  return group;
}

// Rooms first: what lies in them is painted over them.
const inOrder = (zones) => [...zones].sort((a, b) => (b.kind === 'dry_room') - (a.kind === 'dry_room'));

function drawZone(zone, out) {
  const { fill, tape, theme } = out;
  const [x, y] = zone.corner.map((c, k) => c + zone.size[k] / 2);
  const colour = { dry_room: theme.dryRoom, agv_aisle: theme.lane, airlock: theme.dryRoom }[zone.kind];
  if (colour) fill.at([x, y, 0]).box([0, 0, 0], [...zone.size, 0.002], colour, false);
  if (zone.kind === 'walkway') stripes(tape, zone, theme.mark);
  else if (zone.kind !== 'dry_room') frame(tape, [x, y], zone.size, 0.1, theme.mark, 0.009);
  if (zone.kind === 'robot_cell') fence(out, zone);
  const height = zone.height || 0;
  if (height > 0 && HEIGHT[zone.kind]) partition(out, zone, height);
}

function stripes(s, zone, colour) {
  const [l, w] = zone.size;
  const along = l > w;
  const n = Math.floor(Math.max(l, w) / 0.9);
  s.at([zone.corner[0] + l / 2, zone.corner[1] + w / 2, 0]);
  for (const side of [-1, 1]) {
    for (let k = 0; k < n; k += 1) {
      const at = (k + 0.5) * (Math.max(l, w) / n) - Math.max(l, w) / 2;
      const across = (side * (Math.min(l, w) - 0.12)) / 2;
      s.box(along ? [at, across, 0.009] : [across, at, 0.009], along ? [0.6, 0.1, 0.004] : [0.1, 0.6, 0.004],
        colour, false);
    }
  }
}

function sides(zone) {
  const [[x, y], [l, w]] = [zone.corner, zone.size];
  return [[x, y, x + l, y], [x + l, y, x + l, y + w], [x + l, y + w, x, y + w], [x, y + w, x, y]];
}

function partition({ solid, clear, theme }, zone, height) {
  for (const [ax, ay, bx, by] of sides(zone)) {
    const length = Math.hypot(bx - ax, by - ay);
    const heading = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
    const centre = [(ax + bx) / 2, (ay + by) / 2, 0];
    clear.at(centre, heading).box([0, 0, height / 2], [length, 0.06, height], theme.wall, false);
    solid.at(centre, heading).box([0, 0, height], [length, 0.1, 0.1], theme.wall, false);
    solid.box([0, 0, 0.06], [length, 0.1, 0.12], theme.wall, false);
    const posts = Math.max(1, Math.round(length / 6));
    for (let k = 0; k < posts; k += 1) {
      solid.box([-length / 2 + (length * k) / posts, 0, height / 2], [0.09, 0.09, height], theme.wall, false);
    }
  }
}

function fence({ solid, wires }, zone) {
  for (const [ax, ay, bx, by] of sides(zone)) {
    const posts = Math.max(1, Math.round(Math.hypot(bx - ax, by - ay) / 2));
    for (let k = 0; k < posts; k += 1) {
      const f = k / posts;
      solid.at([ax + (bx - ax) * f, ay + (by - ay) * f, 0])
        .box([0, 0, 0.95], [0.06, 0.06, 1.9], LOOK.base, false);
    }
    for (const z of [0.25, 1.35, 1.6, 1.88]) wires.push(ax, ay, z, bx, by, z);
  }
}

// Lanes of the vehicles with an arrow in each, and the stops beside them.
export function buildLanes(scene, theme) {
  const s = new Shape();
  for (const network of scene.networks) {
    for (const [[ax, ay], [bx, by]] of network.edges) lane(s, ax, ay, bx, by, theme.mark);
    for (const stop of network.stops) {
      const [[x, y], [nx, ny]] = [stop.position, stop.node];
      frame(s, [x, y], [1.7, 1.3], 0.06, theme.mark, 0.012);
      lane(s, nx, ny, x, y, theme.mark, false);
      if (stop.charger) s.at([x, y + 0.95, 0]).box([0, 0, 0.5], [0.5, 0.3, 1], LOOK.panel);
    }
  }
  return painted(new Mesh(s.geometry(), new MeshBasicMaterial({ vertexColors: true })), 'lane');
}

function lane(s, ax, ay, bx, by, colour, arrow = true) {
  const length = Math.hypot(bx - ax, by - ay);
  s.at([(ax + bx) / 2, (ay + by) / 2, 0], (Math.atan2(by - ay, bx - ax) * 180) / Math.PI);
  s.box([0, 0, 0.014], [length, 0.05, 0.003], colour, false);
  if (!arrow || length < 1.5) return;
  s.rod([-0.3, 0, 0.016], [0.35, 0, 0.016], 0.22, colour, 0, 3);
}
