// Six-axis robots: links between the joint origins of the model, posed by forward kinematics.
import { InstancedMesh, Matrix4, Vector3 } from 'three';
import { LOOK } from './look.js';
import { Shape } from './shape.js';

const { body, base, dark, steel, metal, accent } = LOOK;
const RADII = [1.55, 1.25, 1.0, 0.85, 0.62, 0.5, 0.42];

const scaled = (v, f) => v.map((c) => c * f);
const long = (v) => Math.hypot(...v);

// The drawn body of one link: a housing about its joint axis, and an arm to the next joint.
function linkShape(model, k) {
  const s = new Shape();
  const r = model.link_radius * RADII[k];
  const next = k < 6 ? model.joints[k].origin : model.flange;
  if (k > 0) {
    const axis = scaled(model.joints[k - 1].axis, r * (k < 5 ? 1.25 : 0.9));
    s.rod(scaled(axis, -1), axis, r * 0.95, k % 2 ? steel : base, r * 0.95, 18);
  }
  if (long(next) > 1e-6) s.rod([0, 0, 0], next, r * 0.82, body, r * (k < 6 ? 0.62 : 0.8), 16);
  if (k === 0) pedestalFoot(s, r);
  if (k === 2 || k === 4) {
    const along = scaled(next, 0.5);
    s.box(along, k === 2 ? [r * 1.1, r * 1.5, r * 1.1] : [r * 1.6, r * 1.2, r * 1.2], accent, false);
  }
  return s;
}

function pedestalFoot(s, r) {
  s.box([0, 0, 0.03], [r * 3.4, r * 3.4, 0.06], base, false);
  s.rod([0, 0, 0.06], [0, 0, 0.2], r * 1.45, dark, r * 1.2, 20);
}

// The tool hangs along +x of the last link's flange direction; its tip is `length` away.
function toolShape(kind, flange, length) {
  const s = new Shape();
  const out = scaled(flange, 1 / (long(flange) || 1));
  const at = (d) => flange.map((c, i) => c + out[i] * d);
  const side = Math.abs(out[2]) > 0.9 ? [0, 1, 0] : [0, 0, 1];
  const third = [out[1] * side[2] - out[2] * side[1], out[2] * side[0] - out[0] * side[2],
    out[0] * side[1] - out[1] * side[0]];
  const spot = (d, a, b) => at(d).map((c, i) => c + a * side[i] + b * third[i]);
  s.rod(at(0), at(length * 0.55), 0.035, dark, 0.035, 12);
  const wide = kind === 'vacuum_8' ? 0.34 : 0.13;
  const deep = kind === 'vacuum_8' ? 0.16 : 0.07;
  if (kind === 'finger') {
    for (const a of [-0.05, 0.05]) s.rod(spot(length * 0.5, a, 0), spot(length, a, 0), 0.018, metal, 0.012, 8);
    return s;
  }
  const plate = length * 0.62;
  s.rod(spot(plate, -wide, 0), spot(plate, wide, 0), 0.03, metal, 0.03, 8);
  const cups = kind === 'vacuum_8' ? [-1, -1 / 3, 1 / 3, 1] : [-1, 1];
  for (const a of cups) {
    s.rod(spot(plate, a * wide, -deep), spot(plate, a * wide, deep), 0.02, metal, 0.02, 8);
    for (const b of [-deep, deep]) {
      s.rod(spot(plate, a * wide, b), spot(length - 0.03, a * wide, b), 0.015, steel, 0.015, 8);
      s.rod(spot(length - 0.03, a * wide, b), spot(length, a * wide, b), 0.02, dark, 0.04, 10);
    }
  }
  return s;
}

const turn = new Matrix4();
const shift = new Matrix4();
const axis = new Vector3();

export class Robots {
  constructor(scene, group, surface) {
    this.list = scene.robots;
    this.chains = this.list.map(() => Array.from({ length: 8 }, () => new Matrix4()));
    this.sets = [];
    const material = surface({ roughness: 0.55, metalness: 0.1 });
    for (const [name, model] of Object.entries(scene.robot_models)) {
      const members = this.list.map((r, i) => [r, i]).filter(([r]) => r.model === name).map(([, i]) => i);
      for (let k = 0; k <= 6 && members.length; k += 1) {
        this.add(group, linkShape(model, k).geometry(), material, members, k);
      }
      this.addTools(group, material, members, model);
    }
  }

  addTools(group, material, members, model) {
    const kinds = new Map();
    for (const i of members) {
      const key = `${this.list[i].tool}|${this.list[i].tool_length}`;
      kinds.set(key, [...(kinds.get(key) ?? []), i]);
    }
    for (const same of kinds.values()) {
      const { tool, tool_length: length } = this.list[same[0]];
      this.add(group, toolShape(tool, model.flange, length).geometry(), material, same, 6);
    }
  }

  add(group, geometry, material, members, link) {
    const mesh = new InstancedMesh(geometry, material, members.length);
    mesh.castShadow = false;
    mesh.frustumCulled = false;
    group.add(mesh);
    this.sets.push({ mesh, members, link });
  }

  // Forward kinematics: frames 0..6 and the tool tip (7) of every robot, from joint angles.
  pose(models, angles) {
    this.list.forEach((robot, i) => {
      const model = models[robot.model];
      const chain = this.chains[i];
      chain[0].makeRotationZ((robot.heading_deg * Math.PI) / 180).setPosition(...robot.position);
      model.joints.forEach((joint, k) => {
        shift.makeTranslation(...joint.origin);
        turn.makeRotationAxis(axis.fromArray(joint.axis), (angles[i][k] * Math.PI) / 180);
        chain[k + 1].copy(chain[k]).multiply(shift).multiply(turn);
      });
      const reach = 1 + robot.tool_length / (long(model.flange) || 1);
      chain[7].copy(chain[6]).multiply(shift.makeTranslation(...scaled(model.flange, reach)));
    });
    for (const { mesh, members, link } of this.sets) {
      members.forEach((i, n) => mesh.setMatrixAt(n, this.chains[i][link]));
      mesh.instanceMatrix.needsUpdate = true;
    }
  }
}
