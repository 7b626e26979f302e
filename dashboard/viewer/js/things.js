// What can be picked, named and flown to: one entry per machine, robot, mover, place.
import { Box3, Vector3 } from 'three';

const TALL = { buffer: 0.4, conveyor: 0.3 };

export class Things {
  constructor(scene) {
    this.scene = scene;
    this.list = [];
    this.byId = new Map();
    this.resource = new Map(scene.resources.map((id, i) => [id, i]));
    for (const machine of scene.machines) this.add('machine', machine, fixed(machine));
    scene.robots.forEach((robot, i) => this.add('robot', robot, () => ({
      position: [robot.position[0], robot.position[1], 0], heading_deg: robot.heading_deg,
      size: [0.9, 0.9, robot.position[2] + 1.1],
    }), i));
    scene.movers.forEach((mover, i) => this.add(mover.kind, mover, null, i));
    scene.places.forEach((place, i) => {
      if (place.size) this.add('buffer', place, fixed(place), i);
      else if (place.path) this.add('conveyor', place, alongPath(place), i);
    });
  }

  add(kind, what, box, index = -1) {
    const thing = { id: what.id, kind, what, box, index, label: what.label || what.id, resource: this.resource.get(what.id) };
    this.list.push(thing);
    this.byId.set(what.id, thing);
  }

  // The box of a thing now: position of the centre of its underside, heading, size.
  boxOf(thing, moment) {
    if (thing.box) return thing.box();
    const pose = moment.poses[thing.index];
    if (!pose.shown) return null;
    const { kind, what } = thing;
    const size = kind === 'worker' ? [0.5, 0.6, 1.8] : kind === 'crane' ? [what.size[0], what.size[1], what.height] : what.size;
    return { position: [pose.x, pose.y, kind === 'crane' ? 0 : pose.z], heading_deg: pose.heading_deg, size };
  }

  centre(thing, moment) {
    const box = this.boxOf(thing, moment);
    return box && new Vector3(box.position[0], box.position[1], box.position[2] + box.size[2] / 2);
  }

  bounds(thing, moment) {
    const box = this.boxOf(thing, moment);
    if (!box) return null;
    const a = (box.heading_deg * Math.PI) / 180;
    const [l, w, h] = box.size;
    const half = [
      (Math.abs(l * Math.cos(a)) + Math.abs(w * Math.sin(a))) / 2,
      (Math.abs(l * Math.sin(a)) + Math.abs(w * Math.cos(a))) / 2,
    ];
    const [x, y, z] = box.position;
    return new Box3(new Vector3(x - half[0], y - half[1], z), new Vector3(x + half[0], y + half[1], z + h));
  }

  // How many things stand between an eye and a point, those with these ids left out.
  between(eye, point, moment, ids) {
    const direction = point.clone().sub(eye);
    const far = direction.length();
    direction.normalize();
    return this.list.filter((thing) => {
      const box = ids.has(thing.what.id) ? null : this.boxOf(thing, moment);
      return box && hit({ origin: eye, direction }, box, 0) < far;
    }).length;
  }

  // The nearest thing a ray meets.
  pick(ray, moment, visible) {
    let best = null;
    let nearest = Infinity;
    for (const thing of this.list) {
      if (!visible(thing.kind)) continue;
      const box = this.boxOf(thing, moment);
      const distance = box ? hit(ray, box, TALL[thing.kind] ?? 0) : Infinity;
      if (distance < nearest) [best, nearest] = [thing, distance];
    }
    return best;
  }
}

const fixed = (what) => () => ({ position: what.position, heading_deg: what.heading_deg, size: what.size });

// A conveyor is picked by the box around its longest straight.
function alongPath({ path, width, height }) {
  let best = null;
  for (let k = 1; k < path.length; k += 1) {
    const [[ax, ay], [bx, by]] = [path[k - 1], path[k]];
    const length = Math.hypot(bx - ax, by - ay);
    if (best && best.size[0] >= length) continue;
    best = {
      position: [(ax + bx) / 2, (ay + by) / 2, 0], heading_deg: (Math.atan2(by - ay, bx - ax) * 180) / Math.PI,
      size: [length, width, height],
    };
  }
  return () => best;
}

// Distance at which a ray enters an upright box, Infinity if it misses.
function hit(ray, { position, heading_deg: heading, size }, extra) {
  const a = (-heading * Math.PI) / 180;
  const [c, s] = [Math.cos(a), Math.sin(a)];
  const [dx, dy] = [ray.origin.x - position[0], ray.origin.y - position[1]];
  const origin = [c * dx - s * dy, s * dx + c * dy, ray.origin.z - position[2]];
  const way = [c * ray.direction.x - s * ray.direction.y, s * ray.direction.x + c * ray.direction.y, ray.direction.z];
  const low = [-size[0] / 2, -size[1] / 2, 0];
  const high = [size[0] / 2, size[1] / 2, size[2] + extra];
  let [near, far] = [0, Infinity];
  for (let k = 0; k < 3; k += 1) {
    if (Math.abs(way[k]) < 1e-12) {
      if (origin[k] < low[k] || origin[k] > high[k]) return Infinity;
      continue;
    }
    const [t1, t2] = [(low[k] - origin[k]) / way[k], (high[k] - origin[k]) / way[k]];
    near = Math.max(near, Math.min(t1, t2));
    far = Math.min(far, Math.max(t1, t2));
  }
  return near <= far && near > 0 ? near : Infinity;
}
