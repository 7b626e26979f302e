// Everything that flows: coils, magazines, trays, boxes and single pieces, one instanced mesh each.
import { InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from 'three';
import { LOOK } from './look.js';
import { Shape } from './shape.js';

const { foil, dark, tray, product, box, steel, copper, panel } = LOOK;

// Carriers in their own frame: origin at the centre of their underside.
const CARRIERS = {
  coil(s, [l, w, h]) {
    const r = Math.min(l, h) / 2;
    s.rod([0, -w / 2, r + 0.02], [0, w / 2, r + 0.02], r, foil, r, 22);
    s.rod([0, -w * 0.7, r + 0.02], [0, w * 0.7, r + 0.02], 0.09, dark, 0.09, 10);
    for (const x of [-1, 1]) s.box([x * r * 0.7, 0, 0.05], [0.12, w * 1.1, 0.1], steel, false);
  },
  magazine(s, [l, w, h]) {
    s.box([0, 0, 0.03], [l, w, 0.06], dark, false);
    for (const x of [-1, 1]) {
      for (const y of [-1, 1]) s.box([x * (l / 2 - 0.02), y * (w / 2 - 0.02), h / 2], [0.04, 0.04, h], steel, false);
    }
    s.box([0, 0, h * 0.42], [l * 0.84, w * 0.84, h * 0.72], copper, false);
  },
  tray(s, [l, w, h]) {
    s.box([0, 0, 0.03], [l, w, 0.06], tray, false);
    for (const x of [-1, 1]) s.box([x * (l / 2 - 0.015), 0, h * 0.45], [0.03, w, h * 0.9], tray, false);
    for (const y of [-1, 1]) s.box([0, y * (w / 2 - 0.015), h * 0.3], [l, 0.03, h * 0.6], tray, false);
    s.box([0, 0, h * 0.42], [l * 0.88, w * 0.86, h * 0.7], product, false);
  },
  box(s, [l, w, h]) {
    s.box([0, 0, h / 2], [l, w, h], box, false);
    s.box([0, 0, h + 0.002], [l, 0.07, 0.006], panel, false);
  },
  none(s, [l, w, h]) {
    s.box([0, 0, Math.max(h, 0.03) / 2], [l, w, Math.max(h, 0.03)], product, false);
    for (const y of [-0.3, 0.3]) s.box([l / 2 + 0.02, y * w, h / 2], [0.06, w * 0.25, 0.012], copper, false);
  },
};

const MINIMUM = 64;
// With more lots than this in the plant, each is drawn as a box.
const MANY = 6000;

function plain({ carrier, size: [l, w, h] }) {
  const s = new Shape();
  s.box([0, 0, h / 2], [l, w, h], { coil: foil, magazine: copper, tray, box }[carrier] ?? product, false);
  return s.geometry();
}

const m = new Matrix4();
const q = new Quaternion();
const p = new Vector3();
const one = new Vector3(1, 1, 1);
const UP = new Vector3(0, 0, 1);

export class Products {
  constructor(scene, group) {
    this.group = group;
    this.material = new MeshLambertMaterial({ vertexColors: true });
    this.sets = scene.items.map((item) => {
      const s = new Shape();
      CARRIERS[item.carrier](s, item.size);
      return { geometry: s.geometry(), plain: plain(item), mesh: null, count: 0 };
    });
  }

  begin() {
    for (const set of this.sets) set.count = 0;
  }

  // Add one lot of an item, standing at a point with a heading.
  add(item, x, y, z, headingDeg) {
    q.setFromAxisAngle(UP, (headingDeg * Math.PI) / 180);
    this.addMatrix(item, m.compose(p.set(x, y, z), q, one));
  }

  addMatrix(item, matrix) {
    const set = this.sets[item];
    if (!set) return;
    if (!set.mesh || set.count >= set.mesh.instanceMatrix.count) this.grow(set);
    set.mesh.setMatrixAt(set.count, matrix);
    set.count += 1;
  }

  grow(set) {
    const old = set.mesh;
    set.mesh = new InstancedMesh(set.geometry, this.material, Math.max(MINIMUM, set.count * 2));
    set.mesh.frustumCulled = false;
    if (old) {
      set.mesh.instanceMatrix.array.set(old.instanceMatrix.array);
      this.group.remove(old);
      old.dispose();
    }
    this.group.add(set.mesh);
  }

  end() {
    const many = this.sets.reduce((n, set) => n + set.count, 0) > MANY;
    for (const { mesh, count, geometry, plain: box } of this.sets) {
      if (!mesh) continue;
      mesh.geometry = many ? box : geometry;
      mesh.count = count;
      mesh.visible = count > 0;
      mesh.instanceMatrix.needsUpdate = true;
    }
  }
}
