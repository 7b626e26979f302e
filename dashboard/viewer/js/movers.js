// Things that drive or walk: vehicles, stacker cranes, people. One instanced mesh per part.
import { InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from 'three';
import { LOOK } from './look.js';
import { Shape } from './shape.js';

const { body, base, dark, metal, panel, screen, steel, cloth, skin, helmet, accent } = LOOK;
const UP = new Vector3(0, 0, 1);

function vehicleShape([l, w, h]) {
  const s = new Shape();
  s.box([0, 0, 0.1], [l * 0.96, w * 0.9, 0.1], dark, false);
  s.box([0, 0, 0.13 + (h - 0.2) / 2], [l, w, h - 0.2], body, false);
  s.box([0, 0, h - 0.05], [l * 0.92, w * 0.92, 0.05], panel, false);
  s.box([0, 0, h - 0.015], [l * 0.8, w * 0.7, 0.03], steel, false);
  s.box([0, 0, h * 0.5], [l + 0.02, w + 0.02, 0.035], accent, false);
  for (const x of [-1, 1]) {
    s.box([x * (l / 2 - 0.06), 0, h * 0.32], [0.14, w * 0.5, 0.07], screen, false);
    for (const y of [-1, 1]) {
      s.rod([x * l * 0.32, y * w * 0.5, 0.09], [x * l * 0.32, y * w * 0.42, 0.09], 0.09, base, 0.09, 14);
      s.rod([x * (l / 2 - 0.09), y * (w / 2 - 0.09), h - 0.2], [x * (l / 2 - 0.09), y * (w / 2 - 0.09), h],
        0.05, dark, 0.05, 10);
    }
  }
  return s;
}

// A crane runs along its own x. The mast has unit height: scaled when it is placed.
function mastShape([l, w]) {
  const s = new Shape();
  for (const x of [-1, 1]) s.box([x * l * 0.46, 0, 0.5], [0.18, w * 0.35, 1], metal, false);
  s.box([0, 0, 0.99], [l, w * 0.5, 0.02], metal, false);
  return s;
}

function cartShape([l, w]) {
  const s = new Shape();
  s.box([0, 0, 0.2], [l * 1.5, w * 0.6, 0.26], base, false);
  s.box([l * 0.66, 0, 0.9], [0.32, w * 0.55, 1.1], panel, false);
  s.box([l * 0.66, w * 0.28, 1.2], [0.2, 0.02, 0.2], screen, false);
  for (const x of [-1, 1]) s.rod([x * l * 0.6, -0.1, 0.12], [x * l * 0.6, 0.1, 0.12], 0.12, dark, 0.12, 14);
  return s;
}

function carriageShape([l, w]) {
  const s = new Shape();
  s.box([0, 0, -0.14], [l * 0.86, w * 0.9, 0.12], accent, false);
  for (const x of [-1, 1]) s.box([x * l * 0.4, 0, 0.1], [0.1, w * 0.5, 0.55], steel, false);
  for (const x of [-0.22, 0.22]) s.box([x * l, 0, -0.04], [0.12, w * 1.1, 0.06], dark, false);
  return s;
}

function personShape() {
  const s = new Shape();
  s.rod([0, 0, 0.82], [0, 0, 1.42], 0.16, cloth, 0.2, 12);
  s.rod([0, 0, 1.42], [0, 0, 1.5], 0.2, cloth, 0.08, 12);
  s.rod([0, 0, 1.5], [0, 0, 1.74], 0.09, skin, 0.1, 12);
  s.rod([0, 0, 1.68], [0, 0, 1.78], 0.125, helmet, 0.08, 14);
  s.box([0.06, 0, 1.69], [0.2, 0.2, 0.02], helmet, false);
  s.box([0.165, 0, 1.2], [0.02, 0.24, 0.06], panel, false);
  for (const y of [-0.24, 0.24]) s.rod([0, y, 0.85], [0, y * 0.92, 1.4], 0.045, cloth, 0.06, 8);
  return s;
}

function legShape() {
  const s = new Shape();
  s.rod([0, 0, 0], [0, 0, -0.78], 0.085, base, 0.06, 10);
  s.box([0.05, 0, -0.81], [0.24, 0.09, 0.07], dark, false);
  return s;
}

const q = new Quaternion();
const tilt = new Quaternion();
const AXIS_Y = new Vector3(0, 1, 0);
const p = new Vector3();
const one = new Vector3(1, 1, 1);
const stretch = new Vector3(1, 1, 1);
const m = new Matrix4();

export class Movers {
  constructor(scene, groups) {
    this.list = scene.movers;
    this.parts = [];
    this.material = new MeshLambertMaterial({ vertexColors: true });
    const kinds = new Map();
    this.list.forEach((mover, i) => {
      const key = `${mover.kind}|${mover.size}`;
      kinds.set(key, [...(kinds.get(key) ?? []), i]);
    });
    for (const members of kinds.values()) this.addKind(this.list[members[0]], members, groups);
  }

  addKind({ kind, size }, members, groups) {
    if (kind === 'agv') this.add(groups.agvs, vehicleShape(size), members, placed);
    if (kind === 'crane') {
      this.add(groups.agvs, cartShape(size), members, onFloor);
      this.add(groups.agvs, mastShape(size), members, standing);
      this.add(groups.agvs, carriageShape(size), members, placed);
    }
    if (kind === 'worker') {
      this.add(groups.people, personShape(), members, placed);
      this.add(groups.people, legShape(), members, leg(1));
      this.add(groups.people, legShape(), members, leg(-1));
    }
  }

  add(group, shape, members, place) {
    const mesh = new InstancedMesh(shape.geometry(), this.material, members.length);
    mesh.frustumCulled = false;
    group.add(mesh);
    this.parts.push({ mesh, members, place });
  }

  pose(poses) {
    for (const { mesh, members, place } of this.parts) {
      let shown = 0;
      for (const i of members) {
        if (!poses[i].shown) continue;
        mesh.setMatrixAt(shown, place(poses[i], this.list[i]));
        shown += 1;
      }
      mesh.count = shown;
      mesh.instanceMatrix.needsUpdate = true;
    }
  }
}

function turned(pose) {
  return q.setFromAxisAngle(UP, (pose.heading_deg * Math.PI) / 180);
}

function placed(pose) {
  return m.compose(p.set(pose.x, pose.y, pose.z), turned(pose), one);
}

function onFloor(pose) {
  return m.compose(p.set(pose.x, pose.y, 0), turned(pose), one);
}

function standing(pose, mover) {
  return m.compose(p.set(pose.x, pose.y, 0), turned(pose), stretch.set(1, 1, mover.height));
}

const leg = (side) => (pose) => {
  turned(pose);
  const swing = pose.moving ? Math.sin(pose.walked_m * 4.2) * 0.45 * side : 0;
  p.set(0, side * 0.1, 0.84).applyQuaternion(q).add({ x: pose.x, y: pose.y, z: pose.z });
  q.multiply(tilt.setFromAxisAngle(AXIS_Y, swing));
  return m.compose(p, q, one);
};

